package org.symbolon.token;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.Unavailable;

/**
 * Judges on an executor, then lets each good proof through once.
 *
 * @param <R> the sealed result of the port that asks
 */
final class OneTime<R> {
  private static final Logger LOG = LoggerFactory.getLogger(OneTime.class);
  private final ReplayGuard replays;
  private final Executor executor;
  private final R seen;
  private final Function<Unavailable, R> outage;

  /**
   * @param seen the answer to a proof that was used before
   * @param outage makes an answer of an outage
   */
  OneTime(ReplayGuard replays, Executor executor, R seen, Function<Unavailable, R> outage) {
    this.replays = replays;
    this.executor = executor;
    this.seen = seen;
    this.outage = outage;
  }

  /** What is known before the one-time name is claimed. */
  sealed interface Judged<R> permits Settled, Pending {}

  record Settled<R>(R answer) implements Judged<R> {}

  /**
   * Good, if its name is fresh.
   *
   * @param signer within whose names {@code jti} is unique
   */
  record Pending<R>(R answer, String signer, String jti, Instant until) implements Judged<R> {}

  /** No stage ends in an exception. */
  CompletionStage<R> judge(Supplier<Judged<R>> judgement) {
    try {
      return CompletableFuture.supplyAsync(judgement, executor)
          .thenCompose(this::claim)
          .exceptionally(this::failed);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedStage(failed(e));
    }
  }

  /** Last of all, so that nobody can use up another's name with a proof that is none. */
  private CompletionStage<R> claim(Judged<R> judged) {
    return switch (judged) {
      case Settled<R>(R answer) -> CompletableFuture.completedStage(answer);
      case Pending<R>(R answer, String signer, String jti, Instant until) ->
          replays
              .claim(signer, jti, until)
              .thenApply(
                  claim ->
                      switch (claim) {
                        case ReplayGuard.Fresh _ -> answer;
                        case ReplayGuard.Seen _ -> seen;
                        case Unavailable unavailable -> outage.apply(unavailable);
                      });
    };
  }

  private R failed(Throwable fault) {
    if (!(fault instanceof RejectedExecutionException)) {
      LOG.error("a signed proof could not be judged", fault);
    }
    return outage.apply(new Unavailable("proof not judged: " + fault.getClass().getSimpleName()));
  }
}
