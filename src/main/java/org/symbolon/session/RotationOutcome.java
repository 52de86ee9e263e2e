package org.symbolon.session;

import java.util.Locale;

/** What became of a session's ID at a use. */
public enum RotationOutcome {
  /** The first use of a generation due for rotation: the successor was made and handed out. */
  ISSUED,
  /** The first sight of a successor. */
  CONFIRMED,
  /** The predecessor came again before its successor was seen; the same successor went out. */
  REISSUED,
  /** The predecessor, shortly after its successor was seen: a request that was under way. */
  OVERLAP,
  /** An ID that nobody should have any more. */
  REUSE,
  /** A generation newer than the store's, which had lost a write. */
  HEALED,
  /** The current generation, and nothing to be done. */
  NONE;

  /** The outcome in metrics and audit events. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
