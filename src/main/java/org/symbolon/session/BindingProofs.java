package org.symbolon.session;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Judges whether a request proves what its session is bound to. No stage ends in an exception. */
public interface BindingProofs {
  /** The outcome. */
  sealed interface Finding permits Proved, NotProved, Unavailable {}

  record Proved() implements Finding {}

  /**
   * @param reason a reason of bindings
   * @param fault the part of the proof at fault, for operators; empty for the whole
   */
  record NotProved(Reason reason, String fault) implements Finding {
    public NotProved(Reason reason) {
      this(reason, "");
    }
  }

  /**
   * Judges a request.
   *
   * @param session a bound one
   * @param id the session ID that was presented, for proofs that name it
   * @param now the store's clock
   */
  CompletionStage<Finding> judge(
      Session session, Binding binding, Evidence evidence, Supplier<SecretText> id, Instant now);

  /** The same from memory; empty where each request's proof takes more than that. */
  default Optional<QuickProof> quick(Session session, Binding binding) {
    return Optional.empty();
  }
}
