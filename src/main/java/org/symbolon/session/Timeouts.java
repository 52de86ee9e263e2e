package org.symbolon.session;

import java.time.Duration;

/**
 * How long a session lives without use and altogether.
 *
 * @param idle 1 second to the absolute timeout
 * @param absolute at most 400 days, the longest a browser keeps a cookie (RFC 6265bis section 5.5)
 */
public record Timeouts(Duration idle, Duration absolute) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest absolute timeout. */
  public static final Duration LONGEST = Duration.ofDays(400);

  /**
   * @throws IllegalArgumentException where a bound is broken; the message names the field
   */
  public Timeouts {
    if (absolute.compareTo(SHORTEST) < 0 || absolute.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("absolute: 1 second to 400 days needed");
    }
    if (idle.compareTo(SHORTEST) < 0 || idle.compareTo(absolute) > 0) {
      throw new IllegalArgumentException("idle: 1 second up to the absolute timeout needed");
    }
  }
}
