package org.symbolon.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 under one key, for any number of threads.
 *
 * <p>Each computation works on a clone of a keyed prototype that is never itself fed: no lock, and
 * nothing per thread that would outlive a key taken out of the ring or multiply by virtual threads.
 */
final class Keyed {
  private static final String ALGORITHM = "HmacSHA256";
  private final Mac prototype;

  Keyed(byte[] key) {
    try {
      prototype = Mac.getInstance(ALGORITHM);
      prototype.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** The key that a label yields from a secret, so that one secret serves several purposes. */
  static byte[] derive(byte[] secret, String label) {
    return new Keyed(secret).hash(label.getBytes(StandardCharsets.US_ASCII));
  }

  /** 32 bytes. */
  byte[] hash(byte[] message) {
    try {
      return ((Mac) prototype.clone()).doFinal(message);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be cloned", e);
    }
  }
}
