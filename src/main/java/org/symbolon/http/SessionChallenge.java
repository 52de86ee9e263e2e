package org.symbolon.http;

import org.symbolon.session.Reason;

/** The {@code WWW-Authenticate} value that tells why a session was refused. */
public final class SessionChallenge {
  private SessionChallenge() {}

  public static String of(Reason reason) {
    return of(reason.code());
  }

  static String of(String reason) {
    return "Session error=\"" + reason + "\"";
  }
}
