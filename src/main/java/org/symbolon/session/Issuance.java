package org.symbolon.session;

/** The outcome of asking for a session. */
public sealed interface Issuance permits Issuance.Issued, Issuance.LimitReached, Unavailable {
  /** The session and the one sight of its ID. */
  record Issued(Session session, SecretText id) implements Issuance {}

  /** The subject has as many sessions as the policy allows, and the policy is to reject. */
  record LimitReached(int max) implements Issuance {}
}
