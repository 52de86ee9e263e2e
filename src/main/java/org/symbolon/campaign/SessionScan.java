package org.symbolon.campaign;

import java.time.Instant;
import java.util.List;
import org.symbolon.session.Session;

/** Shows every session of the store, in batches. Its calls block. */
public interface SessionScan {
  /**
   * The next batch.
   *
   * @param position empty for the first, then what the batch before said
   * @param size about how many
   */
  Batch next(String position, int size) throws OutageException;

  /**
   * Some sessions. One that was there all the time is shown at least once in a scan on servers that
   * stay the same, and may be shown twice.
   *
   * @param position of the next batch; empty where this was the last
   * @param now the store's clock
   */
  record Batch(List<Session> sessions, String position, Instant now) {}
}
