package org.symbolon.http;

import org.symbolon.session.CsrfTokens;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;

/** CSRF tokens without a secret: what they belong to, in 40 characters. */
final class PlainCsrf implements CsrfTokens {
  @Override
  public SecretText issue(Session session) {
    String text = session.handle() + "-" + session.authentication().time().getEpochSecond();
    return new SecretText(text + "_".repeat(40 - text.length()));
  }

  @Override
  public boolean isGood(String token, Session session) {
    return token.equals(issue(session).reveal());
  }
}
