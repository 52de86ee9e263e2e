package org.symbolon.events;

import java.util.concurrent.CompletionStage;
import org.symbolon.session.SecretText;

/** Judges signed events of one form; whether one was there before is not asked. */
@FunctionalInterface
public interface SignedEvents {
  /** No stage ends in an exception. */
  CompletionStage<Judgement> judge(SecretText token);

  /** The outcome. */
  sealed interface Judgement permits Genuine, Refused, Unreachable {}

  record Genuine(Notice notice) implements Judgement {}

  /**
   * Not believed.
   *
   * @param claim the header parameter or claim at fault, {@code assertion} for the whole
   * @param mend what the sender or the operator has to change
   */
  record Refused(String claim, String mend) implements Judgement, ReceiveEvents.Receipt {}

  /** No verdict: the sender's keys or the store gave no answer. */
  record Unreachable(String cause) implements Judgement, ReceiveEvents.Receipt {}
}
