package org.symbolon.session;

/** What a request showed in the place of a session ID. */
public sealed interface Presented {
  /** No cookie of our name. */
  record Missing() implements Presented {}

  /** A value of another shape, of an unknown key, or with a false check. */
  record Malformed() implements Presented {}

  /** Several different values, of which none can be preferred. */
  record Ambiguous() implements Presented {}

  /** A value whose check is ours. */
  record Genuine(SessionId id) implements Presented {}

  /** Makes of it what the fold says. */
  default <R> R fold(Fold<R> fold) {
    return switch (this) {
      case Missing _ -> fold.missing();
      case Malformed _ -> fold.malformed();
      case Ambiguous _ -> fold.ambiguous();
      case Genuine(SessionId id) -> id.fold(fold);
    };
  }

  /** Takes what was presented part by part, so that a reader need not make an object of it. */
  interface Fold<R> {
    R missing();

    R malformed();

    R ambiguous();

    /**
     * @param locator {@link Locator#bits}
     * @param secretHead the secret's first 8 bytes, big-endian
     * @param secretTail its last 4
     */
    R genuine(int key, long locator, int generation, long secretHead, int secretTail);
  }

  /** Makes the objects after all. */
  Fold<Presented> VALUES =
      new Fold<>() {
        private static final Presented MISSING = new Missing();
        private static final Presented MALFORMED = new Malformed();
        private static final Presented AMBIGUOUS = new Ambiguous();

        @Override
        public Presented missing() {
          return MISSING;
        }

        @Override
        public Presented malformed() {
          return MALFORMED;
        }

        @Override
        public Presented ambiguous() {
          return AMBIGUOUS;
        }

        @Override
        public Presented genuine(
            int key, long locator, int generation, long secretHead, int secretTail) {
          return new Genuine(
              new SessionId(key, Locator.of(locator), generation, secretHead, secretTail));
        }
      };
}
