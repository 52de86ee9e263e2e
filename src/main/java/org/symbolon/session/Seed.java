package org.symbolon.session;

import java.security.SecureRandom;

/** The 16 random bytes in a session's record without which no ID of it can be computed. */
public final class Seed {
  public static final int LENGTH = 16;
  private final byte[] bytes;

  private Seed(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Seed random(SecureRandom random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return new Seed(bytes);
  }

  /**
   * @throws IllegalArgumentException for any other length than 16
   */
  public static Seed of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("seed: 16 bytes needed");
    }
    return new Seed(bytes.clone());
  }

  /** A copy of the bytes, for the codecs alone. */
  public byte[] reveal() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "[seed]";
  }
}
