package org.symbolon.http.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionChallenge;
import org.symbolon.session.Decision;
import org.symbolon.session.Reason;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/**
 * The dialect that all gateways understand: a status, no body, and every identity field in every
 * reply. An absent field would let a client's own through to the application.
 */
final class Identity {
  private static final Map<String, String> NOBODY = fields("", "", "", "", "", "");

  private Identity() {}

  static Reply reply(Decision decision) {
    return switch (decision) {
      case Decision.Allow(Session session, var _, var _) -> Reply.empty(200).with(of(session));
      case Decision.Deny(Reason reason) ->
          Reply.empty(401).with(NOBODY).with("WWW-Authenticate", SessionChallenge.of(reason));
      case Unavailable _ -> Reply.empty(503).with(NOBODY).with("Retry-After", "1");
    };
  }

  /** The request itself is not acceptable. */
  static Reply unacceptable() {
    return Reply.empty(403).with(NOBODY);
  }

  private static Map<String, String> of(Session session) {
    return fields(
        session.subject().value(),
        session.handle().toString(),
        session.tenant().value(),
        session.authentication().acr(),
        String.join(",", session.authentication().amr()),
        Long.toString(session.authentication().time().getEpochSecond()));
  }

  private static Map<String, String> fields(
      String user, String handle, String tenant, String level, String methods, String time) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("X-Session-User", user);
    fields.put("X-Session-Handle", handle);
    fields.put("X-Session-Tenant", tenant);
    fields.put("X-Session-Auth-Level", level);
    fields.put("X-Session-Auth-Methods", methods);
    fields.put("X-Session-Auth-Time", time);
    fields.put("X-Session-Rotated", "0");
    fields.put("X-Session-Assertion", "");
    return fields;
  }
}
