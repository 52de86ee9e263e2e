package org.symbolon.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.symbolon.session.Handle;
import org.symbolon.session.SubjectKey;

/**
 * The names of everything in the store. The bucket in three digits of base64url is the hash tag, so
 * that a session and its subject's index share a slot; eight raw bytes follow. Each is 14 bytes,
 * the most that Redis keeps in 16: one more would cost 32 bytes a session.
 */
final class Keys {
  static final byte[] AUDIT = "audit".getBytes(StandardCharsets.US_ASCII);
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private Keys() {}

  /** {@code s{bucket}} and the 8 bytes of the session's name. */
  static byte[] session(Handle handle) {
    return key('s', handle.bucket(), handle.name());
  }

  /** {@code u{bucket}} and 8 bytes of the subject's hash. */
  static byte[] index(SubjectKey subject) {
    return key('u', subject.bucket(), subject.hash());
  }

  /**
   * {@code j{...}}, where the tag is 128 bits of a hash of issuer and name in base64url: an
   * issuer's text decides neither the size of a key nor its slot.
   */
  static byte[] replay(String issuer, String jti) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] first = issuer.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).array());
      sha256.update(first);
      byte[] hash = sha256.digest(jti.getBytes(StandardCharsets.UTF_8));
      String tag = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
      return ("j{" + tag + "}").getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The 8 bytes by which an index knows a session. */
  static byte[] name(Handle handle) {
    return ByteBuffer.allocate(Long.BYTES).putLong(handle.name()).array();
  }

  /** The handle of a name in an index of a bucket. */
  static Handle handle(int bucket, byte[] name) {
    return new Handle(bucket, ByteBuffer.wrap(name).getLong());
  }

  private static byte[] key(char kind, int bucket, long name) {
    String tag =
        kind
            + "{"
            + DIGITS.charAt(bucket >>> 12)
            + DIGITS.charAt((bucket >>> 6) & 63)
            + DIGITS.charAt(bucket & 63)
            + "}";
    return ByteBuffer.allocate(tag.length() + Long.BYTES)
        .put(tag.getBytes(StandardCharsets.US_ASCII))
        .putLong(name)
        .array();
  }
}
