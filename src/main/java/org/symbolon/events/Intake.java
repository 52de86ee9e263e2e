package org.symbolon.events;

import java.util.Optional;

/**
 * What other services may tell this one; empty where nobody is configured to.
 *
 * @param logouts logout tokens
 */
public record Intake(Optional<ReceiveEvents> logouts) {
  public static final Intake NONE = new Intake(Optional.empty());
}
