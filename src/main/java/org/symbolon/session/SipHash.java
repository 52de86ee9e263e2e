package org.symbolon.session;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of messages of 16 to 23 bytes, which are three words.
 *
 * <p>Written out here because a session ID's check is computed for every junk value that somebody
 * sends, and what is remembered of it for every one that is known: an HMAC costs ten times as much
 * and the JDK has no lighter keyed hash.
 */
public final class SipHash {
  private SipHash() {}

  /**
   * The hash; its first byte is the lowest.
   *
   * @param w0 bytes 0 to 7, the first lowest
   * @param w1 bytes 8 to 15
   * @param w2 bytes 16 and on, the message's length in the highest byte
   */
  public static long hash(long k0, long k1, long w0, long w1, long w2) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    // Two rounds for each word, then four; one loop, so that the state stays in registers.
    for (int round = 0; round < 10; round++) {
      long word = round < 2 ? w0 : round < 4 ? w1 : w2;
      boolean first = (round & 1) == 0 && round < 6;
      if (first) {
        v3 ^= word;
      } else if (round == 6) {
        v2 ^= 0xff;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      if (!first && round < 6) {
        v0 ^= word;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
