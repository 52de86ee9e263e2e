package org.symbolon.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges a history by what is promised, and knows nothing of how it came about: once a revocation
 * is acknowledged, the node that did so lets the session in no more, and after the bound no node
 * does; a session that nobody revoked is never denied; no answer but 503 tells of an outage, and
 * only while there is one.
 */
final class Checker {
  private static final int LET_IN = 200;
  private static final int DENIED = 401;
  private static final int UNKNOWN = 404;
  private static final int AWAY = 503;
  private static final int NONE = 0;
  private static final int FAULTS = 500;
  private final long bound;
  private final Map<Integer, Long> issued = new HashMap<>();
  private final Map<Integer, Long> revoking = new HashMap<>();
  private final Map<Integer, Long> acknowledged = new HashMap<>();
  private final Map<Place, Long> acknowledgedHere = new HashMap<>();
  private final List<Event> outages = new ArrayList<>();
  private final List<Event> absences = new ArrayList<>();
  private final List<Event> losses = new ArrayList<>();

  private record Place(int session, int node) {}

  /** What is promised and was not held. */
  enum Fault {
    /** Let in after its revocation was acknowledged and the bound was over. */
    REVOKED_AND_LET_IN,
    /** Let in by the very node that had acknowledged its revocation. */
    REVOKED_HERE_AND_LET_IN,
    /** Denied though nobody had asked for its end. */
    LIVE_AND_DENIED,
    /** Answered 503 while the store was there. */
    REFUSED_WITHOUT_OUTAGE,
    /** Not answered at all while the node ran. */
    NOT_ANSWERED,
    /** Answered with a status that there is no reason for. */
    STRANGE
  }

  /** One of them. */
  record Violation(Fault fault, Event event) {}

  /**
   * What was found.
   *
   * @param validates how many were judged
   * @param acknowledged how many sessions have an acknowledged revocation
   * @param proofs how many validates asked for such a session after the bound
   * @param refusals how many validates were answered 503
   * @param calm how many requests of all kinds touched no outage
   * @param failed how many of those got no answer, or one that tells of a fault
   */
  record Verdict(
      long validates,
      int acknowledged,
      long proofs,
      long refusals,
      long calm,
      long failed,
      List<Violation> violations) {
    Map<Fault, Long> counts() {
      Map<Fault, Long> counts = new EnumMap<>(Fault.class);
      violations.forEach(violation -> counts.merge(violation.fault(), 1L, Long::sum));
      return counts;
    }
  }

  /**
   * @param bound how long after an acknowledgement other nodes may still let a session in, ns
   */
  private Checker(long bound) {
    this.bound = bound;
  }

  static Verdict judge(List<Event> history, long bound) {
    Checker checker = new Checker(bound);
    history.forEach(checker::learn);
    return checker.verdict(history);
  }

  private void learn(Event event) {
    int session = event.session();
    switch (event.kind()) {
      case ISSUE -> {
        if (event.isDone()) {
          issued.put(session, event.answered());
        }
      }
      case REVOKE -> {
        revoking.merge(session, event.asked(), Math::min);
        if (event.isDone()) {
          acknowledged.merge(session, event.answered(), Math::min);
          acknowledgedHere.merge(new Place(session, event.node()), event.answered(), Math::min);
        }
      }
      case OUTAGE -> outages.add(event);
      case DOWN -> absences.add(event);
      case EMPTIED -> losses.add(event);
      case VALIDATE -> {}
    }
  }

  private Verdict verdict(List<Event> history) {
    List<Violation> violations = new ArrayList<>();
    long validates = 0;
    long proofs = 0;
    long refusals = 0;
    long calm = 0;
    long failed = 0;
    for (Event event : history) {
      if (event.isRequest() && !isWithin(outages, event) && !isWithin(absences, event)) {
        calm++;
        failed += event.status() == NONE || event.status() >= FAULTS ? 1 : 0;
      }
      switch (event.kind()) {
        case VALIDATE -> {
          validates++;
          proofs += isOver(event) ? 1 : 0;
          refusals += event.status() == AWAY ? 1 : 0;
          validated(event, violations);
        }
        case REVOKE -> revoked(event, violations);
        case ISSUE, OUTAGE, DOWN, EMPTIED -> {}
      }
    }
    violations.sort(Comparator.comparingLong(violation -> violation.event().asked()));
    return new Verdict(validates, acknowledged.size(), proofs, refusals, calm, failed, violations);
  }

  /** Whether every node has to know of the session's end. */
  private boolean isOver(Event validate) {
    long end = acknowledged.getOrDefault(validate.session(), Long.MAX_VALUE - bound);
    return validate.asked() > end + bound;
  }

  private void validated(Event event, List<Violation> violations) {
    switch (event.status()) {
      case LET_IN -> {
        Place here = new Place(event.session(), event.node());
        if (isOver(event)) {
          violations.add(new Violation(Fault.REVOKED_AND_LET_IN, event));
        } else if (event.asked() > acknowledgedHere.getOrDefault(here, Long.MAX_VALUE)) {
          violations.add(new Violation(Fault.REVOKED_HERE_AND_LET_IN, event));
        }
      }
      case DENIED -> {
        if (isLive(event)) {
          violations.add(new Violation(Fault.LIVE_AND_DENIED, event));
        }
      }
      case AWAY -> {
        if (isLive(event) && !isWithin(outages, event) && !isWithin(absences, event)) {
          violations.add(new Violation(Fault.REFUSED_WITHOUT_OUTAGE, event));
        }
      }
      case NONE -> unanswered(event, violations);
      default -> violations.add(new Violation(Fault.STRANGE, event));
    }
  }

  private void revoked(Event event, List<Violation> violations) {
    switch (event.status()) {
      case AWAY, UNKNOWN -> {}
      case NONE -> unanswered(event, violations);
      default -> {
        if (!event.isDone()) {
          violations.add(new Violation(Fault.STRANGE, event));
        }
      }
    }
  }

  private void unanswered(Event event, List<Violation> violations) {
    if (!isWithin(absences, event)) {
      violations.add(new Violation(Fault.NOT_ANSWERED, event));
    }
  }

  /** Whether nobody had asked for the session's end, and nothing has lost it. */
  private boolean isLive(Event event) {
    long start = issued.getOrDefault(event.session(), Long.MAX_VALUE);
    return revoking.getOrDefault(event.session(), Long.MAX_VALUE) > event.answered()
        && losses.stream()
            .noneMatch(loss -> start <= loss.answered() && loss.asked() <= event.answered());
  }

  private static boolean isWithin(List<Event> periods, Event event) {
    return periods.stream()
        .anyMatch(
            period ->
                (period.node() == Event.ALL || period.node() == event.node())
                    && period.overlaps(event));
  }
}
