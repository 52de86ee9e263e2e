package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.Shards;

/**
 * Three nodes over a Cluster of three masters with a replica each, under load, while every slot
 * moves to another master and masters die: no acknowledged revocation is undone, no live session is
 * denied, and what fails does so while a master is replaced. {@code -Dfaults.failovers=3} has all
 * of them die.
 */
class ReshardTest {
  private static final int LIVE = 100;
  private static final int DOOMED = 1000;

  @TempDir private Path folder = Path.of("");

  @Test
  void slotsMoveAndMastersDieWithoutAScratch() throws Exception {
    int failovers = Integer.getInteger("faults.failovers", 1);
    Checker.Verdict verdict;
    try (Shards shards = new Shards();
        FaultRun run = new FaultRun(shards.servers(), folder, Build.whole(), "reshard")) {
      Load load = run.load();
      List<Runnable> moves = shards.moves(3);
      for (int i = 0; i < moves.size(); i++) {
        List<Load.Session> sessions = load.issue(LIVE + DOOMED);
        shards.awaitWhole();
        load.end(sessions.subList(LIVE, sessions.size()));
        long start = System.nanoTime();
        moves.get(i).run();
        System.out.printf("a third of the slots moved in %.1f s%n", seconds(start));
        shards.awaitWhole();
        if (i < failovers) {
          replace(shards, i, run.history());
        }
        load.endNoMore();
        Rounds.pause(Duration.ofMillis(1500));
      }
      verdict = run.verdict();
    }
    Map<Checker.Fault, Long> counts = verdict.counts();
    counts.remove(Checker.Fault.REFUSED_WITHOUT_OUTAGE);
    assertThat(counts).as("as in %s", verdict.violations().stream().limit(5).toList()).isEmpty();
    assertThat(verdict.failed()).isLessThanOrEqualTo(verdict.calm() / 1000);
    assertThat(verdict.acknowledged()).isGreaterThan(100);
    assertThat(verdict.proofs()).isGreaterThan(100);
  }

  /** One dies; while it is down its successor has no replica, and no revocation is durable. */
  private static void replace(Shards shards, int number, History history) {
    long began = System.nanoTime();
    Runnable rejoin = shards.failover(number);
    System.out.printf("its replica took a master's place after %.1f s%n", seconds(began));
    Rounds.pause(Duration.ofMillis(1500));
    rejoin.run();
    long over = System.nanoTime();
    history.add(Event.outage(began, over + FaultRun.RECOVERY.toNanos(), Event.ALL));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
