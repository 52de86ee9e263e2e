package org.symbolon.session;

/**
 * Hears what happened to sessions on any node. Calls come from the store's threads, those about one
 * session in the order in which it happened.
 */
public interface Changes {
  /** The session was rotated, elevated or ended: what is remembered of it is out of date. */
  void changed(Handle handle);

  /** Changes may have been missed: what is remembered of any session is out of date. */
  void missed();

  /**
   * A fence was raised or lifted somewhere; what is remembered of sessions is as good as before.
   */
  default void fenced() {}

  /**
   * Every change that the store made before an instant has been told.
   *
   * @param asOf the instant, by {@link System#nanoTime}
   */
  void current(long asOf);
}
