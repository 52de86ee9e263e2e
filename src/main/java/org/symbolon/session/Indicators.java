package org.symbolon.session;

import java.time.Duration;

/** What the service counts and times. Every text is from a small closed set, never a user's. */
public interface Indicators {
  /**
   * @param result {@code allow}, a {@link Reason#code}, or {@code unavailable}
   * @param asked when it was asked, and {@code answered} when it was answered, by {@link
   *     System#nanoTime}
   */
  void validated(String result, String gateway, long asked, long answered);

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
   * Counts a replaced ID that came back, or a session that several seem to use.
   *
   * @param signal in what the presenter of a replaced ID differs from the device that the session
   *     was issued to: {@code user-agent}, {@code network}, {@code both} or {@code none}; else
   *     {@code travel} or {@code fan-out}
   */
  void replaySuspected(String signal);

  /**
   * Counts a session that got a new ID.
   *
   * @param by {@code rotation} (with a validate), {@code refresh}, {@code elevate}, or {@code
   *     login} of somebody who still had an ID
   */
  void renewed(String by);

  /**
   * Counts a request that did not prove what its session is bound to, or whose presenter differs.
   *
   * @param binding a {@link Binding.Kind#code}, {@code none} of a session that has to be bound, or
   *     a {@link Signal#code}
   * @param reason a {@link Reason#code}
   * @param reaction a {@link BindingPolicy.Rung#code}
   */
  void unproved(String binding, String reason, String reaction);

  /** Forwarded headers that an untrusted peer sent and that were not believed. */
  void forwardedIgnored();
}
