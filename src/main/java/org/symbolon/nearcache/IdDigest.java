package org.symbolon.nearcache;

import java.security.SecureRandom;
import org.symbolon.session.SessionId;

/**
 * Makes what is kept of a session ID in its place: 128 bits, two keyed hashes of it under keys that
 * are drawn anew for each cache.
 */
final class IdDigest {
  private final long head0;
  private final long head1;
  private final long tail0;
  private final long tail1;

  IdDigest(SecureRandom random) {
    head0 = random.nextLong();
    head1 = random.nextLong();
    tail0 = random.nextLong();
    tail1 = random.nextLong();
  }

  long head(SessionId id) {
    return id.hash(head0, head1);
  }

  long tail(SessionId id) {
    return id.hash(tail0, tail1);
  }

  /** Compares in constant time with what was kept; the ID is given by its parts. */
  boolean isKept(long head, long tail, int key, int generation, long secretHead, int secretTail) {
    long first = SessionId.hash(head0, head1, key, generation, secretHead, secretTail);
    long second = SessionId.hash(tail0, tail1, key, generation, secretHead, secretTail);
    return ((first ^ head) | (second ^ tail)) == 0;
  }
}
