package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
  private long nanos = 5;
  private Optional<Duration> p99 = Optional.of(Duration.ofMillis(4));

  /** Sweeps for some seconds; gives the rate that was really kept. */
  private double sweep(Pace pace, int seconds) {
    long begun = nanos;
    long swept = 0;
    while (nanos - begun < seconds * 1_000_000_000L) {
      swept += 50;
      nanos += pace.after(50).toNanos() + 100_000;
    }
    return swept * 1e9 / (nanos - begun);
  }

  @Test
  void keepsToItsRate() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    double kept = sweep(pace, 1);
    assertThat(kept).isBetween(Pace.BEGIN, pace.rate() * 1.1);
  }

  @Test
  void isFasterWhileNobodyFeelsIt() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 5);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }

  @Test
  void isMuchFasterSoonWhileItIsWellBelow() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 2);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }

  /** One that asks for more than the store can do would slow down for seconds without an effect. */
  @Test
  void isSlowerAtOnceWhereItDidNotReachItsRate() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    for (int i = 0; i < 400; i++) {
      nanos += 25_000_000 + pace.after(50).toNanos();
    }
    p99 = Optional.of(Duration.ofMillis(8));
    for (long begun = nanos; nanos - begun < 1_200_000_000; ) {
      nanos += 25_000_000 + pace.after(50).toNanos();
    }
    assertThat(pace.rate()).isLessThan(1_500);
  }

  @Test
  void isSlowerAsSoonAsValidateIs() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 2);
    long before = pace.rate();
    p99 = Optional.of(Duration.ofMillis(8));
    sweep(pace, 1);
    assertThat(pace.rate()).isLessThan(before / 3);
    sweep(pace, 2);
    assertThat((double) pace.rate()).isEqualTo(Pace.LEAST);
    p99 = Optional.of(Duration.ofMillis(4));
    sweep(pace, 20);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }

  /** Others keep the machine busy now, and the sweep would crawl for ever. */
  @Test
  void learnsWhatIsSlowWithoutIt() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    p99 = Optional.of(Duration.ofMillis(40));
    sweep(pace, 30);
    assertThat(pace.rate()).isGreaterThan(40_000);
    p99 = Optional.of(Duration.ofMillis(73));
    sweep(pace, 2);
    assertThat(pace.rate()).isLessThan(5_000);
  }

  @Test
  void staysSlowWhereItIsFeltItself() {
    Pace[] pace = new Pace[1];
    pace[0] =
        new Pace(
            () -> Optional.of(Duration.ofMillis(pace[0] != null && pace[0].rate() > 3_000 ? 9 : 4)),
            () -> nanos);
    double kept = sweep(pace[0], 60);
    assertThat(kept).isBetween(500.0, 4_000.0);
  }

  @Test
  void doesNotMindWhatNobodyNotices() {
    p99 = Optional.of(Duration.ofNanos(50_000));
    Pace pace = new Pace(() -> p99, () -> nanos);
    p99 = Optional.of(Duration.ofNanos(1_900_000));
    sweep(pace, 5);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }
}
