package org.symbolon.token;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** The keys' phases by ID. */
  public SortedMap<Integer, String> phases() {
    SortedMap<Integer, String> phases = new TreeMap<>();
    all().forEach(key -> phases.put(key.id(), key.phase().word()));
    return phases;
  }

  /**
   * The same with a fresh key that is accepted and does not sign yet.
   *
   * @throws IllegalArgumentException where all IDs are taken; the message says what to do
   */
  public KeyRing withNewKey(SecureRandom random) {
    return with(freshKey(RingKey.Phase.PUBLISH, random));
  }

  /**
   * The same with another key that signs; the one that did is accepted still.
   *
   * @throws IllegalArgumentException where the key is not an accepted one
   */
  public KeyRing signingWith(int id) {
    RingKey next = known(id);
    if (!next.isAccepted()) {
      throw new IllegalArgumentException("key " + id + " is retired; add a fresh one");
    }
    return id == signing
        ? this
        : with(inPhase(known(signing), RingKey.Phase.PUBLISH), inPhase(next, RingKey.Phase.SIGN));
  }

  /**
   * The same with a key refused.
   *
   * @throws IllegalArgumentException where there is no such key, or it signs
   */
  public KeyRing retiring(int id) {
    RingKey key = known(id);
    if (id == signing) {
      throw new IllegalArgumentException(
          "key " + id + " signs; let another sign first, or replace it at once");
    }
    return with(inPhase(key, RingKey.Phase.RETIRE));
  }

  /**
   * The same with a key refused, and with a fresh one that signs where it did.
   *
   * @throws IllegalArgumentException where there is no such key, or no ID for another
   */
  public KeyRing replacing(int id, SecureRandom random) {
    return id == signing
        ? with(inPhase(known(id), RingKey.Phase.RETIRE), freshKey(RingKey.Phase.SIGN, random))
        : retiring(id);
  }

  private RingKey known(int id) {
    return (id < 0 || id >= KEYS ? Optional.<RingKey>empty() : key(id))
        .orElseThrow(
            () -> new IllegalArgumentException("there is no key " + id + ", only " + summary()));
  }

  private static RingKey inPhase(RingKey key, RingKey.Phase phase) {
    return new RingKey(key.id(), phase, key.revealSecret());
  }

  private RingKey freshKey(RingKey.Phase phase, SecureRandom random) {
    byte[] secret = new byte[RingKey.LENGTH];
    random.nextBytes(secret);
    return new RingKey(freeId(), phase, secret);
  }

  /** One that was never used, where there is one: IDs under a retired key must stay refused. */
  private int freeId() {
    for (int id = 0; id < KEYS; id++) {
      if (keys[id] == null) {
        return id;
      }
    }
    throw new IllegalArgumentException(
        "all 16 IDs are taken; remove the line of a retired key under which no session can be"
            + " alive any more");
  }

  private KeyRing with(RingKey... changed) {
    SortedMap<Integer, RingKey> next = new TreeMap<>();
    all().forEach(key -> next.put(key.id(), key));
    for (RingKey key : changed) {
      next.put(key.id(), key);
    }
    return new KeyRing(bucketSecret, next.values());
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

  /** The keys that are not retired. */
  List<RingKey> accepted() {
    return all().stream().filter(RingKey::isAccepted).toList();
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
