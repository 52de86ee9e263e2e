package org.symbolon.campaign;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How fast sessions are ended: ever faster while validate answers as it does without, and slower as
 * soon as it does not. Not thread-safe.
 */
final class Pace {
  static final double BEGIN = 2_000;
  static final double LEAST = 500;
  static final double MOST = 50_000;

  private static final double FASTER = 1.25;

  /** While validate answers nearly as it does without. */
  private static final double MUCH_FASTER = 1.6;

  private static final double SLOWER = 0.6;

  /** Of what it was without: a little below the double that is promised. */
  private static final double ALLOWED = 1.8;

  /** Of what is allowed: well below. */
  private static final double WELL = 0.67;

  /** Of what is really kept: to slow down from a rate that is not reached would slow nothing. */
  private static final double AHEAD = 2;

  /** Below this nobody notices, and what is measured is chance. */
  private static final long UNNOTICED_NANOS = 2_000_000;

  private static final long EVERY_NANOS = 250_000_000;

  /** After so long at the least rate what is measured has nothing of a faster one in it. */
  private static final long ALONE_NANOS = 3_000_000_000L;

  private final Supplier<Optional<Duration>> p99;
  private final LongSupplier nanos;
  private long allowedNanos;
  private double rate = BEGIN;
  private long adjustedAt;
  private long fasterAt;
  private long due;
  private long swept;

  /**
   * @param p99 validate's, of the last second or so; empty where too few were asked
   * @param nanos {@link System#nanoTime}
   */
  Pace(Supplier<Optional<Duration>> p99, LongSupplier nanos) {
    this.p99 = p99;
    this.nanos = nanos;
    long quiet = p99.get().map(Duration::toNanos).orElse(0L);
    this.allowedNanos = allowed(quiet);
    this.adjustedAt = nanos.getAsLong();
    this.fasterAt = adjustedAt;
    this.due = adjustedAt;
  }

  private static long allowed(long quiet) {
    return Math.max(UNNOTICED_NANOS, (long) (quiet * ALLOWED));
  }

  /** Sessions a second, just now. */
  long rate() {
    return (long) rate;
  }

  /** How long to rest after some sessions. */
  Duration after(int sessions) {
    long now = nanos.getAsLong();
    if (now - adjustedAt >= EVERY_NANOS) {
      double kept = swept * 1e9 / (now - adjustedAt);
      adjustedAt = now;
      swept = 0;
      Optional<Duration> lately = p99.get();
      long felt = lately.map(Duration::toNanos).orElse(0L);
      double factor =
          felt > allowedNanos ? SLOWER : felt > allowedNanos * WELL ? FASTER : MUCH_FASTER;
      double most = Math.max(BEGIN, kept * AHEAD);
      rate = Math.clamp(Math.min(rate * factor, most), LEAST, MOST);
      if (rate > LEAST) {
        fasterAt = now;
      } else if (now - fasterAt >= ALONE_NANOS) {
        // So slow a sweep is nothing that is felt: this is how validate answers without it by now.
        allowedNanos = allowed(lately.map(Duration::toNanos).orElse(0L));
        fasterAt = now;
      }
    }
    swept += sessions;
    due = Math.max(due, now) + (long) (sessions * 1e9 / rate);
    return Duration.ofNanos(Math.max(0, due - now));
  }
}
