package org.symbolon.nearcache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.symbolon.session.Presented;
import org.symbolon.session.SessionId;

/**
 * Computes what is kept of a session ID in its place: the first 128 bits of SHA-256 over its key
 * ID, generation and secret. One a thread, and nothing of an ID stays in it.
 */
final class IdDigest {
  private static final ThreadLocal<IdDigest> OF_THREAD = ThreadLocal.withInitial(IdDigest::new);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int LENGTH = 24;

  private static final Presented.Fold<IdDigest> OF_ID =
      new Presented.Fold<>() {
        @Override
        public IdDigest missing() {
          throw new IllegalArgumentException("a session ID needed");
        }

        @Override
        public IdDigest malformed() {
          return missing();
        }

        @Override
        public IdDigest ambiguous() {
          return missing();
        }

        @Override
        public IdDigest genuine(
            int key, long locator, int generation, long secretHead, int secretTail) {
          IdDigest digest = ofThread();
          digest.compute(key, generation, secretHead, secretTail);
          return digest;
        }
      };

  private final MessageDigest sha256;
  private final byte[] block = new byte[32];

  private IdDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static IdDigest ofThread() {
    return OF_THREAD.get();
  }

  static IdDigest of(SessionId id) {
    return id.fold(OF_ID);
  }

  /** Computes; {@link #head} and {@link #tail} give the outcome until the next. */
  void compute(int key, int generation, long secretHead, int secretTail) {
    LONG.set(block, 0, (long) key << 16 | generation);
    LONG.set(block, 8, secretHead);
    LONG.set(block, 16, (long) secretTail);
    sha256.update(block, 0, LENGTH);
    try {
      sha256.digest(block, 0, block.length);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256", e);
    }
  }

  long head() {
    return (long) LONG.get(block, 0);
  }

  long tail() {
    return (long) LONG.get(block, 8);
  }
}
