package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Decision;
import org.symbolon.session.Handle;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.Subject;
import org.symbolon.session.Unavailable;

/**
 * A server that is killed under load comes back with what it had saved a minute before, while two
 * nodes and all browsers know of later generations. Time is the test's own; the server is real.
 */
class RolledBackStoreTest {
  private static final int BROWSERS = 20;
  private static final int TABS = 10;
  private static final Duration AGE = Duration.ofSeconds(5);
  private static final Duration OVERLAP = Duration.ofSeconds(3);
  private static final Duration LOST = Duration.ofSeconds(60);

  private final long seed = Long.getLong("symbolon.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RedisServers servers = RedisServers.standalone("appendonly no");
  private final List<OpenStore> stores = List.of(new OpenStore(servers), new OpenStore(servers));
  private final List<UseCases> nodes =
      stores.stream()
          .map(
              store ->
                  new UseCases(
                      store.store,
                      UseCases.policy(Duration.ofHours(1), Duration.ofHours(24), AGE, OVERLAP),
                      () -> now(),
                      new SecureRandom()))
          .toList();
  private final List<Browser> browsers = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  @AfterEach
  void close() {
    stores.forEach(OpenStore::close);
    servers.close();
  }

  private Instant now() {
    return now;
  }

  @Test
  void logsNobodyOutAndMissesNoThief() {
    advance(Duration.ZERO);
    for (int i = 0; i < BROWSERS; i++) {
      browsers.add(new Browser(nodes.getFirst().login(new Subject("user" + i))));
    }
    Map<Browser, String> stolen = new HashMap<>();
    browsers.forEach(browser -> stolen.put(browser, browser.jar.get()));
    run(Duration.ofSeconds(15));
    try (RedisServers.Admin admin = servers.admin()) {
      admin.commands().save();
    }
    Instant saved = now;
    run(LOST);
    assertThat(now).isAfterOrEqualTo(saved.plus(LOST));

    List<CompletionStage<Decision>> cut = load();
    servers.kill();
    cut.addAll(load());
    Replies replies = Replies.NONE.and(cut);
    assertThat(replies.outages()).isPositive();
    assertThat(replies.denied()).isZero();
    servers.start();
    for (OpenStore store : stores) {
      RedisServers.await(() -> !(store.find(new Handle(0, 0)) instanceof Unavailable));
    }
    for (Browser browser : browsers) {
      assertThat(generation(browser))
          .isLessThanOrEqualTo(UseCases.generation(browser.jar.get()) - 6);
    }

    run(LOST);
    assertThat(count(RotationOutcome.HEALED)).isGreaterThanOrEqualTo(BROWSERS);
    assertThat(count(RotationOutcome.REUSE)).isZero();
    for (Browser browser : browsers) {
      UseCases node = nodes.getLast();
      assertThat(node.show(Objects.requireNonNull(stolen.get(browser)), true))
          .isEqualTo(new Decision.Deny(Reason.REUSED));
      assertThat(node.show(browser.jar.get(), true)).isEqualTo(new Decision.Deny(Reason.REUSED));
    }
  }

  private int generation(Browser browser) {
    Handle handle = nodes.getFirst().handle(browser.jar.get());
    return stores.getFirst().live(handle).orElseThrow().generation();
  }

  private int count(RotationOutcome outcome) {
    return nodes.stream().mapToInt(node -> node.counts.of(outcome)).sum();
  }

  private void advance(Duration step) {
    now = now.plus(step);
    stores.forEach(store -> store.at(now));
  }

  /** All tabs of all browsers ask at once, again and again, and nobody is denied. */
  private void run(Duration duration) {
    Instant end = now.plus(duration);
    Replies replies = Replies.NONE;
    while (now.isBefore(end)) {
      List<CompletionStage<Decision>> late = load();
      advance(Duration.ofSeconds(1));
      replies = replies.and(late).and(load());
      assertThat(replies.denied()).as("-Dsymbolon.seed=" + seed).isZero();
    }
  }

  /** Of the replies one in ten is lost. */
  private List<CompletionStage<Decision>> load() {
    return new ArrayList<>(
        browsers.stream()
            .flatMap(
                browser -> {
                  String wire = browser.jar.get();
                  return Stream.generate(() -> wire)
                      .limit(TABS)
                      .map(
                          id ->
                              browser.send(
                                  nodes.get(random.nextInt(nodes.size())),
                                  id,
                                  random.nextInt(10) == 0));
                })
            .toList());
  }
}
