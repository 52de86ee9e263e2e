package org.symbolon.token;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.symbolon.session.CsrfTokens;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;

/**
 * The wire form of CSRF tokens: 30 bytes as 40 characters of base64url.
 *
 * <pre>
 *  0      version (4 bits, 1) and key ID (4 bits)
 *  1..13  nonce
 * 14..29  HMAC-SHA256(csrf key, nonce, handle, auth_time, seed), its first 16 bytes
 * </pre>
 *
 * <p>The nonce makes every token another, so that the compression of a page that holds one tells
 * nothing (BREACH). The seed is only in the session's record: the key ring alone forges none.
 */
public final class CsrfCodec implements CsrfTokens {
  private static final int VERSION = 1;
  private static final int NONCE = 13;
  private static final int MAC = 16;
  private static final int LENGTH = 1 + NONCE + MAC;
  private static final int TEXT_LENGTH = 40;

  private final Supplier<KeyRing> ring;
  private final SecureRandom random;

  /**
   * @param ring the ring of the moment, asked on every call
   */
  public CsrfCodec(Supplier<KeyRing> ring, SecureRandom random) {
    this.ring = ring;
    this.random = random;
  }

  @Override
  public SecretText issue(Session session) {
    KeyRing now = ring.get();
    RingKey key = now.accepted(now.signingKey());
    if (key == null) {
      throw new IllegalStateException("a key ring has a key that signs");
    }
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] token =
        ByteBuffer.allocate(LENGTH)
            .put((byte) (VERSION << 4 | key.id()))
            .put(nonce)
            .put(mac(key, nonce, session))
            .array();
    return new SecretText(Base64.getUrlEncoder().encodeToString(token));
  }

  @Override
  public boolean isGood(String token, Session session) {
    if (token.length() != TEXT_LENGTH) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (bytes.length != LENGTH || (bytes[0] & 0xf0) != VERSION << 4) {
      return false;
    }
    RingKey key = ring.get().accepted(bytes[0] & 0x0f);
    byte[] nonce = Arrays.copyOfRange(bytes, 1, 1 + NONCE);
    return key != null
        && MessageDigest.isEqual(
            Arrays.copyOfRange(bytes, 1 + NONCE, LENGTH), mac(key, nonce, session));
  }

  private static byte[] mac(RingKey key, byte[] nonce, Session session) {
    byte[] message =
        ByteBuffer.allocate(NONCE + Short.BYTES + Long.BYTES + Long.BYTES + Seed.LENGTH)
            .put(nonce)
            .putShort((short) session.handle().bucket())
            .putLong(session.handle().name())
            .putLong(session.authentication().time().toEpochMilli())
            .put(session.seed().reveal())
            .array();
    return Arrays.copyOf(key.csrf(message), MAC);
  }
}
