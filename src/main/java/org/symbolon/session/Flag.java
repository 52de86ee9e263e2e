package org.symbolon.session;

import java.util.Locale;

/**
 * What was seen of a session's IDs that speaks for a thief; it stays noted until the user
 * authenticates again. In the order of the stored bits: append only.
 */
public enum Flag {
  /**
   * An ID that had been replaced was presented, too late or by somebody else, and nothing ended.
   */
  REPLAY,
  /** An ID came over a connection that others could read. */
  PLAINTEXT;

  /** The flag in requests and reports. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
