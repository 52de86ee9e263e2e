package org.symbolon.session;

import java.nio.ByteBuffer;

/**
 * A session ID as presented: read, and its check found genuine, so this service made it once. That
 * its secret is the session's own is known only after {@link SessionIds#verify}.
 */
public final class SessionId {
  public static final int SECRET_LENGTH = 12;
  private static final long HASHED = 20;
  private final int key;
  private final Locator locator;
  private final int generation;
  private final long secretHead;
  private final int secretTail;

  public SessionId(int key, Locator locator, int generation, byte[] secret) {
    this(
        key,
        locator,
        generation,
        ByteBuffer.wrap(secret).getLong(),
        ByteBuffer.wrap(secret, 8, 4).getInt());
    if (secret.length != SECRET_LENGTH) {
      throw new IllegalArgumentException("secret: 12 bytes needed");
    }
  }

  /**
   * @param secretHead the secret's first 8 bytes, big-endian
   * @param secretTail its last 4
   */
  public SessionId(int key, Locator locator, int generation, long secretHead, int secretTail) {
    this.key = key;
    this.locator = locator;
    this.generation = generation;
    this.secretHead = secretHead;
    this.secretTail = secretTail;
  }

  /** The ID of the key that made it, 0 to 15. */
  public int key() {
    return key;
  }

  public Locator locator() {
    return locator;
  }

  /** How often the session had rotated, 0 to 65535. */
  public int generation() {
    return generation;
  }

  /** Compares in constant time. */
  public boolean secretEquals(byte[] expected) {
    ByteBuffer bytes = ByteBuffer.wrap(expected);
    return expected.length == SECRET_LENGTH
        && ((bytes.getLong() ^ secretHead) | (bytes.getInt() ^ secretTail)) == 0;
  }

  /** {@link SipHash} of its key ID, generation and secret, 20 bytes. */
  public long hash(long k0, long k1) {
    return hash(k0, k1, key, generation, secretHead, secretTail);
  }

  /** The same of an ID that no object was made of. */
  public static long hash(
      long k0, long k1, int key, int generation, long secretHead, int secretTail) {
    return SipHash.hash(
        k0,
        k1,
        (long) key << 16 | generation,
        secretHead,
        HASHED << 56 | Integer.toUnsignedLong(secretTail));
  }

  /** Hands on its parts. */
  public <R> R fold(Presented.Fold<R> fold) {
    return fold.genuine(key, locator.bits(), generation, secretHead, secretTail);
  }

  @Override
  public String toString() {
    return "[session ID]";
  }
}
