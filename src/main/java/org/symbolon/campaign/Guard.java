package org.symbolon.campaign;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells when a sweep hurts though it has slowed down: something stays above its limit for five
 * seconds. Not thread-safe.
 */
final class Guard {
  static final long PATIENCE_NANOS = 5_000_000_000L;

  private final LongSupplier nanos;
  private final List<Watch> watches;

  Guard(Health health, Health.Limits limits, LongSupplier nanos) {
    this.nanos = nanos;
    this.watches =
        List.of(
            new Watch(
                "validate's p99",
                "campaigns.mostP99",
                " ms",
                () -> millis(health.validateP99()),
                limits.validateP99().toMillis()),
            new Watch(
                "the store's p99",
                "campaigns.mostStoreP99",
                " ms",
                () -> millis(health.storeP99()),
                limits.storeP99().toMillis()),
            new Watch(
                "the share of logins that fail",
                "campaigns.mostLoginErrors",
                " %",
                () ->
                    health
                        .loginErrors()
                        .map(percent -> OptionalLong.of(percent))
                        .orElseGet(OptionalLong::empty),
                limits.loginErrors()));
  }

  private static OptionalLong millis(Optional<Duration> time) {
    return time.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(time.get().plusNanos(999_999).toMillis());
  }

  /** Why to pause, if there is a reason. */
  Optional<String> trouble() {
    // All are asked, since each notes when it was good last.
    return watches.stream().map(Watch::trouble).toList().stream()
        .flatMap(Optional::stream)
        .findFirst();
  }

  private final class Watch {
    private final String what;
    private final String key;
    private final String unit;
    private final Supplier<OptionalLong> value;
    private final long most;
    private long goodAt = nanos.getAsLong();

    /**
     * @param most zero for no limit
     */
    Watch(String what, String key, String unit, Supplier<OptionalLong> value, long most) {
      this.what = what;
      this.key = key;
      this.unit = unit;
      this.value = value;
      this.most = most;
    }

    Optional<String> trouble() {
      OptionalLong now = value.get();
      if (most == 0 || now.isEmpty() || now.getAsLong() <= most) {
        goodAt = nanos.getAsLong();
        return Optional.empty();
      }
      return nanos.getAsLong() - goodAt < PATIENCE_NANOS
          ? Optional.empty()
          : Optional.of(
              "by itself: %s is %d%s, over %d%s (%s) for 5 s"
                  .formatted(what, now.getAsLong(), unit, most, unit, key));
    }
  }
}
