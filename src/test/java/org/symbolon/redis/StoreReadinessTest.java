package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the store is said to be ready, and what its clock is taken to be. */
class StoreReadinessTest {
  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void isReadyOnceTheStoreHasAnswered(RedisSettings.Mode mode) {
    try (OpenStore store = new OpenStore(RedisServers.shared(mode))) {
      RedisServers.await(() -> new StoreReadiness(store.clock).obstacle().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600, -6, 6, 3_600})
  void isNotReadyWhereTheClocksDiffer(long seconds) {
    InstantSource wrong = () -> Instant.now().plusSeconds(seconds);
    try (OpenStore store = new OpenStore(RedisServers.shared(RedisSettings.Mode.STANDALONE));
        StoreClock clock = new StoreClock(store.link, wrong)) {
      assertThat(new StoreReadiness(clock).obstacle().orElseThrow())
          .contains(seconds > 0 ? "behind" : "ahead of")
          .contains("NTP");
      // It still takes the store's clock for now, not its own.
      assertThat(Duration.between(clock.instant(), Instant.now()).abs())
          .isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void aStepOfTheMachinesClockMovesNothing() {
    AtomicReference<Duration> step = new AtomicReference<>(Duration.ZERO);
    InstantSource stepping = () -> Instant.now().plus(step.get());
    try (OpenStore store = new OpenStore(RedisServers.shared(RedisSettings.Mode.STANDALONE));
        StoreClock clock = new StoreClock(store.link, stepping)) {
      for (long minutes : new long[] {5, -5}) {
        step.set(Duration.ofMinutes(minutes));
        assertThat(Duration.between(clock.instant(), Instant.now()).abs())
            .isLessThan(Duration.ofSeconds(2));
        RedisServers.await(() -> new StoreReadiness(clock).obstacle().isPresent());
        assertThat(clock.ahead().plusMinutes(minutes).abs()).isLessThan(Duration.ofSeconds(2));
        step.set(Duration.ZERO);
        RedisServers.await(() -> new StoreReadiness(clock).obstacle().isEmpty());
      }
    }
  }

  @Test
  void isNotReadyWhileTheStoreIsSilent() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers)) {
      StoreReadiness readiness = new StoreReadiness(store.clock);
      RedisServers.await(() -> readiness.obstacle().isEmpty());
      servers.pause();
      RedisServers.await(() -> readiness.obstacle().isPresent());
      servers.resume();
      RedisServers.await(() -> readiness.obstacle().isEmpty());
      servers.kill();
      RedisServers.await(() -> readiness.obstacle().isPresent());
      servers.start();
      RedisServers.await(() -> readiness.obstacle().isEmpty());
    }
  }
}
