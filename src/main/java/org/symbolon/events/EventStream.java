package org.symbolon.events;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.symbolon.session.SecretText;

/**
 * Pushes each end of sessions as a CAEP {@code session-revoked} (CAEP 1.0 section 3.1), a Security
 * Event Token (RFC 8417) by RFC 8935. The {@code jti} is the same at every attempt. What ended no
 * sessions, everybody's, or all but one is passed over, and what followed from such an event.
 */
public final class EventStream implements Target, AutoCloseable {
  private static final String REVOKED =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

  private final Post post;
  private final Optional<SecretText> authorization;
  private final String issuer;
  private final String audience;
  private final EventSigner signer;

  /**
   * @param authorization the value of the field of that name, where the receiver asks for one
   * @throws IllegalArgumentException for an address that is neither https nor on this machine
   */
  public EventStream(
      URI uri,
      Optional<SecretText> authorization,
      String issuer,
      String audience,
      EventSigner signer,
      Duration timeout) {
    this.post = new Post(uri, timeout);
    this.authorization = authorization;
    this.issuer = issuer;
    this.audience = audience;
    this.signer = signer;
  }

  @Override
  public Answer tell(Message message) throws InterruptedException {
    Optional<Map<String, Object>> subject = subject(message.fields());
    if (subject.isEmpty() || isLess(message.fields()) || isEcho(message.fields())) {
      return new Accepted();
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("aud", audience);
    // Not when it is signed: what is told late, or again, happened no later for that.
    claims.put("iat", at(message.fields()));
    claims.put("jti", message.id());
    claims.put("sub_id", subject.get());
    claims.put("events", Map.of(REVOKED, event(message.fields())));
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Accept", "application/json");
    authorization.ifPresent(value -> fields.put("Authorization", value.reveal()));
    return post.send("application/secevent+jwt", fields, signer.sign("secevent+jwt", claims));
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
  private static Optional<Map<String, Object>> subject(Map<String, String> fields) {
    if (!fields.containsKey("tenant")) {
      return Optional.empty();
    }
    Map<String, Object> subject = new LinkedHashMap<>();
    subject.put("format", "complex");
    Map.of("user", "subject", "session", "handle", "tenant", "tenant")
        .forEach(
            (part, field) -> {
              if (fields.containsKey(field)) {
                subject.put(part, Map.of("format", "opaque", "id", fields.get(field)));
              }
            });
    return Optional.of(subject);
  }

  private static Map<String, Object> event(Map<String, String> fields) {
    String reason = fields.getOrDefault("detail.reason", fields.getOrDefault("action", ""));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_timestamp", at(fields));
    event.put(
        "initiating_entity",
        switch (reason) {
          case "logout", "logout_elsewhere" -> "user";
          case "admin" -> "admin";
          default -> "policy";
        });
    event.put("reason_admin", Map.of("en", reason));
    return event;
  }

  @Override
  public void close() {
    post.close();
  }
}
