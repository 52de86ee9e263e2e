package org.symbolon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Handle;
import org.symbolon.session.Presenter;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

class AuditLinesTest {
  private static AuditEvent event(String userAgent) {
    return new AuditEvent(
        Instant.parse("2026-11-24T03:00:00Z"),
        AuditEvent.Action.SESSION_REVOKED,
        Optional.of(Tenant.DEFAULT),
        Optional.of(new Subject("alice")),
        Optional.of(new Handle(1, 2)),
        new Presenter("192.0.2.1", userAgent, "nginx"),
        Map.of("reason", "logout"));
  }

  @Test
  void anEventIsOneLineWithItsFields() throws IOException {
    JsonNode line = new JsonMapper().readTree(AuditLines.line(event("curl/8")));
    assertThat(line.get("@timestamp").asText()).isEqualTo("2026-11-24T03:00:00Z");
    assertThat(line.get("event.action").asText()).isEqualTo("session.revoked");
    assertThat(line.get("user.id").asText()).isEqualTo("alice");
    assertThat(line.get("session.handle").asText()).isEqualTo(new Handle(1, 2).toString());
    assertThat(line.get("client.address").asText()).isEqualTo("192.0.2.1");
    assertThat(line.get("detail.reason").asText()).isEqualTo("logout");
  }

  @Test
  void hostileTextStaysInsideItsField() throws IOException {
    String hostile = "a\"\r\n{\"event.action\":\"forged\"}\u001b[31m";
    String line = AuditLines.line(event(hostile));
    assertThat(line).doesNotContain("\n", "\r", "\u001b");
    assertThat(new JsonMapper().readTree(line).get("user_agent.original").asText())
        .isEqualTo(hostile);
  }
}
