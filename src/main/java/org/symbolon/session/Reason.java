package org.symbolon.session;

/** Why a session was refused, as {@code WWW-Authenticate: Session error="..."} says it. */
public enum Reason {
  MISSING("missing"),
  MALFORMED("malformed"),
  EXPIRED("expired"),
  REVOKED("revoked"),
  REUSED("reused"),
  /** An earlier ID of a session that lives on: the browser may hold the newer, so no clearing. */
  SUPERSEDED("superseded"),
  AMBIGUOUS("ambiguous");

  private final String code;

  Reason(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
