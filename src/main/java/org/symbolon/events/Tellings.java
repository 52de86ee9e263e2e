package org.symbolon.events;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** What becomes of messages with their receivers, for whoever counts. */
@FunctionalInterface
public interface Tellings {
  /** What a receiver said. */
  enum Outcome {
    TAKEN,
    REFUSED,
    /** Nothing, or that it has no time now. */
    UNANSWERED
  }

  /**
   * @param since how long ago what is told happened
   */
  void count(String receiver, Outcome outcome, Duration since);

  /** Counts what a receiver said of a message. */
  default void count(String receiver, Outcome outcome, Message message, Instant now) {
    Duration since;
    try {
      since = Duration.between(Instant.parse(message.fields().getOrDefault("at", "")), now);
    } catch (DateTimeParseException e) {
      // Not an event that this service wrote; a receiver may know what to do with it.
      since = Duration.ZERO;
    }
    count(receiver, outcome, since.isNegative() ? Duration.ZERO : since);
  }
}
