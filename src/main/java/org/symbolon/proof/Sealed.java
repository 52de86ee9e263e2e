package org.symbolon.proof;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Handle;
import org.symbolon.session.Seals;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;

/**
 * A text that one node hands out for a session and any node judges, without anything being stored.
 *
 * <pre>
 *  0     version (4 bits, 1) and key ID (4 bits)
 *  1     purpose
 *  2  5  when it ends, seconds since 1970 by the store's clock
 *  7  n  what else it says
 *    16  seal over all before and the session's handle and seed, cut
 * </pre>
 *
 * <p>The seed is only in the session's record: the key ring alone makes none.
 */
final class Sealed {
  /** What a text is for; none is good for another. */
  enum Purpose {
    REGISTRATION(0),
    REFRESH(1),
    COOKIE(2);

    private final byte code;

    Purpose(int code) {
      this.code = (byte) code;
    }
  }

  private static final int VERSION = 1;
  private static final int HEAD = 7;
  private static final int MAC = 16;
  private static final int HANDLE = 10;

  private final Seals seals;

  Sealed(Seals seals) {
    this.seals = seals;
  }

  /** What was read of a text whose form is right; nothing is believed. */
  static final class Text {
    private final byte[] bytes;

    private Text(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean isFor(Purpose asked) {
      return bytes[1] == asked.code;
    }

    /** By the store's clock. */
    Instant endsAt() {
      ByteBuffer in = ByteBuffer.wrap(bytes, 2, 5);
      return Instant.ofEpochSecond(((in.get() & 0xffL) << 32) | (in.getInt() & 0xffffffffL));
    }

    byte[] said() {
      return Arrays.copyOfRange(bytes, HEAD, bytes.length - MAC);
    }
  }

  /** Makes a text. */
  String make(Purpose purpose, Session session, Instant end, byte[] said) {
    long endsAt = end.getEpochSecond();
    int key = seals.signingKey();
    ByteBuffer text = ByteBuffer.allocate(HEAD + said.length + MAC);
    text.put((byte) (VERSION << 4 | key)).put(purpose.code);
    text.put((byte) (endsAt >>> 32)).putInt((int) endsAt).put(said);
    byte[] mac = mac(key, session, text.array());
    if (mac == null) {
      throw new IllegalStateException("a key ring has a key that signs");
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.put(mac).array());
  }

  /**
   * Reads a text; empty for another form.
   *
   * @param said how many bytes it says beside the end
   */
  static Optional<Text> read(String text, int said) {
    int length = HEAD + said + MAC;
    if (text.length() != (length * 4 + 2) / 3) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != length || (bytes[0] & 0xf0) != VERSION << 4) {
      return Optional.empty();
    }
    return Optional.of(new Text(bytes));
  }

  /** True where a node made the text for the session. */
  boolean isOf(Text text, Session session) {
    byte[] mac = mac(text.bytes[0] & 0x0f, session, text.bytes);
    return mac != null
        && MessageDigest.isEqual(
            mac, Arrays.copyOfRange(text.bytes, text.bytes.length - MAC, text.bytes.length));
  }

  private byte @Nullable [] mac(int key, Session session, byte[] text) {
    Handle handle = session.handle();
    byte[] message =
        ByteBuffer.allocate(text.length - MAC + HANDLE + Seed.LENGTH)
            .put(text, 0, text.length - MAC)
            .putShort((short) handle.bucket())
            .putLong(handle.name())
            .put(session.seed().reveal())
            .array();
    byte[] mac = seals.seal(key, message);
    return mac == null ? null : Arrays.copyOf(mac, MAC);
  }
}
