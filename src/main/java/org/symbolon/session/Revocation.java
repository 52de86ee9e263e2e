package org.symbolon.session;

/** The outcome of a revocation. */
public sealed interface Revocation permits Revocation.Done, Unavailable {
  /**
   * Acknowledged by the store.
   *
   * @param count how many live sessions it ended; 0 where there was none left to end
   */
  record Done(int count) implements Revocation {}
}
