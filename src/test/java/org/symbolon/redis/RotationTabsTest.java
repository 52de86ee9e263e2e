package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Decision;
import org.symbolon.session.Handle;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.Subject;
import org.symbolon.session.Unavailable;

/**
 * Browsers of twenty tabs each, of whose replies one in ten is lost, and of whose requests one in
 * twenty is delivered twice and some are overtaken by others that were sent later. An outage is no
 * denial: its requests are lost. {@code -Dsymbolon.rotations} says how many rotations, {@code
 * -Dsymbolon.seed} which random choices.
 */
class RotationTabsTest {
  private static final int TABS = 20;
  private static final int OVERTAKEN = 5;
  private static final int BROWSERS = 20;
  private static final Duration AGE = Duration.ofMinutes(15);
  private static final long ROTATIONS = Long.getLong("symbolon.rotations", 400);

  private final long seed = Long.getLong("symbolon.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  @Test
  void raiseNoAlarmAndLoseNoSession() {
    Result result = run(Duration.ofSeconds(10), ROTATIONS);
    assertThat(result.replies().denied()).as("seed " + seed).isZero();
    assertThat(result.replies().outages())
        .as("seed " + seed)
        .isLessThan(result.replies().all() / 100);
    assertThat(result.node().counts.of(RotationOutcome.REUSE)).as("seed " + seed).isZero();
    assertThat(result.node().counts.of(RotationOutcome.REISSUED)).isPositive();
    assertThat(result.node().counts.of(RotationOutcome.OVERLAP)).isPositive();
    assertThat(result.node().counts.of(RotationOutcome.ISSUED))
        .isGreaterThanOrEqualTo((int) ROTATIONS);
  }

  @Test
  void raiseAlarmsWithoutAnOverlap() {
    Result result = run(Duration.ZERO, BROWSERS * 3);
    assertThat(result.node().counts.of(RotationOutcome.REUSE)).as("seed " + seed).isPositive();
    assertThat(result.replies().denied()).as("seed " + seed).isPositive();
  }

  private record Result(UseCases node, Replies replies) {}

  private Result run(Duration overlap, long rotations) {
    try (OpenStore store = new OpenStore(RedisServers.shared(RedisSettings.Mode.STANDALONE))) {
      UseCases node =
          new UseCases(
              store.store,
              UseCases.policy(Duration.ofDays(100), Duration.ofDays(400), AGE, overlap),
              () -> now,
              new SecureRandom());
      Replies sum = Replies.NONE;
      List<Browser> browsers = new ArrayList<>();
      for (int round = 0;
          node.counts.of(RotationOutcome.ISSUED) < rotations && sum.denied() == 0;
          round++) {
        if (round % 20_000 == 0) {
          // A session has 65,536 generations and here 400 days.
          store.at(now);
          browsers.clear();
          for (int i = 0; i < BROWSERS; i++) {
            browsers.add(new Browser(node.login(subject())));
          }
        }
        if (round % 1_000 == 0) {
          report(node, sum);
        }
        now = now.plus(AGE).plusSeconds(1);
        store.at(now);
        List<List<String>> late = new ArrayList<>();
        List<CompletionStage<Decision>> replies = new ArrayList<>();
        for (Browser browser : browsers) {
          String wire = browser.jar.get();
          late.add(Collections.nCopies(OVERTAKEN, wire));
          for (int tab = OVERTAKEN; tab < TABS; tab++) {
            send(node, browser, wire, replies);
          }
        }
        sum = sum(sum, replies, store);
        replies.clear();
        now = now.plusMillis(500);
        store.at(now);
        for (int i = 0; i < browsers.size(); i++) {
          Browser browser = browsers.get(i);
          for (int tab = 0; tab < TABS; tab++) {
            send(node, browser, browser.jar.get(), replies);
            if (tab < OVERTAKEN) {
              send(node, browser, late.get(i).get(tab), replies);
            }
          }
        }
        sum = sum(sum, replies, store);
      }
      report(node, sum);
      return new Result(node, sum);
    }
  }

  private void report(UseCases node, Replies sum) {
    System.out.println("-Dsymbolon.seed=" + seed + ": " + sum + " " + node.counts.rotations);
  }

  private static Replies sum(
      Replies before, List<CompletionStage<Decision>> replies, OpenStore store) {
    Replies sum = before.and(replies);
    if (sum.outages() > before.outages()) {
      assertThat(
              RedisServers.isWithin(
                  Duration.ofMinutes(10),
                  () -> !(store.find(new Handle(0, 0)) instanceof Unavailable)))
          .isTrue();
    }
    return sum;
  }

  private void send(
      UseCases node, Browser browser, String wire, List<CompletionStage<Decision>> replies) {
    replies.add(browser.send(node, wire, random.nextInt(10) == 0));
    if (random.nextInt(20) == 0) {
      replies.add(browser.send(node, wire, true));
    }
  }

  private Subject subject() {
    return new Subject("tabs-" + Long.toUnsignedString(random.nextLong(), 36));
  }
}
