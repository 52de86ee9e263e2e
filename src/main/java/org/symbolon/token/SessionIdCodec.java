package org.symbolon.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.symbolon.session.Handle;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionIds;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/**
 * The wire form of session IDs: 27 bytes, big-endian, as 36 characters of base64url.
 *
 * <pre>
 *  0      version (4 bits, 1) and key ID (4 bits)
 *  1..8   locator: bucket (2), random (6)
 *  9..10  generation
 * 11..22  secret: HMAC-SHA256(master key, seed, locator, generation), its first 12 bytes
 * 23..26  check: SipHash-2-4(check key, bytes 0..22), its first 4 bytes
 * </pre>
 *
 * <p>27 bytes fill 36 characters without a bit to spare, so each ID has exactly one text.
 */
public final class SessionIdCodec implements SessionIds {
  static final int TEXT_LENGTH = 36;
  private static final int LENGTH = 27;
  private static final int CHECKED = 23;
  private static final int VERSION = 1;
  private static final int GENERATIONS = 1 << 16;
  private static final byte[] SIXES = sixes();

  private final Supplier<KeyRing> ring;
  private final SecureRandom random;

  /**
   * @param ring the ring of the moment, asked on every call
   */
  public SessionIdCodec(Supplier<KeyRing> ring, SecureRandom random) {
    this.ring = ring;
    this.random = random;
  }

  @Override
  public SubjectKey subjectKey(Tenant tenant, Subject subject) {
    // A tenant has no NUL, so no two pairs make one message.
    String message = tenant.value() + '\0' + subject.value();
    ByteBuffer hash =
        ByteBuffer.wrap(ring.get().bucket(message.getBytes(StandardCharsets.US_ASCII)));
    return new SubjectKey(Short.toUnsignedInt(hash.getShort()), hash.getLong());
  }

  @Override
  public Locator newLocator(SubjectKey subject) {
    return new Locator(subject.bucket(), random.nextLong() >>> 16);
  }

  @Override
  public Handle handle(Locator locator) {
    return new Handle(locator.bucket(), ring.get().handles().encrypt(locator.bits()));
  }

  @Override
  public Optional<Locator> locator(Handle handle) {
    long bits = ring.get().handles().decrypt(handle.name());
    return bits >>> 48 == handle.bucket() ? Optional.of(Locator.of(bits)) : Optional.empty();
  }

  @Override
  public int signingKey() {
    return ring.get().signingKey();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for a generation beyond 16 bits
   */
  @Override
  public SecretText encode(int keyId, Locator locator, int generation, Seed seed) {
    if (generation < 0 || generation >= GENERATIONS) {
      throw new IllegalArgumentException("generation: 0 to 65535 needed");
    }
    RingKey key = ring.get().accepted(keyId);
    if (key == null) {
      throw new IllegalStateException("key " + keyId + " is not in the ring, or retired");
    }
    ByteBuffer wire = ByteBuffer.allocate(LENGTH);
    wire.put((byte) (VERSION << 4 | keyId)).putLong(locator.bits()).putShort((short) generation);
    wire.put(secret(key, locator.bits(), generation, seed));
    // The byte after the 23 checked ones is still 0: the third word is whole but for its length.
    long w2 = Long.reverseBytes(wire.getLong(16)) | (long) CHECKED << 56;
    wire.putInt(
        key.check(Long.reverseBytes(wire.getLong(0)), Long.reverseBytes(wire.getLong(8)), w2));
    return new SecretText(
        new String(Base64.getUrlEncoder().encode(wire.array()), StandardCharsets.US_ASCII));
  }

  @Override
  public Presented parse(String text) {
    return parse(text, 0, text.length(), Presented.VALUES);
  }

  @Override
  public <R> R parse(String text, int start, int end, Presented.Fold<R> fold) {
    if (end - start != TEXT_LENGTH) {
      return fold.malformed();
    }
    // Nine groups of three bytes, kept in words: nothing is allocated.
    int g0 = group(text, start);
    int g1 = group(text, start + 4);
    int g2 = group(text, start + 8);
    int g3 = group(text, start + 12);
    int g4 = group(text, start + 16);
    int g5 = group(text, start + 20);
    int g6 = group(text, start + 24);
    int g7 = group(text, start + 28);
    int g8 = group(text, start + 32);
    if ((g0 | g1 | g2 | g3 | g4 | g5 | g6 | g7 | g8) < 0) {
      return fold.malformed();
    }
    long head = (long) g0 << 40 | (long) g1 << 16 | g2 >>> 8;
    long middle = (long) g2 << 56 | (long) g3 << 32 | (long) g4 << 8 | g5 >>> 16;
    long tail = (long) g5 << 48 | (long) g6 << 24 | g7;
    if (head >>> 60 != VERSION) {
      return fold.malformed();
    }
    int keyId = (int) (head >>> 56) & 15;
    RingKey key = ring.get().accepted(keyId);
    if (key == null) {
      return fold.malformed();
    }
    int check = (int) (tail << 24) | g8;
    long w2 = Long.reverseBytes(tail & ~0xffL) | (long) CHECKED << 56;
    // One comparison of two registers takes the same time whichever bits differ.
    if (check != key.check(Long.reverseBytes(head), Long.reverseBytes(middle), w2)) {
      return fold.malformed();
    }
    return fold.genuine(
        keyId,
        head << 8 | middle >>> 56,
        (int) (middle >>> 40) & (GENERATIONS - 1),
        middle << 24 | tail >>> 40,
        (int) (tail >>> 8));
  }

  @Override
  public boolean verify(SessionId presented, Seed seed) {
    RingKey key = ring.get().accepted(presented.key());
    return key != null
        && presented.secretEquals(
            secret(key, presented.locator().bits(), presented.generation(), seed));
  }

  @Override
  public int signalHash(String signal) {
    return signal.isEmpty()
        ? 0
        : ByteBuffer.wrap(ring.get().signal(signal.getBytes(StandardCharsets.UTF_8))).getInt();
  }

  private static byte[] secret(RingKey key, long locator, int generation, Seed seed) {
    ByteBuffer message = ByteBuffer.allocate(Seed.LENGTH + 10);
    message.put(seed.reveal()).putLong(locator).putShort((short) generation);
    return Arrays.copyOf(key.master(message.array()), SessionId.SECRET_LENGTH);
  }

  /** Three bytes of four characters; negative where one is not of the alphabet. */
  private static int group(String text, int at) {
    return six(text.charAt(at)) << 18
        | six(text.charAt(at + 1)) << 12
        | six(text.charAt(at + 2)) << 6
        | six(text.charAt(at + 3));
  }

  private static int six(char c) {
    return c < SIXES.length ? SIXES[c] : -1;
  }

  private static byte[] sixes() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    byte[] sixes = new byte[128];
    Arrays.fill(sixes, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      sixes[alphabet.charAt(i)] = (byte) i;
    }
    return sixes;
  }
}
