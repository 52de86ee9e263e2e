package org.symbolon.session;

/**
 * How many live sessions a subject may have, and what happens to one too many.
 *
 * @param max 1 to 1000
 */
public record SubjectLimit(int max, WhenReached whenReached) {
  public enum WhenReached {
    REJECT,
    EVICT_OLDEST,
    EVICT_LEAST_USED
  }

  /**
   * @throws IllegalArgumentException where max is out of its range
   */
  public SubjectLimit {
    if (max < 1 || max > 1000) {
      throw new IllegalArgumentException("max: 1 to 1000 needed");
    }
  }
}
