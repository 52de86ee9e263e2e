package org.symbolon.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that need no store: of sessions found good a moment ago, and of what is no session. They
 * are given at once, without I/O and on the caller's thread.
 *
 * @param <A> an answer as it goes out, prepared once a session
 */
public interface KnownAnswers<A> {
  /** Knows nothing. */
  static <A> KnownAnswers<A> none() {
    return new KnownAnswers<>() {
      @Override
      public @Nullable Known<A> recall(List<String> cookieFields, Supplier<Evidence> evidence) {
        return null;
      }

      @Override
      public @Nullable Known<A> recallStale(
          List<String> cookieFields, Supplier<Evidence> evidence, Duration longest) {
        return null;
      }
    };
  }

  /**
   * The answer to a request, which counts as a use of its session; null where the store is to be
   * asked.
   *
   * @param cookieFields the raw values of all {@code Cookie} fields
   * @param evidence all that it shows, made where that is asked for
   */
  @Nullable Known<A> recall(List<String> cookieFields, Supplier<Evidence> evidence);

  /**
   * The answer to a request for which the store was asked and gave none; null where the session is
   * not known well enough.
   *
   * @param evidence all that it shows, made where that is asked for
   * @param longest how long ago, at most, the last moment may be at which nothing stood against it
   */
  @Nullable Known<A> recallStale(
      List<String> cookieFields, Supplier<Evidence> evidence, Duration longest);

  /**
   * An answer from memory.
   *
   * @param <A> an answer as it goes out
   */
  interface Known<A> {
    /** Allows without a successor, or denies. */
    Decision decision();

    A answer();

    /** For whom it is the answer. */
    Likeness likeness();

    /** Why the session, if it is allowed, does not do for a request. */
    Optional<Reason> objection(Condition condition);

    /** True where a successor is due, for which the store must be asked if it can be carried. */
    boolean isRotationDue();
  }
}
