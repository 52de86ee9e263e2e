package org.symbolon.session;

/**
 * Takes each request that {@code enforce} refuses, or would refuse, for a report. Never blocks and
 * never throws.
 */
@FunctionalInterface
public interface RefusalTally {
  /** Takes note of nothing. */
  RefusalTally NONE = (_, _) -> {};

  /**
   * @param signal a {@link Binding.Kind#code}, {@code none} of a session that has to be bound, or a
   *     {@link Signal#code}
   */
  void count(Session session, String signal);
}
