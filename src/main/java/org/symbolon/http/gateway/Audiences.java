package org.symbolon.http.gateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.symbolon.http.Exchange;

/**
 * Says for which application an assertion is. Only trusted gateways get any: whoever could ask for
 * one directly could show it to an application without the gateway.
 */
public final class Audiences {
  /** No application gets any. */
  public static final Audiences NONE = new Audiences(Map.of(), Map.of());

  private final Map<String, String> ofHosts;
  private final Map<Profile, String> ofProfiles;

  /**
   * @param ofHosts by an application's host without a port, in lower case
   * @param ofProfiles where the host is none of those
   */
  public Audiences(Map<String, String> ofHosts, Map<Profile, String> ofProfiles) {
    this.ofHosts = Map.copyOf(ofHosts);
    this.ofProfiles = Map.copyOf(ofProfiles);
  }

  /** Whether nobody gets any. */
  public boolean isEmpty() {
    return ofHosts.isEmpty() && ofProfiles.isEmpty();
  }

  /** The application that a request is for; null where it gets none. */
  @Nullable String of(Exchange exchange, Profile profile) {
    if (isEmpty() || profile == Profile.DIRECT || !exchange.hop().trusted()) {
      return null;
    }
    String audience =
        ofHosts.isEmpty() ? null : ofHosts.get(RouteDemands.bare(exchange.hop().authority()));
    return audience == null ? ofProfiles.get(profile) : audience;
  }
}
