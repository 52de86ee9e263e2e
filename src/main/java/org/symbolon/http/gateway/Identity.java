package org.symbolon.http.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionChallenge;
import org.symbolon.session.Decision;
import org.symbolon.session.Demand;
import org.symbolon.session.Reason;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/**
 * The dialect that all gateways understand: a status, no body, and every identity field in every
 * reply. An absent field would let a client's own through to the application.
 */
final class Identity {
  private static final String ASSERTION = "X-Session-Assertion";
  private static final Map<String, String> NOBODY = fields("", "", "", "", "", "", "0");

  private Identity() {}

  static Reply reply(Decision decision, Demand demand) {
    return switch (decision) {
      case Decision.Allow allow -> Reply.empty(200).with(of(allow));
      case Decision.Deny(Reason reason) when reason == Reason.INSUFFICIENT ->
          Reply.empty(401).with(NOBODY).with("WWW-Authenticate", SessionChallenge.of(demand));
      case Decision.Deny(Reason reason) when reason == Reason.CSRF ->
          Reply.empty(403)
              .with(NOBODY)
              .with("X-Session-Error", "csrf-token; field=X-CSRF-Token; mend=/v1/session/csrf");
      case Decision.Deny(Reason reason) ->
          Reply.empty(401).with(NOBODY).with("WWW-Authenticate", SessionChallenge.of(reason));
      case Unavailable _ -> Reply.empty(503).with(NOBODY).with("Retry-After", "1");
    };
  }

  /** The request itself is not acceptable. */
  static Reply unacceptable() {
    return Reply.empty(403).with(NOBODY);
  }

  /** The same with an application's assertion. */
  static Reply vouched(Reply allowed, String assertion) {
    return allowed.with(ASSERTION, assertion);
  }

  private static Map<String, String> of(Decision.Allow allow) {
    Session session = allow.session();
    return fields(
        session.subject().value(),
        session.handle().toString(),
        session.tenant().value(),
        session.authentication().acr(),
        String.join(",", session.authentication().amr()),
        Long.toString(session.authentication().time().getEpochSecond()),
        allow.successor().isPresent() ? "1" : "0");
  }

  private static Map<String, String> fields(
      String user,
      String handle,
      String tenant,
      String level,
      String methods,
      String time,
      String rotated) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("X-Session-User", user);
    fields.put("X-Session-Handle", handle);
    fields.put("X-Session-Tenant", tenant);
    fields.put("X-Session-Auth-Level", level);
    fields.put("X-Session-Auth-Methods", methods);
    fields.put("X-Session-Auth-Time", time);
    fields.put("X-Session-Rotated", rotated);
    fields.put(ASSERTION, "");
    return fields;
  }
}
