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
  AMBIGUOUS("ambiguous"),
  /** A good session whose authentication is too old or too weak for the route (RFC 9470). */
  INSUFFICIENT("insufficient_user_authentication"),
  /** A good session, and a request that does not show its CSRF token. */
  CSRF("csrf-token"),
  /** A bound session, and a request that does not prove its key. */
  BINDING_MISSING("binding-missing"),
  /** A bound session, and a proof that was good too long ago. */
  BINDING_STALE("binding-stale"),
  /** A bound session, and a proof of another key or of another session. */
  BINDING_WRONG("binding-wrong"),
  /** A bound session, and a proof that was used before. */
  BINDING_REPLAYED("binding-replayed"),
  /** A bound session, and a proof that is none (RFC 9449 section 7.1). */
  INVALID_DPOP_PROOF("invalid_dpop_proof"),
  /** A bound session, and a proof without the nonce that this answer brings. */
  USE_DPOP_NONCE("use_dpop_nonce"),
  /** A session that has to be bound, and was not within the time for it. */
  UNBOUND("unbound"),
  /** A session, and a presenter who differs from its first. */
  SIGNALS_DIFFER("signals-differ"),
  /** A session whose key or presenter is not proved; a new authentication makes up for it. */
  STEP_UP("insufficient_user_authentication"),
  /** A good session that a campaign asks for a new authentication, however old the last is. */
  ANEW("insufficient_user_authentication");

  private final String code;

  Reason(String code) {
    this.code = code;
  }

  /**
   * True where the presented session is over for good, so that the cookie can be deleted. A refusal
   * that arrives after a newer login's reply, or from a node that lacks a key, would otherwise
   * delete a good cookie.
   */
  public boolean isFinal() {
    return switch (this) {
      case EXPIRED, REUSED -> true;
      case MISSING,
          MALFORMED,
          AMBIGUOUS,
          REVOKED,
          SUPERSEDED,
          INSUFFICIENT,
          CSRF,
          BINDING_MISSING,
          BINDING_STALE,
          BINDING_WRONG,
          BINDING_REPLAYED,
          INVALID_DPOP_PROOF,
          USE_DPOP_NONCE,
          UNBOUND,
          SIGNALS_DIFFER,
          STEP_UP,
          ANEW ->
          false;
    };
  }

  public String code() {
    return code;
  }
}
