package org.symbolon.token;

import java.util.Base64;
import org.symbolon.session.SecretText;

/** Key rings for tests, each made of small numbers so that it is the same in every run. */
final class Rings {
  private Rings() {}

  /** 32 different bytes, in base64. */
  static String secret(int start) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (start + i * 3);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static KeyRing ring(String text) {
    return switch (KeyRing.parse(new SecretText(text))) {
      case KeyRing.Read(KeyRing ring) -> ring;
      case KeyRing.Faulty fault -> throw new AssertionError(fault.toString());
    };
  }

  /** A ring with the bucket of secret 1 and keys given as {@code "3 sign", "0 publish"}. */
  static KeyRing of(String... keys) {
    StringBuilder text = new StringBuilder("bucket " + secret(1) + "\n");
    for (String key : keys) {
      int id = Integer.parseInt(key.substring(0, key.indexOf(' ')));
      text.append("key ").append(key).append(' ').append(secret(10 + id)).append('\n');
    }
    return ring(text.toString());
  }
}
