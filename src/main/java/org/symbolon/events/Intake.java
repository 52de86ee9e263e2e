package org.symbolon.events;

import java.util.Map;
import java.util.Optional;

/**
 * What other services may tell this one, empty where nobody is configured to, and what it tells.
 *
 * @param logouts logout tokens
 * @param events security event tokens
 * @param revocations for whoever has a credential for it
 * @param streams those whose receivers ask, by name
 * @param isTelling whether others are told by signed events, and so need the keys
 */
public record Intake(
    Optional<ReceiveEvents> logouts,
    Optional<ReceiveEvents> events,
    Optional<RevokeSubject> revocations,
    Map<String, PolledStream> streams,
    boolean isTelling) {
  public static final Intake NONE =
      new Intake(Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), false);
}
