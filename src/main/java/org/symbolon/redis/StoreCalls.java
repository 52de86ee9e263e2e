package org.symbolon.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Indicators;
import org.symbolon.session.Unavailable;

/** Runs calls of the store: each is timed and counted, and its failure becomes a value. */
final class StoreCalls {
  /**
   * For the client library to end a call by its own timeout first; this one is for the rest. Two
   * ticks of the timer that both wait for.
   */
  private static final Duration GRACE = Duration.ofMillis(20);

  private static final int MAX_CAUSE = 200;
  private final Timer timer;
  private final long deadline;
  private final Indicators indicators;

  StoreCalls(RedisLink link, Indicators indicators) {
    this.timer = link.timer();
    this.deadline = link.timeout().plus(GRACE).toNanos();
    this.indicators = indicators;
  }

  /**
   * Makes a call.
   *
   * @param read turns the reply into the result; what it throws is an outage as well
   * @param unavailable widens an outage to the result's type
   */
  <T extends @Nullable Object, R> CompletionStage<R> call(
      String operation,
      Supplier<CompletionStage<T>> command,
      Function<T, R> read,
      Function<Unavailable, R> unavailable) {
    long started = System.nanoTime();
    CompletableFuture<R> reply;
    try {
      // A copy: the deadline must not end the client library's own future, nor can a caller.
      CompletableFuture<R> waited = command.get().thenApply(read).toCompletableFuture().copy();
      Timeout timeout =
          timer.newTimeout(
              _ -> waited.completeExceptionally(new TimeoutException()),
              deadline,
              TimeUnit.NANOSECONDS);
      reply = waited.whenComplete((_, _) -> timeout.cancel());
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    return reply.handle(
        (result, failure) -> {
          Duration took = Duration.ofNanos(System.nanoTime() - started);
          if (failure == null) {
            indicators.store(operation, "ok", took);
            return result;
          }
          Throwable cause = unwrap(failure);
          String outcome = outcome(cause);
          indicators.store(operation, outcome, took);
          return unavailable.apply(new Unavailable(operation + ": " + outcome + told(cause)));
        });
  }

  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  static String outcome(Throwable cause) {
    if (cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException) {
      return "timeout";
    }
    if (cause instanceof RedisCommandExecutionException) {
      return "error";
    }
    return cause instanceof RedisException
            || cause instanceof CancellationException
            || cause instanceof IOException
        ? "disconnected"
        : "error";
  }

  private static String told(Throwable cause) {
    @Nullable String message = cause.getMessage();
    if (message == null) {
      return "";
    }
    return ", " + message.substring(0, Math.min(MAX_CAUSE, message.length()));
  }
}
