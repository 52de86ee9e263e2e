package org.symbolon.campaign;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells when a sweep hurts though it has slowed down: validate's p99 stays above a limit for five
 * seconds. Not thread-safe.
 */
final class Guard {
  static final long PATIENCE_NANOS = 5_000_000_000L;

  private final Supplier<Optional<Duration>> p99;
  private final Duration most;
  private final LongSupplier nanos;
  private long goodAt;

  /**
   * @param most zero for no limit
   */
  Guard(Supplier<Optional<Duration>> p99, Duration most, LongSupplier nanos) {
    this.p99 = p99;
    this.most = most;
    this.nanos = nanos;
    this.goodAt = nanos.getAsLong();
  }

  /** Why to pause, if there is a reason. */
  Optional<String> trouble() {
    Optional<Duration> now = p99.get();
    boolean isGood = most.isZero() || now.isEmpty() || now.get().compareTo(most) <= 0;
    if (isGood) {
      goodAt = nanos.getAsLong();
      return Optional.empty();
    }
    return nanos.getAsLong() - goodAt < PATIENCE_NANOS
        ? Optional.empty()
        : Optional.of(
            "by itself: validate's p99 is "
                + now.get().toMillis()
                + " ms, over "
                + most.toMillis()
                + " ms (campaigns.mostP99) for 5 s");
  }
}
