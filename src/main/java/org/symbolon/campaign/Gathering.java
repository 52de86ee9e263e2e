package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Session;

/** Looks for the sessions whose turn has come, the next while the last are being ended. */
final class Gathering {
  /** Read at once. */
  private static final int BATCH = 1_000;

  /** The more are looked at, the more are of one bucket or its neighbours. */
  private static final int MOST = 8_000;

  /** While others are being ended there is time, and no core should be long busy with this. */
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private final SessionScan source;
  private final BiPredicate<Session, Instant> isDue;
  private final Executor executor;
  private @Nullable FutureTask<Some> ahead;
  private String aheadOf = "";

  /**
   * @param isDue whether a session's turn has come at an instant
   * @param executor runs what waits for the store
   */
  Gathering(SessionScan source, BiPredicate<Session, Instant> isDue, Executor executor) {
    this.source = source;
    this.isDue = isDue;
    this.executor = executor;
  }

  /**
   * Some sessions, in the order of their buckets.
   *
   * @param position from where to look on
   * @param scanned how many were looked at for them
   */
  record Some(List<Session> due, String position, int scanned, Instant now) {}

  /** Begins to look on from a position. */
  void lookAhead(String position, long enough) {
    FutureTask<Some> task = new FutureTask<>(() -> look(position, enough, BETWEEN));
    ahead = task;
    aheadOf = position;
    executor.execute(task);
  }

  /**
   * Some sessions from a position on.
   *
   * @param enough how many to look for, at most some thousands
   */
  Some next(String position, long enough) throws OutageException {
    FutureTask<Some> task = ahead;
    ahead = null;
    if (task == null || !aheadOf.equals(position)) {
      return look(position, enough, Duration.ZERO);
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OutageException outage) {
        throw outage;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Some look(String from, long enough, Duration between) throws OutageException {
    List<Session> due = new ArrayList<>();
    String position = from;
    Instant now;
    int scanned = 0;
    do {
      SessionScan.Batch batch = source.next(position, BATCH);
      position = batch.position();
      now = batch.now();
      scanned += batch.sessions().size();
      for (Session session : batch.sessions()) {
        if (isDue.test(session, now)) {
          due.add(session);
        }
      }
      CampaignWork.rest(between);
    } while (!position.isEmpty() && due.size() < enough && scanned < MOST);
    due.sort(Comparator.comparingInt(session -> session.handle().bucket()));
    return new Some(due, position, scanned, now);
  }
}
