package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardTest {
  private long nanos = 5;
  private Optional<Duration> p99 = Optional.of(Duration.ofMillis(4));

  private Optional<Duration> store = Optional.of(Duration.ofMillis(1));
  private Optional<Integer> errors = Optional.of(0);

  private Guard guard(Duration most) {
    return guard(new Health.Limits(most, Duration.ZERO, 0));
  }

  private Guard guard(Health.Limits limits) {
    return new Guard(
        new Health() {
          @Override
          public Optional<Duration> validateP99() {
            return p99;
          }

          @Override
          public Optional<Duration> storeP99() {
            return store;
          }

          @Override
          public Optional<Integer> loginErrors() {
            return errors;
          }
        },
        limits,
        () -> nanos);
  }

  @Test
  void eachOfThreeSpeaksForItself() {
    Guard guard = guard(new Health.Limits(Duration.ofSeconds(1), Duration.ofMillis(20), 30));
    nanos += 2 * Guard.PATIENCE_NANOS;
    assertThat(guard.trouble()).isEmpty();
    store = Optional.of(Duration.ofNanos(20_000_001));
    nanos += Guard.PATIENCE_NANOS;
    assertThat(guard.trouble().orElseThrow()).contains("21 ms, over 20 ms", "mostStoreP99");
    store = Optional.empty();
    errors = Optional.of(31);
    assertThat(guard.trouble()).isEmpty();
    nanos += Guard.PATIENCE_NANOS;
    assertThat(guard.trouble().orElseThrow()).contains("31 %, over 30 %", "mostLoginErrors");
    assertThat(guard(Health.Limits.NONE).trouble()).isEmpty();
  }

  @Test
  void speaksWhenItHurtsForFiveSeconds() {
    Guard guard = guard(Duration.ofMillis(50));
    assertThat(guard.trouble()).isEmpty();
    p99 = Optional.of(Duration.ofMillis(51));
    nanos += Guard.PATIENCE_NANOS - 1;
    assertThat(guard.trouble()).isEmpty();
    nanos += 1;
    assertThat(guard.trouble().orElseThrow()).contains("51 ms", "campaigns.mostP99");
  }

  @Test
  void aMomentThatIsGoodStartsTheTimeAnew() {
    Guard guard = guard(Duration.ofMillis(50));
    for (int i = 0; i < 10; i++) {
      p99 = Optional.of(Duration.ofMillis(80));
      nanos += Guard.PATIENCE_NANOS - 1;
      assertThat(guard.trouble()).isEmpty();
      p99 = i % 2 == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(50));
      assertThat(guard.trouble()).isEmpty();
    }
  }

  @Test
  void isSilentWithoutALimit() {
    Guard guard = guard(Duration.ZERO);
    p99 = Optional.of(Duration.ofSeconds(9));
    nanos += 10 * Guard.PATIENCE_NANOS;
    assertThat(guard.trouble()).isEmpty();
  }
}
