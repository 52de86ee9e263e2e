package org.symbolon.events;

import java.time.Duration;

/** Where a message goes. */
@FunctionalInterface
public interface Target {
  /** Sends it once and waits for the answer. */
  Answer tell(Message message) throws InterruptedException;

  /** What came of it. */
  sealed interface Answer permits Accepted, Refused, NotNow {}

  record Accepted() implements Answer {}

  /** It was heard and not taken; another attempt may do no better. */
  record Refused(String why) implements Answer {}

  /**
   * Nobody has judged the message: it can wait.
   *
   * @param atLeast how long at least
   */
  record NotNow(String why, Duration atLeast) implements Answer {}
}
