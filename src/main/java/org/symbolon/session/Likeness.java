package org.symbolon.session;

import java.util.Set;

/**
 * For whom an answer from memory holds.
 *
 * @param presenter a {@link PresenterDigest} of whom the session's signals were compared with
 * @param differing the signals that differed and were let pass
 */
public record Likeness(long presenter, Set<Signal> differing) {
  /** For everybody: no signal is on. */
  public static final Likeness ANYONE = new Likeness(0, Set.of());

  public Likeness {
    differing = Set.copyOf(differing);
  }
}
