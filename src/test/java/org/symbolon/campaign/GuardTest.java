package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardTest {
  private long nanos = 5;
  private Optional<Duration> p99 = Optional.of(Duration.ofMillis(4));

  private Guard guard(Duration most) {
    return new Guard(() -> p99, most, () -> nanos);
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
