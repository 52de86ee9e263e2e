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
    assertThat(kept).isBetween(Pace.BEGIN * 0.9, pace.rate() * 1.1);
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
    sweep(pace, 4);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }

  /** One that asks for more than the store can do would slow down for seconds without an effect. */
  @Test
  void isSlowerAtOnceWhereItDidNotReachItsRate() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    for (int i = 0; i < 600; i++) {
      nanos += 25_000_000 + pace.after(50).toNanos();
    }
    p99 = Optional.of(Duration.ofMillis(8));
    for (long begun = nanos; nanos - begun < 1_200_000_000; ) {
      nanos += 25_000_000 + pace.after(50).toNanos();
    }
    assertThat(pace.rate()).isLessThan(2_000);
  }

  @Test
  void isSlowerAsSoonAsValidateIs() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 5);
    long before = pace.rate();
    p99 = Optional.of(Duration.ofMillis(8));
    sweep(pace, 1);
    assertThat(pace.rate()).isLessThan(before / 2);
    p99 = Optional.of(Duration.ofMillis(11));
    sweep(pace, 1);
    assertThat(pace.rate()).isLessThan(before / 5);
    p99 = Optional.of(Duration.ofMillis(4));
    sweep(pace, 5);
    assertThat(pace.rate()).isGreaterThan(40_000);
  }

  /** Others keep the machine busy now, and the sweep would crawl for ever. */
  @Test
  void learnsWhatIsSlowWithoutIt() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 3);
    p99 = Optional.of(Duration.ofMillis(40));
    sweep(pace, 10);
    assertThat(pace.rate()).isGreaterThan(40_000);
    p99 = Optional.of(Duration.ofMillis(73));
    sweep(pace, 3);
    assertThat(pace.rate()).isLessThan(10_000);
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

  /** A second's p99 of few is chance, and one bad second is no reason to crawl for the next. */
  @Test
  void forgivesOneBadSecond() {
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 5);
    p99 = Optional.of(Duration.ofMillis(9));
    sweep(pace, 1);
    p99 = Optional.of(Duration.ofMillis(4));
    assertThat(sweep(pace, 2)).isGreaterThan(15_000);
  }

  /** What chance makes of it before the sweep is fast is no trouble that the sweep makes. */
  @Test
  void takesWhatItSeesWhileItIsSlowForTheUsual() {
    p99 = Optional.of(Duration.ofMillis(1));
    Pace pace = new Pace(() -> p99, () -> nanos);
    sweep(pace, 1);
    p99 = Optional.of(Duration.ofMillis(3));
    assertThat(sweep(pace, 5)).isGreaterThan(15_000);
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
