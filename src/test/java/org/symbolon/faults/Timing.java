package org.symbolon.faults;

import java.util.List;
import java.util.LongSummaryStatistics;

/** How fast an outage was told of, and how fast it was over. */
final class Timing {
  /**
   * Measures over the validates of an outage's time.
   *
   * @param allowed how much of the outage's time comes after the store was back, ns
   */
  static String of(List<Event> history, Event outage, long allowed) {
    List<Event> during =
        history.stream()
            .filter(event -> event.kind() == Event.Kind.VALIDATE)
            .filter(event -> outage.node() == Event.ALL || outage.node() == event.node())
            .filter(event -> event.overlaps(outage))
            .toList();
    LongSummaryStatistics refused =
        during.stream()
            .filter(event -> event.status() == 503)
            .mapToLong(Event::answered)
            .summaryStatistics();
    if (refused.getCount() == 0) {
      return "%d validates, none answered 503".formatted(during.size());
    }
    double slowest =
        during.stream()
            .filter(event -> event.status() == 503)
            .mapToLong(Event::took)
            .max()
            .orElse(0);
    return "%d validates, %d answered 503: the first after %.0f ms, the slowest took %.0f ms, the last %.0f ms after the store was back"
        .formatted(
            during.size(),
            refused.getCount(),
            (refused.getMin() - outage.asked()) / 1e6,
            slowest / 1e6,
            (refused.getMax() - outage.answered() + allowed) / 1e6);
  }

  private Timing() {}
}
