package org.symbolon.session;

/** What a request showed in the place of a session ID. */
public sealed interface Presented {
  /** No cookie of our name. */
  record Missing() implements Presented {}

  /** A value of another shape, of an unknown key, or with a false check. */
  record Malformed() implements Presented {}

  /** Several different values, of which none can be preferred. */
  record Ambiguous() implements Presented {}

  /** A value whose check is ours. */
  record Genuine(SessionId id) implements Presented {}
}
