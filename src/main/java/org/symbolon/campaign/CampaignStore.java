package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps campaigns. Its calls block, and fail with {@link OutageException}. */
public interface CampaignStore {
  Optional<Campaign> find(String id) throws OutageException;

  /** The newest first. */
  List<Campaign> list(int most) throws OutageException;

  /**
   * Which campaign was proposed last for a selection, by its text; for as long as records are kept.
   */
  Optional<String> proposed(String selection) throws OutageException;

  /** Notes a campaign as proposed for a selection. */
  void propose(String selection, String id) throws OutageException;

  /** The names of those that some node has to work on. */
  List<String> unfinished() throws OutageException;

  /**
   * Writes the next revision, if the one before is what the store has.
   *
   * @return false where somebody was faster
   */
  boolean write(Campaign next) throws OutageException;

  /**
   * The same, and the fence with it in one step; {@link Campaign#FENCED_AT} is the store's now.
   * Returns when the fence is as durable as a revocation.
   *
   * @param life how long a session may yet live that is fenced now
   */
  boolean fence(Campaign next, Duration life) throws OutageException;

  /** The same, and the fence is lifted. */
  boolean lift(Campaign next) throws OutageException;

  /**
   * Takes or keeps the right to work on one, and notes how far it has come.
   *
   * @param progress as text; empty leaves the note as it is
   * @param lease how long others keep off
   * @return the state, by which the work may have to stop; empty where another node works on it
   */
  Optional<State> work(String id, String node, Optional<String> progress, Duration lease)
      throws OutageException;

  /** The store's clock. */
  Instant now();
}
