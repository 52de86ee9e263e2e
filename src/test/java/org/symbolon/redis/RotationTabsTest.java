package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Counts;
import org.symbolon.session.Decision;
import org.symbolon.session.Device;
import org.symbolon.session.Issuance;
import org.symbolon.session.IssueSession;
import org.symbolon.session.Login;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationReports;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;

/**
 * Browsers of twenty tabs each, of whose replies one in ten is lost, and of whose requests one in
 * twenty is delivered twice and some are overtaken by others that were sent later. {@code
 * -Dsymbolon.rotations} says how many rotations.
 */
class RotationTabsTest {
  private static final int TABS = 20;
  private static final int OVERTAKEN = 5;
  private static final int BROWSERS = 20;
  private static final Duration AGE = Duration.ofMinutes(15);
  private static final long ROTATIONS = Long.getLong("symbolon.rotations", 400);

  private final PlainIds ids = new PlainIds();
  private final Counts counts = new Counts();
  private final Random random;
  private final long seed = Long.getLong("symbolon.seed", System.nanoTime());
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  RotationTabsTest() {
    random = new Random(seed);
  }

  @Test
  void raiseNoAlarmAndLoseNoSession() {
    Result result = run(Duration.ofSeconds(10), ROTATIONS);
    System.out.println("seed " + seed + ": " + result + " " + counts.rotations);
    assertThat(result.denied()).as("seed " + seed).isZero();
    assertThat(counts.of(RotationOutcome.REUSE)).as("seed " + seed).isZero();
    assertThat(counts.of(RotationOutcome.REISSUED)).isPositive();
    assertThat(counts.of(RotationOutcome.OVERLAP)).isPositive();
    assertThat(result.rotations()).isGreaterThanOrEqualTo(ROTATIONS);
  }

  @Test
  void raiseAlarmsWithoutAnOverlap() {
    Result result = run(Duration.ZERO, BROWSERS * 3);
    assertThat(counts.of(RotationOutcome.REUSE)).as("seed " + seed).isPositive();
    assertThat(result.denied()).as("seed " + seed).isPositive();
  }

  private record Result(long rotations, long requests, long denied) {}

  private Result run(Duration overlap, long rotations) {
    TieredPolicy policy =
        new TieredPolicy(
            new TieredPolicy.Tier(
                Optional.of(Duration.ofDays(100)),
                Optional.of(Duration.ofDays(400)),
                Optional.of(100),
                Optional.empty(),
                Optional.of(AGE),
                Optional.of(overlap),
                Optional.of(RotationPolicy.OnReuse.REVOKE_SESSION)),
            Map.of(),
            Map.of());
    try (OpenStore store = new OpenStore(RedisServers.shared(RedisSettings.Mode.STANDALONE))) {
      IssueSession issue =
          new IssueSession(ids, store.store, policy, _ -> {}, () -> now, new SecureRandom());
      ValidateSession validate =
          new ValidateSession(
              ids,
              store.store,
              policy,
              new RotationReports(ids, _ -> {}, counts, () -> now, a -> a));
      long requests = 0;
      long denied = 0;
      List<Browser> browsers = new ArrayList<>();
      for (int round = 0; counts.of(RotationOutcome.ISSUED) < rotations; round++) {
        if (round % 20_000 == 0) {
          // A session has 65,536 generations and here 400 days.
          store.at(now);
          browsers.clear();
          for (int i = 0; i < BROWSERS; i++) {
            browsers.add(new Browser(ids, validate, login(issue)));
          }
        }
        now = now.plus(AGE).plusSeconds(1);
        store.at(now);
        List<List<String>> late = new ArrayList<>();
        List<CompletionStage<Decision>> replies = new ArrayList<>();
        for (Browser browser : browsers) {
          String wire = browser.jar.get();
          late.add(java.util.Collections.nCopies(OVERTAKEN, wire));
          for (int tab = OVERTAKEN; tab < TABS; tab++) {
            send(browser, wire, replies);
          }
        }
        denied += denials(replies);
        requests += replies.size();
        replies.clear();
        now = now.plusMillis(500);
        store.at(now);
        for (int i = 0; i < browsers.size(); i++) {
          Browser browser = browsers.get(i);
          for (int tab = 0; tab < TABS; tab++) {
            send(browser, browser.jar.get(), replies);
            if (tab < OVERTAKEN) {
              send(browser, late.get(i).get(tab), replies);
            }
          }
        }
        denied += denials(replies);
        requests += replies.size();
        if (denied > 0) {
          break;
        }
      }
      return new Result(counts.of(RotationOutcome.ISSUED), requests, denied);
    }
  }

  private void send(Browser browser, String wire, List<CompletionStage<Decision>> replies) {
    replies.add(browser.send(wire, random.nextInt(10) == 0));
    if (random.nextInt(20) == 0) {
      replies.add(browser.send(wire, true));
    }
  }

  private static long denials(List<CompletionStage<Decision>> replies) {
    return replies.stream()
        .map(OpenStore::await)
        .filter(decision -> !(decision instanceof Decision.Allow))
        .count();
  }

  private String login(IssueSession issue) {
    Issuance issuance =
        OpenStore.await(
            issue.issue(
                new Login(
                    Tenant.DEFAULT,
                    new Subject("tabs-" + Long.toUnsignedString(random.nextLong(), 36)),
                    new Authentication(now, "", List.of("pwd")),
                    ClientClass.BROWSER,
                    Device.UNKNOWN,
                    Attributes.NONE,
                    new Presented.Missing(),
                    Presenter.UNKNOWN)));
    return ((Issuance.Issued) issuance).id().reveal();
  }
}
