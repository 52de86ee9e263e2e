package org.symbolon.session;

import java.time.Duration;
import java.util.Locale;

/**
 * When an ID is replaced by its successor, and what happens when a replaced one comes back.
 *
 * @param age how long a generation is used, from its first sight; 1 second to 400 days, and not
 *     shorter than the overlap
 * @param overlap how long requests that were sent with the predecessor are let in once its
 *     successor has been seen; at most 10 minutes
 */
public record RotationPolicy(
    Duration age, Duration overlap, OnReuse onReuse, OnDifference onDifference) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(400);
  private static final Duration LONGEST_OVERLAP = Duration.ofMinutes(10);

  /** Comes after the bounds that judge it. */
  public static final RotationPolicy DEFAULT =
      new RotationPolicy(Duration.ofMinutes(15), Duration.ofSeconds(10), OnReuse.REVOKE_SESSION);

  /** What happens besides that the replaced ID is refused and the event is recorded. */
  public enum OnReuse {
    REPORT,
    REVOKE_SESSION,
    REVOKE_SUBJECT;

    /** The reaction in audit events and the configuration. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What happens where the predecessor is presented before its successor was seen, by somebody
   * whose signals differ from those of the device that the session was issued to. A thief would be
   * handed the successor; so would a person who changed networks and whose first answer was lost.
   */
  public enum OnDifference {
    AUDIT,
    REFUSE;

    /** The reaction in audit events and the configuration. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A policy that lets a difference of signals pass and records it. */
  public RotationPolicy(Duration age, Duration overlap, OnReuse onReuse) {
    this(age, overlap, onReuse, OnDifference.AUDIT);
  }

  /**
   * @throws IllegalArgumentException where a bound is broken; the message names the field
   */
  public RotationPolicy {
    if (age.compareTo(SHORTEST) < 0 || age.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("age: 1 second to 400 days needed");
    }
    if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
      throw new IllegalArgumentException("overlap: 0 to 10 minutes needed");
    }
    if (overlap.compareTo(age) > 0) {
      throw new IllegalArgumentException("overlap: at most the age needed");
    }
  }
}
