package org.symbolon.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a stream signs. Nobody listens; each is an attempt in vain. */
class EventStreamClaimsTest {
  private static final String AT = "2026-11-20T05:00:00.250Z";

  private final List<Map<String, Object>> signed = new ArrayList<>();

  private Target.Answer tell(Map<String, String> further) throws InterruptedException {
    Map<String, String> fields = new HashMap<>(further);
    fields.put("action", "subject.revoked");
    fields.put("at", AT);
    fields.put("tenant", "default");
    fields.put("subject", "anna");
    try (EventStream stream =
        new EventStream(
            // Port 1 needs privileges that no listener of a test has.
            URI.create("http://127.0.0.1:1/"),
            Optional.empty(),
            new SessionRevoked(
                "symbolon",
                "shop",
                (_, claims) -> {
                  signed.add(claims);
                  return "x";
                }),
            Duration.ofSeconds(5))) {
      return stream.tell(new Message("1-0", fields));
    }
  }

  @Test
  void theTimeIsTheEventsOwnAtEveryAttempt() throws Exception {
    tell(Map.of("detail.reason", "admin"));
    tell(Map.of("detail.reason", "admin"));
    assertThat(signed)
        .hasSize(2)
        .allMatch(
            claims -> Long.valueOf(Instant.parse(AT).getEpochSecond()).equals(claims.get("iat")));
    assertThat(signed.getLast()).isEqualTo(signed.getFirst());
  }

  @Test
  void whatFollowedFromASecurityEventIsNotToldOn() throws Exception {
    assertThat(tell(Map.of("detail.sender", "https://idp.test", "detail.kind", "session-revoked")))
        .isInstanceOf(Target.Accepted.class);
    assertThat(signed).isEmpty();
  }

  /** Nobody is told of an end by a logout token, so that none comes back. */
  @Test
  void aProvidersLogoutIsToldOn() throws Exception {
    tell(Map.of("detail.sender", "https://idp.test", "detail.kind", "logout"));
    assertThat(signed).hasSize(1);
  }
}
