package org.symbolon.session;

import java.time.Duration;

/** What the service counts and times. Every text is from a small closed set, never a user's. */
public interface Indicators {
  /**
   * @param result {@code allow}, a {@link Reason#code}, or {@code unavailable}
   */
  void validated(String result, String gateway, Duration took);

  /**
   * Counts a request for a session.
   *
   * @param result {@code issued}, {@code refused}, {@code cross-site}, {@code limit} or {@code
   *     unavailable}
   */
  void login(String result);

  void logout(String scope);

  void setCookie(boolean secure, boolean httpOnly, String sameSite);

  /**
   * @param hop {@code client} where a trusted gateway reports that its client spoke plaintext,
   *     {@code service} where this service was reached in plaintext beyond loopback and trusted
   *     gateways
   */
  void cookieOverPlaintext(String hop);

  void cookieHeaderBytes(int bytes);

  /**
   * @param outcome {@code ok}, {@code timeout}, {@code disconnected} or {@code error}
   */
  void store(String operation, String outcome, Duration took);

  /** Counts what became of an ID at a use; {@link RotationOutcome#NONE} is not told. */
  void rotated(RotationOutcome outcome, String gateway);

  /**
   * Counts a replaced ID that came back.
   *
   * @param signal in what its presenter differs from the device that the session was issued to:
   *     {@code user-agent}, {@code network}, {@code both} or {@code none}
   */
  void replaySuspected(String signal);

  /** Forwarded headers that an untrusted peer sent and that were not believed. */
  void forwardedIgnored();
}
