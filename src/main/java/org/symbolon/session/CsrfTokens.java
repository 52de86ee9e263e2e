package org.symbolon.session;

/**
 * Makes and judges the tokens by which an application's own pages are told from other sites'. A
 * token belongs to one session and one authentication of it: it survives rotation, and neither a
 * new login nor a step-up.
 */
public interface CsrfTokens {
  /** A token for the session, 40 characters of base64url; each call gives another. */
  SecretText issue(Session session);

  /** True where the token is of this session and its present authentication. */
  boolean isGood(String token, Session session);
}
