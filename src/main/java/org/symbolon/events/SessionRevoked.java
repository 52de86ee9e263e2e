package org.symbolon.events;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Ends of sessions as CAEP {@code session-revoked} (CAEP 1.0 section 3.1) in Security Event Tokens
 * (RFC 8417) for one receiver. The {@code jti} is the entry of the audit stream, the same each time
 * it is told. What ended no sessions, everybody's, or all but one is not told, nor what followed
 * from such an event.
 */
public final class SessionRevoked {
  private static final String EVENT =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

  private final String issuer;
  private final String audience;
  private final EventSigner signer;

  public SessionRevoked(String issuer, String audience, EventSigner signer) {
    this.issuer = issuer;
    this.audience = audience;
    this.signer = signer;
  }

  /** Whether a message is such an end. */
  static boolean isTold(Message message) {
    Map<String, String> fields = message.fields();
    return fields.containsKey("tenant") && !isLess(fields) && !isEcho(fields);
  }

  /**
   * The token of a message that {@link #isTold}, signed anew.
   *
   * @throws RuntimeException for another
   */
  String token(Message message) {
    Map<String, String> fields = message.fields();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", audience);
    // Not when it is signed: what is told late, or again, happened no later for that.
    claims.put("iat", at(fields));
    claims.put("jti", message.id());
    claims.put("sub_id", subject(fields));
    claims.put("events", Map.of(EVENT, event(fields)));
    return signer.sign("secevent+jwt", claims);
  }

  /** When it happened, in seconds. */
  private static long at(Map<String, String> fields) {
    return Instant.parse(fields.getOrDefault("at", "")).getEpochSecond();
  }

  /** Whether nothing was ended, or something was spared that can't be named. */
  private static boolean isLess(Map<String, String> fields) {
    return fields.getOrDefault("detail.reaction", "").equals("report")
        || fields.containsKey("detail.kept");
  }

  /** Whether it followed from a security event: two that tell each other would go on for ever. */
  private static boolean isEcho(Map<String, String> fields) {
    return fields.containsKey("detail.sender")
        && !Notice.Kind.LOGOUT.code().equals(fields.get("detail.kind"));
  }

  /** A complex subject (SSF 1.0 section 3.2) of what is known: tenant, user, session. */
  private static Map<String, Object> subject(Map<String, String> fields) {
    Map<String, Object> subject = new LinkedHashMap<>();
    subject.put("format", "complex");
    Map.of("user", "subject", "session", "handle", "tenant", "tenant")
        .forEach(
            (part, field) ->
                Optional.ofNullable(fields.get(field))
                    .ifPresent(
                        value -> subject.put(part, Map.of("format", "opaque", "id", value))));
    return subject;
  }

  private static Map<String, Object> event(Map<String, String> fields) {
    String reason = fields.getOrDefault("detail.reason", fields.getOrDefault("action", ""));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_timestamp", at(fields));
    event.put(
        "initiating_entity",
        switch (reason) {
          case "logout", "logout_elsewhere" -> "user";
          case "admin", "campaign" -> "admin";
          default -> "policy";
        });
    event.put("reason_admin", Map.of("en", reason));
    return event;
  }
}
