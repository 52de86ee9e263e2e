package org.symbolon.session;

import java.util.Locale;

/** Why a session was ended before its time, in the order of the stored codes: append only. */
public enum RevocationReason {
  LOGOUT,
  LOGOUT_ELSEWHERE,
  REPLACED,
  EVICTED,
  ADMIN,
  REUSE,
  CAMPAIGN;

  /** The reason in audit events and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a later presenter of the session's ID is told. */
  public Reason told() {
    return this == REUSE ? Reason.REUSED : Reason.REVOKED;
  }
}
