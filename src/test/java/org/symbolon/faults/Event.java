package org.symbolon.faults;

import java.util.List;

/**
 * One line of a history: a request and its answer, or something that befell the service. All times
 * are by one clock.
 *
 * @param asked when the request was sent, or when it began; ns
 * @param answered when the answer was there, or when it was over; ns
 * @param node which node, from 0; {@link #ALL} for all of them
 * @param session which session, from 0; 0 where it is about none
 * @param status of the answer; 0 where none came
 */
record Event(Kind kind, long asked, long answered, int node, int session, int status) {
  static final int ALL = -1;

  /** What it tells of. */
  enum Kind {
    ISSUE,
    VALIDATE,
    REVOKE,
    /** The store was away for a node, which may answer 503. */
    OUTAGE,
    /** A node was away, and gave no answers. */
    DOWN,
    /** The store lost all it had: sessions issued before it had that behind it are gone. */
    EMPTIED
  }

  static Event outage(long began, long ended, int node) {
    return new Event(Kind.OUTAGE, began, ended, node, 0, 0);
  }

  static Event down(long began, long ended, int node) {
    return new Event(Kind.DOWN, began, ended, node, 0, 0);
  }

  static Event emptied(long began, long ended) {
    return new Event(Kind.EMPTIED, began, ended, ALL, 0, 0);
  }

  boolean isRequest() {
    return switch (kind) {
      case ISSUE, VALIDATE, REVOKE -> true;
      case OUTAGE, DOWN, EMPTIED -> false;
    };
  }

  boolean isDone() {
    return status >= 200 && status < 300;
  }

  long took() {
    return answered - asked;
  }

  boolean overlaps(Event other) {
    return asked <= other.answered && other.asked <= answered;
  }

  String line() {
    return String.join(
        "\t",
        List.of(kind.name(), "" + asked, "" + answered, "" + node, "" + session, "" + status));
  }

  static Event parse(String line) {
    String[] parts = line.split("\t", -1);
    return new Event(
        Kind.valueOf(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Integer.parseInt(parts[3]),
        Integer.parseInt(parts[4]),
        Integer.parseInt(parts[5]));
  }
}
