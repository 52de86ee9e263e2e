package org.symbolon.session;

import java.time.Instant;

/**
 * A revocation as a value. Two of the same session or scope merge to the later one, so that knowing
 * or writing one twice, late or in another order changes nothing.
 */
public sealed interface Revoked {
  RevocationReason reason();

  /** The instant from which nothing that it covers can be alive, so that it may be forgotten. */
  Instant until();

  /**
   * One session is over.
   *
   * @param until its absolute deadline
   */
  record Tombstone(Handle handle, RevocationReason reason, Instant until) implements Revoked {}

  /**
   * The sessions of a scope are over that were issued at an instant or before, to the millisecond
   * of the store's clock.
   */
  record Mark(Scope scope, Instant notBefore, RevocationReason reason, Instant until)
      implements Revoked {}

  /** Whose sessions a mark covers. */
  sealed interface Scope {}

  record OfSubject(SubjectKey subject) implements Scope {}

  record OfTenant(Tenant tenant) implements Scope {}

  record Everything() implements Scope {}
}
