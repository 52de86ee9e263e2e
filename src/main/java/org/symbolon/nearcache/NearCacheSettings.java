package org.symbolon.nearcache;

import java.time.Duration;

/**
 * How much is remembered, and how far it is trusted.
 *
 * @param entries how many sessions at most; 0 where the store is asked each time
 * @param bound how long after its end a session may still be answered for, 100 ms to 1 minute
 */
public record NearCacheSettings(int entries, Duration bound) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * @throws IllegalArgumentException where a bound is broken; the message names the setting
   */
  public NearCacheSettings {
    if (entries < 0 || entries > 10_000_000) {
      throw new IllegalArgumentException("nearCache.entries: 0 to 10000000 needed");
    }
    if (bound.compareTo(SHORTEST) < 0 || bound.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("staleness.bound: 100ms to 1m needed");
    }
  }

  boolean isOff() {
    return entries == 0;
  }
}
