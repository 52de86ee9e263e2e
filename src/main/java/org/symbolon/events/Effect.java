package org.symbolon.events;

import java.util.Locale;

/** What follows from an event. */
public enum Effect {
  /** The subject's sessions end. */
  REVOKE,
  /** A campaign is planned, which ends them when somebody starts it. */
  CAMPAIGN,
  /** It is recorded, and nothing follows. */
  IGNORE;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
