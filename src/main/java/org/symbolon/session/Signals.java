package org.symbolon.session;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Compares who presents an ID with the device that its session was issued to. */
final class Signals {
  private final SessionIds ids;
  private final UnaryOperator<String> network;

  /**
   * @param network the network of an address, as {@link Device#networkHash} was made of; empty for
   *     none
   */
  Signals(SessionIds ids, UnaryOperator<String> network) {
    this.ids = ids;
    this.network = network;
  }

  /**
   * {@code user-agent}, {@code network}, {@code both} or {@code none}: what differs. Nothing does
   * of a presenter of whom nothing is known, as where a backend asks about an ID.
   */
  String difference(Session session, Presenter presenter) {
    if (presenter.equals(Presenter.UNKNOWN)) {
      return "none";
    }
    Device device = session.device();
    boolean userAgent = differs(device.userAgentHash(), presenter.userAgent());
    boolean net = differs(device.networkHash(), network.apply(presenter.address()));
    return userAgent ? net ? "both" : "user-agent" : net ? "network" : "none";
  }

  /** Both parties: the presenter's families are in the event, the session's own are these. */
  Map<String, String> detail(Session session, String difference, int presented) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("differs", difference);
    detail.put("presented_generation", Integer.toString(presented));
    detail.put("current_generation", Integer.toString(session.generation()));
    detail.putAll(party(session));
    return detail;
  }

  /** Whom a session was issued to, as far as it is kept. */
  static Map<String, String> party(Session session) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("session_browser", session.device().browser().name().toLowerCase(Locale.ROOT));
    detail.put("session_platform", session.device().platform().name().toLowerCase(Locale.ROOT));
    detail.put("session_user_agent_hash", hex(session.device().userAgentHash()));
    detail.put("session_network_hash", hex(session.device().networkHash()));
    detail.put("session_last_seen", session.lastSeenAt().toString());
    return detail;
  }

  private boolean differs(int kept, String shown) {
    return kept != 0 && kept != ids.signalHash(shown);
  }

  static String hex(int hash) {
    return String.format(Locale.ROOT, "%08x", hash);
  }
}
