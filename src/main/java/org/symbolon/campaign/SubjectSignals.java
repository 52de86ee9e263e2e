package org.symbolon.campaign;

import java.util.List;
import org.symbolon.session.Session;

/** Tells others whose sessions a campaign ends, so that they end theirs. */
@FunctionalInterface
public interface SubjectSignals {
  /** The action of the messages, one for each subject. */
  String ACTION = "campaign.subject";

  /** Nobody asks to be told. */
  SubjectSignals NONE = (_, _) -> {};

  /**
   * Keeps what is to be told. Waits for the store; where that gives no answer, nothing may be
   * ended.
   *
   * @param sessions one of each subject
   */
  void tell(Campaign campaign, List<Session> sessions) throws OutageException;
}
