package org.symbolon.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An estimate of the store's clock, from one reading a second; each errs by at most half of its
 * round trip. The readings also prove that the store answers.
 */
public final class StoreClock implements InstantSource, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private final RedisLink link;
  private final InstantSource node;
  private final ScheduledFuture<?> polling;
  private volatile Reading last;

  /** A reading: when it came by {@link System#nanoTime}, and the store's clock less the node's. */
  private record Reading(boolean isKnown, long nanos, long offsetMillis) {}

  /**
   * Starts reading.
   *
   * @param node this machine's clock
   */
  public StoreClock(RedisLink link, InstantSource node) {
    this.link = link;
    this.node = node;
    this.last = new Reading(false, System.nanoTime(), 0);
    this.polling =
        link.scheduler()
            .scheduleAtFixedRate(this::poll, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The store's clock as far as it is known; this machine's before the first reading. */
  @Override
  public Instant instant() {
    return node.instant().plusMillis(last.offsetMillis());
  }

  /** How far the store's clock is ahead of this machine's. */
  Duration offset() {
    return Duration.ofMillis(last.offsetMillis());
  }

  /** How long ago the store answered last; before the first answer, since the start. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - last.nanos());
  }

  boolean isKnown() {
    return last.isKnown();
  }

  @Override
  public void close() {
    polling.cancel(false);
  }

  private void poll() {
    try {
      long sent = System.nanoTime();
      long sentMillis = node.millis();
      link.commands()
          .time()
          .whenComplete(
              (time, failure) -> {
                if (failure == null) {
                  long now = System.nanoTime();
                  long middle = sentMillis + (now - sent) / 2_000_000;
                  last = new Reading(true, now, millis(time) - middle);
                }
              });
    } catch (RuntimeException e) {
      // Refused while disconnected: the silence grows, which is what is told of it.
      return;
    }
  }

  private static long millis(List<byte[]> time) {
    return number(time.get(0)) * 1000 + number(time.get(1)) / 1000;
  }

  private static long number(byte[] digits) {
    return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }
}
