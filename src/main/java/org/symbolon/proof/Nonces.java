package org.symbolon.proof;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Seals;

/**
 * What proofs have to name so that none can have been made long before (RFC 9449 section 8). Every
 * node makes and knows them, and nothing is stored:
 *
 * <pre>
 *  0    version (4 bits, 1) and key ID (4 bits)
 *  1  5 when it was made, seconds since 1970
 *  6 15 seal, cut
 * </pre>
 */
final class Nonces {
  /** How long one is taken. */
  static final Duration LIFE = Duration.ofMinutes(5);

  /** Nodes whose clocks differ make them at different times. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  private static final byte[] LABEL = "dpop nonce".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEAD = 6;
  private static final int LENGTH = 21;
  private static final int TEXT_LENGTH = 28;

  private final Seals seals;

  Nonces(Seals seals) {
    this.seals = seals;
  }

  String make(Instant now) {
    int key = seals.signingKey();
    long second = now.getEpochSecond();
    byte[] bytes =
        ByteBuffer.allocate(LENGTH)
            .put((byte) ((VERSION << 4) | key))
            .put((byte) (second >>> 32))
            .putInt((int) second)
            .array();
    byte[] seal = seal(key, bytes);
    if (seal == null) {
      throw new IllegalStateException("a key ring has a key that signs");
    }
    System.arraycopy(seal, 0, bytes, HEAD, LENGTH - HEAD);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  /** True where a node made it a short while ago. */
  boolean isGood(String nonce, Instant now) {
    if (nonce.length() != TEXT_LENGTH) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (bytes.length != LENGTH || (bytes[0] & 0xf0) != VERSION << 4) {
      return false;
    }
    byte[] seal = seal(bytes[0] & 0x0f, bytes);
    if (seal == null || !MessageDigest.isEqual(seal, Arrays.copyOfRange(bytes, HEAD, LENGTH))) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, HEAD - 1);
    Instant made = Instant.ofEpochSecond(((in.get() & 0xffL) << 32) | (in.getInt() & 0xffffffffL));
    return now.isBefore(made.plus(LIFE)) && !made.isAfter(now.plus(SKEW));
  }

  private byte @Nullable [] seal(int key, byte[] bytes) {
    byte[] message =
        ByteBuffer.allocate(LABEL.length + HEAD).put(LABEL).put(bytes, 0, HEAD).array();
    byte[] seal = seals.seal(key, message);
    return seal == null ? null : Arrays.copyOf(seal, LENGTH - HEAD);
  }
}
