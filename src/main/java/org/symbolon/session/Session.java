package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

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
 * @param rotatedAt when the current generation was issued, and once it was seen, when first
 * @param isSeen whether the current generation has been presented; true of the first
 * @param hasPredecessor whether the generation before still counts for a while; false of the first
 *     and of one that a step-up began
 * @param binding what its requests have to prove; once there it stays
 * @param signals what is compared of its presenters
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
    Duration idle,
    Instant rotatedAt,
    boolean isSeen,
    boolean hasPredecessor,
    Optional<Binding> binding,
    SignalHashes signals) {
  /** The greatest generation; a session that reaches it keeps it. */
  public static final int LAST_GENERATION = 65_535;

  /** The instant at which it ends if it is not used again. */
  public Instant deadline() {
    Instant idleDeadline = lastSeenAt.plus(idle);
    return idleDeadline.isBefore(absoluteDeadline) ? idleDeadline : absoluteDeadline;
  }

  /** True from the deadline on, the deadline included. */
  public boolean isExpired(Instant now) {
    return !now.isBefore(deadline());
  }

  /** The same session, had it another generation. */
  public Session withGeneration(int other) {
    return with(other, binding, signals);
  }

  /** The same session, bound. */
  public Session withBinding(Binding bound) {
    return with(generation, Optional.of(bound), signals);
  }

  /** The same session, had it other signals. */
  public Session withSignals(SignalHashes other) {
    return with(generation, binding, other);
  }

  private Session with(
      int otherGeneration, Optional<Binding> otherBinding, SignalHashes otherSignals) {
    return new Session(
        handle,
        key,
        otherGeneration,
        seed,
        tenant,
        subject,
        authentication,
        clientClass,
        device,
        attributes,
        issuedAt,
        lastSeenAt,
        absoluteDeadline,
        idle,
        rotatedAt,
        isSeen,
        hasPredecessor,
        otherBinding,
        otherSignals);
  }

  /**
   * True while requests with the predecessor may be under way: its successor has not been seen, or
   * only within the overlap.
   */
  public boolean isFresh(Instant now, Duration overlap) {
    return !isSeen || now.isBefore(rotatedAt.plus(overlap));
  }

  /** True where the current generation is to be replaced at its next use. */
  public boolean isRotationDue(Instant now, RotationPolicy policy) {
    return isSeen && !now.isBefore(rotationDue(policy));
  }

  /** When the current generation, once seen, is to be replaced at its next use. */
  public Instant rotationDue(RotationPolicy policy) {
    return generation < LAST_GENERATION ? rotatedAt.plus(policy.age()) : Instant.MAX;
  }

  /** True where a use at this instant is worth a write: a tenth of the idle time has passed. */
  public boolean isTouchDue(Instant now) {
    return !now.isBefore(lastSeenAt.plusMillis(idle.toMillis() / 10));
  }
}
