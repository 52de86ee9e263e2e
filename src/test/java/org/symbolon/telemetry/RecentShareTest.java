package org.symbolon.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentShareTest {
  private static final long SECOND = 1_000_000_000;

  private long nanos = 7;
  private final RecentShare share = new RecentShare(() -> nanos);

  private void record(int good, int wrong) {
    for (int i = 0; i < good; i++) {
      share.record(false);
    }
    for (int i = 0; i < wrong; i++) {
      share.record(true);
    }
  }

  @Test
  void tellsOfTheLastTenSeconds() {
    record(0, 30);
    assertThat(share.percent()).contains(100);
    nanos += 5 * SECOND;
    record(90, 0);
    assertThat(share.percent()).contains(25);
    nanos += 5 * SECOND;
    assertThat(share.percent()).contains(0);
    nanos += 5 * SECOND;
    assertThat(share.percent()).isEmpty();
  }

  @Test
  void saysNothingOfAFew() {
    record(0, 19);
    assertThat(share.percent()).isEmpty();
    nanos += 100 * SECOND;
    record(0, 1);
    assertThat(share.percent()).isEmpty();
  }
}
