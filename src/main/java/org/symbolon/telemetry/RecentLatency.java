package org.symbolon.telemetry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** The 99th percentile of the last one to two seconds, to an eighth of its size. */
final class RecentLatency {
  private static final long WINDOW_NANOS = 1_000_000_000;
  private static final int STEPS = 8;
  private static final int SLOTS = 64 * STEPS;

  /** Of fewer a percentile is chance. */
  private static final long FEWEST = 50;

  private final LongSupplier nanos;
  private final AtomicLongArray[] windows = {
    new AtomicLongArray(SLOTS), new AtomicLongArray(SLOTS)
  };
  private final long begun;
  private volatile long window;

  /**
   * @param nanos {@link System#nanoTime}
   */
  RecentLatency(LongSupplier nanos) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  /**
   * @param took nanoseconds
   * @param at when it was over, by the same clock
   */
  void record(long took, long at) {
    window(at).incrementAndGet(slot(Math.max(1, took)));
  }

  /** Empty where too few were recorded. */
  Optional<Duration> p99() {
    AtomicLongArray _ = window(nanos.getAsLong());
    long all = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      all += count(slot);
    }
    if (all < FEWEST) {
      return Optional.empty();
    }
    long above = 0;
    int slot = SLOTS;
    do {
      slot--;
      above += count(slot);
    } while (above * 100 <= all);
    return Optional.of(Duration.ofNanos(upper(slot)));
  }

  private long count(int slot) {
    return windows[0].get(slot) + windows[1].get(slot);
  }

  /** The window of an instant; the one before the last is forgotten. */
  private AtomicLongArray window(long at) {
    long number = (at - begun) / WINDOW_NANOS;
    if (number > window) {
      forget(number);
    }
    return windows[(int) (number & 1)];
  }

  private synchronized void forget(long number) {
    long last = window;
    for (long old = Math.max(last + 1, number - 1); old <= number; old++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        windows[(int) (old & 1)].set(slot, 0);
      }
    }
    window = Math.max(last, number);
  }

  private static int slot(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value);
    int step = exponent < 3 ? 0 : (int) (value >>> (exponent - 3)) & (STEPS - 1);
    return exponent * STEPS + step;
  }

  private static long upper(int slot) {
    int exponent = slot / STEPS;
    long step = (1L << exponent) / STEPS;
    return (1L << exponent) + (slot % STEPS + 1) * step;
  }
}
