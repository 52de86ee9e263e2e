package org.symbolon.session;

import java.security.interfaces.RSAPublicKey;

/** Which RSA keys may verify anything. */
public final class RsaKeys {
  private static final int MIN_BITS = 2048;
  private static final int MAX_EXPONENT_BITS = 33;

  private RsaKeys() {}

  /**
   * A huge exponent makes each verification slow, an even or tiny one makes it worthless.
   *
   * @param mostBits of the modulus, which has at least 2048
   */
  public static boolean isStrong(RSAPublicKey key, int mostBits) {
    int bits = key.getModulus().bitLength();
    return bits >= MIN_BITS
        && bits <= mostBits
        && key.getPublicExponent().testBit(0)
        && key.getPublicExponent().bitLength() > 1
        && key.getPublicExponent().bitLength() <= MAX_EXPONENT_BITS;
  }
}
