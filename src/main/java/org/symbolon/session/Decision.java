package org.symbolon.session;

/** The answer to "is this session still good, and whose is it?". */
public sealed interface Decision permits Decision.Allow, Decision.Deny, Unavailable {
  record Allow(Session session) implements Decision {}

  record Deny(Reason reason) implements Decision {}
}
