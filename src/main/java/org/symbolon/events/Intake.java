package org.symbolon.events;

import java.util.Optional;

/**
 * What other services may tell this one; empty where nobody is configured to.
 *
 * @param logouts logout tokens
 * @param events security event tokens
 * @param revocations for whoever has a credential for it
 */
public record Intake(
    Optional<ReceiveEvents> logouts,
    Optional<ReceiveEvents> events,
    Optional<RevokeSubject> revocations) {
  public static final Intake NONE =
      new Intake(Optional.empty(), Optional.empty(), Optional.empty());
}
