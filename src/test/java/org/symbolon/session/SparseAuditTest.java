package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SparseAuditTest {
  private final List<AuditEvent> recorded = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SparseAudit sparse =
      new SparseAudit(recorded::add, AuditEvent.Action.LOGIN_REFUSED, 10, () -> now);

  private AuditEvent event(AuditEvent.Action action) {
    return new AuditEvent(
        now,
        action,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Presenter.UNKNOWN,
        Map.of());
  }

  @Test
  void takesSoManyASecondAndSaysHowManyItLeftOut() {
    for (int i = 0; i < 1000; i++) {
      sparse.record(event(AuditEvent.Action.LOGIN_REFUSED));
    }
    assertThat(recorded).hasSize(10);
    now = now.plusSeconds(1);
    sparse.record(event(AuditEvent.Action.LOGIN_REFUSED));
    assertThat(recorded.getLast().detail()).containsEntry("left_out", "990");
  }

  @Test
  void everyOtherActionPasses() {
    for (int i = 0; i < 1000; i++) {
      sparse.record(event(AuditEvent.Action.SESSION_REVOKED));
    }
    assertThat(recorded).hasSize(1000);
  }
}
