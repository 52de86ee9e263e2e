package org.symbolon.session;

import java.util.Optional;

/** The answer to "is this session still good, and whose is it?". */
public sealed interface Decision permits Decision.Allow, Decision.Deny, Unavailable {
  /**
   * @param successor the ID to use from now on, for the carrier to take to the client
   * @param outcome what became of the presented ID
   */
  record Allow(Session session, Optional<SecretText> successor, RotationOutcome outcome)
      implements Decision {}

  record Deny(Reason reason) implements Decision {}
}
