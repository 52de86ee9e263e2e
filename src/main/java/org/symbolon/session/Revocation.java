package org.symbolon.session;

/** The outcome of a revocation. */
public sealed interface Revocation permits Revocation.Done, Revocation.NotDurable, Unavailable {
  /**
   * Acknowledged by the store.
   *
   * @param count how many live sessions it ended; 0 where there was none left to end
   */
  record Done(int count) implements Revocation {}

  /**
   * Done, and not yet where it would survive the loss of the store's master; it is written again
   * until it is.
   *
   * @param reason what is missing, for operators
   */
  record NotDurable(int count, String reason) implements Revocation {}
}
