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

  private static final double SLOWER = 0.4;

  /** Of what it was without: a little below the double that is promised. */
  private static final double ALLOWED = 1.8;

  /** Of what is allowed: well below. */
  private static final double WELL = 0.67;

  /** Of what is really kept: to slow down from a rate that is not reached would slow nothing. */
  private static final double AHEAD = 2;

  /** What counts yet of the rate kept in the interval before. */
  private static final double KEPT_BEFORE = 0.7;

  /** So much of what was missed is made up for. */
  private static final long BEHIND_NANOS = 10_000_000;

  /** Below this nobody notices, and what is measured is chance. */
  private static final long UNNOTICED_NANOS = 2_000_000;

  private static final long EVERY_NANOS = 250_000_000;

  /** So long the rate is one that is not felt, to see what chance makes of the latency without. */
  private static final long LOOKING_NANOS = 2_000_000_000;

  private static final long SETTLED_NANOS = LOOKING_NANOS + 2_000_000_000;

  /** Until what is measured shows the effect of the last slowing down. */
  private static final long EFFECT_NANOS = 1_250_000_000;

  /**
   * Where it has slowed down so often, to a sixteenth, and validate is as slow: it is not the
   * sweep.
   */
  private static final int IN_VAIN = 3;

  /** Of what was felt when it slowed down first: no effect. */
  private static final double AS_SLOW = 0.8;

  /** Of what is felt without the sweep: chance makes no more of it in most seconds. */
  private static final double AS_USUAL = 1.2;

  private final Supplier<Optional<Duration>> p99;
  private final LongSupplier nanos;
  private final long begun;
  private final long allowedFirst;
  private long allowedNanos;
  private double rate = BEGIN;
  private long adjustedAt;
  private long slowedAt;
  private int slowed;
  private long feltFirst;
  private long feltLast;
  private long due;
  private long swept;
  private double kept;

  /**
   * @param p99 validate's, of the last second or so; empty where too few were asked
   * @param nanos {@link System#nanoTime}
   */
  Pace(Supplier<Optional<Duration>> p99, LongSupplier nanos) {
    this.p99 = p99;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.allowedFirst = allowed(felt());
    this.allowedNanos = allowedFirst;
    this.adjustedAt = begun;
    this.slowedAt = begun;
    this.due = begun;
  }

  private static long allowed(long quiet) {
    return Math.max(UNNOTICED_NANOS, (long) (quiet * ALLOWED));
  }

  private long felt() {
    return p99.get().map(Duration::toNanos).orElse(0L);
  }

  /** Sessions a second, just now. */
  long rate() {
    return (long) rate;
  }

  /** Whether it has had the time to become as fast as it may be. */
  boolean isSettled() {
    return nanos.getAsLong() - begun > SETTLED_NANOS;
  }

  /** How long to rest after some sessions. */
  Duration after(int sessions) {
    long now = nanos.getAsLong();
    if (now - adjustedAt >= EVERY_NANOS) {
      // What is read in between takes its time too, so one interval tells little.
      kept = Math.max(swept * 1e9 / (now - adjustedAt), kept * KEPT_BEFORE);
      adjustedAt = now;
      swept = 0;
      if (now - begun < LOOKING_NANOS) {
        allowedNanos = Math.max(allowedFirst, allowed(felt()));
      } else {
        adjust(now, felt());
      }
    }
    swept += sessions;
    due = Math.max(due, now - BEHIND_NANOS) + (long) (sessions * 1e9 / rate);
    return Duration.ofNanos(Math.max(0, due - now));
  }

  private void adjust(long now, long felt) {
    boolean isShown = now - slowedAt >= EFFECT_NANOS;
    if (felt <= allowedNanos) {
      slowed = 0;
      change(rate * (felt > allowedNanos * WELL ? FASTER : MUCH_FASTER));
    } else if (slowed == 0 || isShown || felt * AS_SLOW > feltLast) {
      if (slowed == 0) {
        feltFirst = felt;
      }
      if (isShown && (slowed >= IN_VAIN || rate <= LEAST) && felt >= feltFirst * AS_SLOW) {
        // This is how validate answers without the sweep by now.
        allowedNanos = (long) (felt * AS_USUAL);
        slowed = 0;
      } else {
        slowed += isShown ? 1 : 0;
        change(Math.min(rate, kept * AHEAD) * SLOWER);
      }
      slowedAt = now;
      feltLast = felt;
    }
  }

  private void change(double next) {
    rate = Math.clamp(next, LEAST, MOST);
  }
}
