package org.symbolon.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.symbolon.session.SipHash;

/**
 * A permutation of 64 bits under a key: a Feistel network of four rounds (Luby and Rackoff, 1988),
 * each of them SipHash-2-4 of the round's number and one half, 8 bytes each, lowest byte first.
 *
 * <p>It names a session for the public and finds the session's locator again; it protects nothing,
 * for a locator proves nothing without its secret.
 */
final class HandleCipher {
  private static final int ROUNDS = 4;
  private static final long SIXTEEN_BYTES = 16L << 56;
  private static final long HALF = 0xffffffffL;
  private final long k0;
  private final long k1;

  /**
   * @param key of which the first 16 bytes count
   */
  HandleCipher(byte[] key) {
    ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    this.k0 = words.getLong();
    this.k1 = words.getLong();
  }

  long encrypt(long block) {
    long left = block >>> 32;
    long right = block & HALF;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ mix(round, right);
      left = right;
      right = next;
    }
    return left << 32 | right;
  }

  long decrypt(long block) {
    long left = block >>> 32;
    long right = block & HALF;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long before = right ^ mix(round, left);
      right = left;
      left = before;
    }
    return left << 32 | right;
  }

  private long mix(int round, long half) {
    return SipHash.hash(k0, k1, round, half, SIXTEEN_BYTES) & HALF;
  }
}
