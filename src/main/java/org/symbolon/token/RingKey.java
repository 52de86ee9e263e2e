package org.symbolon.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.symbolon.session.SipHash;

/** One of the ring's keys: what it is derived into, and what it may be used for. */
final class RingKey {
  static final int LENGTH = 32;

  /** What a key may be used for. */
  enum Phase {
    /** Accepted, not signing: known to every node before it signs, or still good after it did. */
    PUBLISH,
    /** Accepted, and the one that signs new IDs. */
    SIGN,
    /** Refused outright, with every session under it. */
    RETIRE;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final int id;
  private final Phase phase;
  private final byte[] secret;
  private final Keyed master;
  private final Keyed csrf;
  private final Keyed assertion;
  private final Keyed seal;
  private final long check0;
  private final long check1;

  RingKey(int id, Phase phase, byte[] secret) {
    this.id = id;
    this.phase = phase;
    this.secret = secret.clone();
    this.master = new Keyed(Keyed.derive(secret, "symbolon.secret.v1"));
    this.csrf = new Keyed(Keyed.derive(secret, "symbolon.csrf.v1"));
    this.assertion = new Keyed(Keyed.derive(secret, "symbolon.assertion.v1"));
    this.seal = new Keyed(Keyed.derive(secret, "symbolon.seal.v1"));
    ByteBuffer check =
        ByteBuffer.wrap(Keyed.derive(secret, "symbolon.check.v1." + id))
            .order(ByteOrder.LITTLE_ENDIAN);
    this.check0 = check.getLong();
    this.check1 = check.getLong();
  }

  int id() {
    return id;
  }

  Phase phase() {
    return phase;
  }

  boolean isAccepted() {
    return phase != Phase.RETIRE;
  }

  /** A copy, for the text form alone. */
  byte[] revealSecret() {
    return secret.clone();
  }

  /** The 32 bytes of which an ID's secret is the beginning. */
  byte[] master(byte[] message) {
    return master.hash(message);
  }

  /** The 32 bytes of which a CSRF token ends in the beginning. */
  byte[] csrf(byte[] message) {
    return csrf.hash(message);
  }

  /** The bits of which the key pair of assertions is derived. */
  byte[] assertion() {
    return ByteBuffer.allocate(DerivedKey.BYTES)
        .put(assertion.hash(new byte[] {1}))
        .put(assertion.hash(new byte[] {2}), 0, DerivedKey.BYTES - LENGTH)
        .array();
  }

  /** The 32 bytes of which a seal is the beginning. */
  byte[] seal(byte[] message) {
    return seal.hash(message);
  }

  /** The check over an ID's first 23 bytes, three words as {@link SipHash} takes them. */
  int check(long w0, long w1, long w2) {
    return Integer.reverseBytes((int) SipHash.hash(check0, check1, w0, w1, w2));
  }

  @Override
  public String toString() {
    return id + " " + phase.word();
  }
}
