package org.symbolon.config;

import java.time.Duration;

/**
 * What a node may remember of sessions.
 *
 * @param entries how many sessions at most; 0 where the store is asked each time
 * @param bound how long after its end a session may still be answered for
 */
public record NearCacheConfig(int entries, Duration bound) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration USUAL = Duration.ofSeconds(1);

  static NearCacheConfig read(Settings settings) {
    Duration bound = settings.duration("staleness.bound").orElse(USUAL);
    if (bound.compareTo(SHORTEST) < 0 || bound.compareTo(LONGEST) > 0) {
      settings.fault("staleness.bound", "100ms to 1m needed");
    }
    int entries = settings.integer("nearCache.entries", 1000, 10_000_000, 100_000);
    return new NearCacheConfig(settings.flag("nearCache.enabled") ? entries : 0, bound);
  }
}
