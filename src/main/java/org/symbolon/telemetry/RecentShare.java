package org.symbolon.telemetry;

import java.util.Optional;
import java.util.function.LongSupplier;

/** How many percent of the last nine to ten seconds' events went wrong. */
final class RecentShare {
  private static final long SECOND = 1_000_000_000;
  private static final int SECONDS = 10;

  /** Of fewer a share is chance. */
  private static final long FEWEST = 20;

  private final LongSupplier nanos;
  private final long[] all = new long[SECONDS];
  private final long[] wrong = new long[SECONDS];
  private final long begun;
  private long last;

  /**
   * @param nanos {@link System#nanoTime}
   */
  RecentShare(LongSupplier nanos) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  synchronized void record(boolean isWrong) {
    int slot = now();
    all[slot]++;
    wrong[slot] += isWrong ? 1 : 0;
  }

  /** Empty where too few were recorded. */
  synchronized Optional<Integer> percent() {
    int _ = now();
    long sum = 0;
    long bad = 0;
    for (int slot = 0; slot < SECONDS; slot++) {
      sum += all[slot];
      bad += wrong[slot];
    }
    return sum < FEWEST ? Optional.empty() : Optional.of((int) (bad * 100 / sum));
  }

  /** The slot of this second; those since the last call are empty. */
  private int now() {
    long second = (nanos.getAsLong() - begun) / SECOND;
    for (long passed = Math.max(last + 1, second - SECONDS + 1); passed <= second; passed++) {
      all[(int) (passed % SECONDS)] = 0;
      wrong[(int) (passed % SECONDS)] = 0;
    }
    last = Math.max(last, second);
    return (int) (last % SECONDS);
  }
}
