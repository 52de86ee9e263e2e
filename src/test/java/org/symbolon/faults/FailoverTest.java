package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.redis.Ensemble;

/**
 * Three nodes over three servers and three Sentinels, under load, while masters die in every way:
 * no acknowledged revocation is undone, no live session is denied, and only an outage is told of as
 * one. {@code -Dfaults.rounds=STOP,PARTITION} names other rounds, {@code -Dfaults.repeat=4} repeats
 * them. {@code -Dfaults.controls=true} plays them with builds that have to fail.
 */
class FailoverTest {
  private static final String USUAL = "KILL";

  @TempDir private Path folder = Path.of("");

  @Test
  void noAcknowledgedRevocationIsUndone() throws Exception {
    List<Rounds.Fault> rounds = new ArrayList<>();
    for (int i = 0; i < Integer.getInteger("faults.repeat", 1); i++) {
      for (String round : System.getProperty("faults.rounds", USUAL).split(",", -1)) {
        rounds.add(Rounds.Fault.valueOf(round));
      }
    }
    Checker.Verdict verdict = play(Build.whole(), rounds, "history");
    holds(verdict);
    assertThat(verdict.acknowledged()).isGreaterThan(50);
    assertThat(verdict.proofs()).isGreaterThan(100);
  }

  /** A machine that others keep busy makes timeouts of its own; they are few, and nothing else. */
  private static void holds(Checker.Verdict verdict) {
    Map<Checker.Fault, Long> counts = verdict.counts();
    long refused =
        Optional.ofNullable(counts.remove(Checker.Fault.REFUSED_WITHOUT_OUTAGE)).orElse(0L);
    assertThat(counts).as("as in %s", verdict.violations().stream().limit(5).toList()).isEmpty();
    assertThat(refused).isLessThanOrEqualTo(verdict.validates() / 1000);
  }

  /** A build without a promise, and the fault that shows it. */
  @SuppressWarnings("ImmutableEnumChecker") // A build's maps and lists are never changed.
  enum Control {
    WAIT_0_CRASH(Build.wait0(), Rounds.Fault.CRASH, false),
    WAIT_0_STALE(Build.wait0(), Rounds.Fault.STALE, true),
    WAIT_0_RESTORE(Build.wait0(), Rounds.Fault.RESTORE, true),
    WAIT_1_CRASH(Build.wait1(), Rounds.Fault.CRASH, false),
    WAIT_1_STALE(Build.wait1(), Rounds.Fault.STALE, true),
    WAIT_1_RESTORE(Build.wait1(), Rounds.Fault.RESTORE, true);

    private final Build build;
    private final Rounds.Fault fault;
    private final boolean isForgetful;

    /**
     * @param isForgetful whether the nodes remember no revocation, which would hide the fault
     */
    Control(Build build, Rounds.Fault fault, boolean isForgetful) {
      this.build = build;
      this.fault = fault;
      this.isForgetful = isForgetful;
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "faults.controls", matches = "true")
  void aBuildWithoutThePromiseFails(Control control) throws Exception {
    Build build = control.isForgetful ? control.build.forgetful() : control.build;
    Checker.Verdict verdict = play(build, List.of(control.fault), "control-" + control);
    assertThat(verdict.counts()).containsKey(Checker.Fault.REVOKED_AND_LET_IN);
  }

  private Checker.Verdict play(Build build, List<Rounds.Fault> rounds, String name)
      throws Exception {
    try (Ensemble ensemble = new Ensemble();
        FaultRun run = new FaultRun(ensemble.servers(), folder, build, name)) {
      Rounds faults = new Rounds(ensemble, run);
      rounds.forEach(faults::play);
      return run.verdict();
    }
  }
}
