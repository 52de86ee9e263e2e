package org.symbolon.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.symbolon.session.Handle;
import org.symbolon.session.SubjectKey;

/**
 * The names of everything in the store. The hash tag is the {@link Lane}'s, so that a session, its
 * subject's index and the log of their changes share a slot; the bucket's low byte and eight raw
 * bytes follow. Each is 14 bytes, the most that Redis keeps in 16: one more would cost 32 bytes a
 * session.
 */
final class Keys {
  static final byte[] AUDIT = "audit".getBytes(StandardCharsets.US_ASCII);

  private Keys() {}

  /** {@code s{lane}}, the bucket's low byte and the 8 bytes of the session's name. */
  static byte[] session(Handle handle) {
    return key('s', handle.bucket(), handle.name());
  }

  /** The handle of a record's key; empty for another key. */
  static Optional<Handle> handle(byte[] key) {
    if (key.length != 2 + Lane.TAG_LENGTH + 1 + 1 + Long.BYTES || key[0] != 's') {
      return Optional.empty();
    }
    String tag = new String(key, 2, Lane.TAG_LENGTH, StandardCharsets.US_ASCII);
    ByteBuffer rest = ByteBuffer.wrap(key, 2 + Lane.TAG_LENGTH + 1, 1 + Long.BYTES);
    int low = rest.get() & 0xff;
    return Lane.tagged(tag)
        .filter(lane -> lane.number() < Lane.COMMON)
        .map(lane -> new Handle((lane.number() << 8) | low, rest.getLong()));
  }

  /** {@code u{lane}}, the bucket's low byte and the 8 bytes of the subject's hash. */
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

  /** {@code j} and the tag of another key, for what is written only to be waited for. */
  static byte[] mark(byte[] tagged) {
    int open = 0;
    while (tagged[open] != '{') {
      open++;
    }
    int end = open;
    while (tagged[end] != '}') {
      end++;
    }
    byte[] key = Arrays.copyOfRange(tagged, open - 1, end + 1);
    key[0] = 'j';
    return key;
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
    byte[] tag = (kind + "{" + Lane.of(bucket).tag() + "}").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(tag.length + 1 + Long.BYTES)
        .put(tag)
        .put((byte) bucket)
        .putLong(name)
        .array();
  }
}
