package org.symbolon.session;

import java.time.Instant;

/** Takes note of sessions that were found good, so that they can be answered for from memory. */
public interface KnownSessions {
  /** Takes no note. */
  KnownSessions NONE =
      new KnownSessions() {
        @Override
        public long version(int bucket) {
          return 0;
        }

        @Override
        public void remember(
            SessionId id,
            Session session,
            Instant rotationDue,
            long version,
            Likeness likeness,
            QuickProof proof) {
          // Every answer is the store's own.
        }
      };

  /**
   * Counts the changes of a bucket's sessions that were told of. Taken before the store is asked,
   * it tells afterwards whether the store's answer may be out of date already.
   */
  long version(int bucket);

  /**
   * Takes note of a session whose ID was verified, is its current one and has been seen.
   *
   * @param rotationDue when a request that can carry a successor is no more answered from memory
   * @param version of the session's bucket, from before the store was asked
   * @param likeness for whom it was found good
   * @param proof what each of its requests has to give
   */
  void remember(
      SessionId id,
      Session session,
      Instant rotationDue,
      long version,
      Likeness likeness,
      QuickProof proof);
}
