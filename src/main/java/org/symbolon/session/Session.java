package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;

/**
 * A live session as the store holds it.
 *
 * @param handle its public name
 * @param key the ID of the key its current ID was made with
 * @param generation how often it has rotated
 * @param issuedAt when it began, by the store's clock
 * @param lastSeenAt the last use that was recorded; uses are recorded at most once a tenth of idle
 * @param absoluteDeadline the instant at which it ends whatever happens; never moved
 * @param idle how long it lives without use
 */
public record Session(
    Handle handle,
    int key,
    int generation,
    Seed seed,
    Tenant tenant,
    Subject subject,
    Authentication authentication,
    ClientClass clientClass,
    Device device,
    Attributes attributes,
    Instant issuedAt,
    Instant lastSeenAt,
    Instant absoluteDeadline,
    Duration idle) {

  /** The instant at which it ends if it is not used again. */
  public Instant deadline() {
    Instant idleDeadline = lastSeenAt.plus(idle);
    return idleDeadline.isBefore(absoluteDeadline) ? idleDeadline : absoluteDeadline;
  }

  /** True from the deadline on, the deadline included. */
  public boolean isExpired(Instant now) {
    return !now.isBefore(deadline());
  }

  /** True where a use at this instant is worth a write: a tenth of the idle time has passed. */
  public boolean isTouchDue(Instant now) {
    return !now.isBefore(lastSeenAt.plus(idle.dividedBy(10)));
  }
}
