package org.symbolon.session;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Says what {@code enforce} refused, or would have refused, on all nodes. */
public interface RefusalReports {
  /** The outcome. */
  sealed interface Outcome permits Report, Unavailable {}

  /**
   * @param since the beginning of the first hour
   * @param lines those with most requests first
   */
  record Report(Instant since, List<Line> lines) implements Outcome {
    public Report {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param signal as {@link RefusalTally#count} has it
   * @param sessions how many different ones, to about one percent
   */
  record Line(Tenant tenant, String signal, long sessions, long requests) {}

  /**
   * Sums up the last hours, the one that is under way included.
   *
   * @param hours 1 or more
   */
  CompletionStage<Outcome> last(int hours);
}
