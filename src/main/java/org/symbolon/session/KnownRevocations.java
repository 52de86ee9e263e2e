package org.symbolon.session;

import java.util.Optional;

/**
 * The revocations that this node knows of, whatever the store says now: it may have lost them in a
 * failover.
 */
public interface KnownRevocations {
  /** Knows none. */
  KnownRevocations NONE =
      new KnownRevocations() {
        @Override
        public long version() {
          return 0;
        }

        @Override
        public Optional<RevocationReason> reason(Session session) {
          return Optional.empty();
        }
      };

  /**
   * Counts up whenever a not-before mark becomes known, after {@link #reason} knows it. While it
   * stays the same, a session that was found unaffected stays so unless {@link Changes} tells of
   * it.
   */
  long version();

  /** Why the session is over; empty where no known revocation covers it. */
  Optional<RevocationReason> reason(Session session);
}
