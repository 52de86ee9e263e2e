package org.symbolon.token;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.SecretText;

/**
 * The keys behind session IDs, as they stand at one time: the bucket key, which never changes, and
 * up to 16 keys by ID, of which one signs. Text form, one a line, {@code #} begins a comment line:
 *
 * <pre>
 * bucket &lt;32 bytes in base64 or base64url&gt;
 * key &lt;0..15&gt; &lt;publish|sign|retire&gt; &lt;32 bytes in base64 or base64url&gt;
 * </pre>
 */
public final class KeyRing {
  static final int KEYS = 16;

  private final byte[] bucketSecret;
  private final Keyed bucket;
  private final Keyed signal;
  private final HandleCipher handles;
  private final @Nullable RingKey[] keys;
  private final int signing;

  /** Takes what {@link KeyRingText} has judged: distinct IDs, exactly one of them signing. */
  KeyRing(byte[] bucketSecret, Collection<RingKey> keys) {
    this.bucketSecret = bucketSecret.clone();
    this.bucket = new Keyed(Keyed.derive(bucketSecret, "symbolon.bucket.v1"));
    this.signal = new Keyed(Keyed.derive(bucketSecret, "symbolon.signal.v1"));
    this.handles = new HandleCipher(Keyed.derive(bucketSecret, "symbolon.handle.v2"));
    this.keys = new @Nullable RingKey[KEYS];
    int signs = -1;
    for (RingKey key : keys) {
      this.keys[key.id()] = key;
      if (key.phase() == RingKey.Phase.SIGN) {
        signs = key.id();
      }
    }
    this.signing = signs;
  }

  /** The outcome of reading a text form. */
  public sealed interface Reading permits Read, Faulty {}

  public record Read(KeyRing ring) implements Reading {}

  /**
   * Not a key ring.
   *
   * @param line counted from 1; 0 for the whole
   * @param field {@code bucket}, {@code key}, {@code id}, {@code phase}, or {@code secret}
   * @param mend what to change; no key material
   */
  public record Faulty(int line, String field, String mend) implements Reading {
    @Override
    public String toString() {
      return (line == 0 ? "" : "line " + line + ", ") + field + ": " + mend;
    }
  }

  /** Reads the text form. */
  public static Reading parse(SecretText text) {
    return new KeyRingText().read(text.reveal());
  }

  /** A new ring with one key, ID 0, that signs. */
  public static KeyRing generate(SecureRandom random) {
    byte[] bucket = new byte[RingKey.LENGTH];
    byte[] secret = new byte[RingKey.LENGTH];
    random.nextBytes(bucket);
    random.nextBytes(secret);
    return new KeyRing(bucket, List.of(new RingKey(0, RingKey.Phase.SIGN, secret)));
  }

  /** The text form, for a file that only its owner reads. */
  public SecretText text() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    StringBuilder text = new StringBuilder("# Whoever reads this file can forge sessions.\n");
    text.append("bucket ").append(base64.encodeToString(bucketSecret)).append('\n');
    all()
        .forEach(
            key ->
                text.append("key ")
                    .append(key.id())
                    .append(' ')
                    .append(key.phase().word())
                    .append(' ')
                    .append(base64.encodeToString(key.revealSecret()))
                    .append('\n'));
    return new SecretText(text.toString());
  }

  /** The keys' IDs and phases, as {@code 0 publish, 1 sign}. */
  public String summary() {
    return all().stream().map(RingKey::toString).collect(Collectors.joining(", "));
  }

  /** True where both rings place subjects in the same buckets. */
  boolean hasBucketOf(KeyRing other) {
    return Arrays.equals(bucketSecret, other.bucketSecret);
  }

  int signingKey() {
    return signing;
  }

  /** The key of an ID, unless there is none or it is retired. */
  @Nullable RingKey accepted(int id) {
    RingKey key = id < 0 || id >= KEYS ? null : keys[id];
    return key != null && key.isAccepted() ? key : null;
  }

  /** The key of an ID, whatever its phase. */
  Optional<RingKey> key(int id) {
    return Optional.ofNullable(keys[id]);
  }

  byte[] bucket(byte[] message) {
    return bucket.hash(message);
  }

  byte[] signal(byte[] message) {
    return signal.hash(message);
  }

  HandleCipher handles() {
    return handles;
  }

  private List<RingKey> all() {
    return Arrays.stream(keys).filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  @Override
  public String toString() {
    return "KeyRing[" + summary() + "]";
  }
}
