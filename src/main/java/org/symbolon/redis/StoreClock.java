package org.symbolon.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An estimate of the store's clock, from one reading a second; each errs by at most half of its
 * round trip. Between two readings the time goes by {@link System#nanoTime}, so that a step of this
 * machine's clock moves nothing. The readings also prove that the store answers.
 */
public final class StoreClock implements InstantSource, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration FIRST = Duration.ofSeconds(4);
  private final RedisLink link;
  private final InstantSource node;
  private final CompletableFuture<Reading> first = new CompletableFuture<>();
  private final ScheduledFuture<?> polling;
  private volatile Reading last;

  /**
   * A reading.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @param micros the store's clock
   * @param aheadMillis how far it was ahead of this machine's
   */
  private record Reading(long nanos, long micros, long aheadMillis) {}

  /**
   * Reads once, blocking for some seconds at most, and from then on each second.
   *
   * @param node this machine's clock
   * @throws IllegalStateException where the store does not tell the time
   */
  public StoreClock(RedisLink link, InstantSource node) {
    this.link = link;
    this.node = node;
    this.polling =
        link.scheduler()
            .scheduleAtFixedRate(this::poll, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    try {
      this.last = first.orTimeout(FIRST.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      close();
      throw new IllegalStateException("the store does not tell the time", e);
    }
  }

  /** The store's clock; from then on that it was silent, as it would have gone on. */
  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return millisAt(System.nanoTime());
  }

  /** The same at a reading of {@link System#nanoTime}, in ms since 1970. */
  public long millisAt(long nanos) {
    return microsAt(nanos) / 1000;
  }

  /** The same now, in microseconds since 1970. */
  long micros() {
    return microsAt(System.nanoTime());
  }

  private long microsAt(long nanos) {
    Reading reading = last;
    return reading.micros() + (nanos - reading.nanos()) / 1000;
  }

  /** How far the store's clock was ahead of this machine's at the last reading. */
  public Duration ahead() {
    return Duration.ofMillis(last.aheadMillis());
  }

  /** How long ago the store answered last. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - last.nanos());
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
          .thenAccept(
              time -> {
                long half = (System.nanoTime() - sent) / 2;
                long micros = micros(time);
                long ahead = micros / 1000 - sentMillis - half / 1_000_000;
                last = new Reading(sent + half, micros, ahead);
                first.complete(last);
              })
          .exceptionally(_ -> null);
    } catch (RuntimeException e) {
      // Refused while disconnected: the silence grows, which is what is told of it.
      return;
    }
  }

  private static long micros(List<byte[]> time) {
    return number(time.get(0)) * 1_000_000 + number(time.get(1));
  }

  private static long number(byte[] digits) {
    return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
  }
}
