package org.symbolon.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Revocations that a node has heard of and remembers until nothing that they cover can be alive.
 */
public interface RevocationMemory extends KnownRevocations {
  /** Remembers none: for nodes that believe the store. */
  RevocationMemory NONE =
      new RevocationMemory() {
        @Override
        public long version() {
          return 0;
        }

        @Override
        public Optional<RevocationReason> reason(Session session) {
          return Optional.empty();
        }

        @Override
        public void learn(Revoked revoked) {
          // Known by the store alone.
        }

        @Override
        public Instant notBefore(Tenant tenant) {
          return Instant.EPOCH;
        }

        @Override
        public Instant latest() {
          return Instant.EPOCH;
        }

        @Override
        public List<Revoked> of(int lane) {
          return List.of();
        }
      };

  /** Takes note of a revocation. To know one twice, late or in another order changes nothing. */
  void learn(Revoked revoked);

  /**
   * The last instant at which a session of a tenant may have been issued that is over with all that
   * were; {@link Instant#EPOCH} where there is none.
   */
  Instant notBefore(Tenant tenant);

  /** The latest of all marks on tenants and on everything; {@link Instant#EPOCH} without any. */
  Instant latest();

  /**
   * All that is known of a part of the store.
   *
   * @param lane 0 to 255, the upper byte of a bucket; 256 for what concerns more than one subject
   */
  List<Revoked> of(int lane);
}
