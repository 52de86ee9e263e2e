package org.symbolon.session;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Optional;

/**
 * IDs without cryptography: the secret is the seed's beginning and the generation, and nothing is
 * checked.
 */
public class PlainIds implements SessionIds {
  private static final HexFormat HEX = HexFormat.of();
  private final BitSet retired = new BitSet();
  private long next;
  private int ring;
  private int signing = 1;

  /** Makes every subject's bucket another one, as a wrong key ring does. */
  void changeRing() {
    ring++;
  }

  /** Numbers the next locators from here on, where several share a store; less than 2^48. */
  public void countFrom(long first) {
    next = first;
  }

  /** Makes new IDs with another key. */
  public void signWith(int key) {
    signing = key;
    retired.clear(key);
  }

  /** Takes a key out of use. */
  public void retire(int key) {
    retired.set(key);
  }

  public boolean isRetired(int key) {
    return retired.get(key);
  }

  @Override
  public SubjectKey subjectKey(Tenant tenant, Subject subject) {
    int hash = (tenant.value() + " " + subject.value()).hashCode();
    return new SubjectKey((hash + ring) & 0xffff, hash);
  }

  @Override
  public Locator newLocator(SubjectKey subject) {
    return new Locator(subject.bucket(), next++);
  }

  @Override
  public Handle handle(Locator locator) {
    return new Handle(locator.bucket(), ~locator.random());
  }

  @Override
  public Optional<Locator> locator(Handle handle) {
    return ~handle.name() >>> 48 == 0
        ? Optional.of(new Locator(handle.bucket(), ~handle.name()))
        : Optional.empty();
  }

  @Override
  public int signingKey() {
    return signing;
  }

  @Override
  public SecretText encode(int key, Locator locator, int generation, Seed seed) {
    if (retired.get(key)) {
      throw new IllegalStateException("key " + key + " is retired");
    }
    return new SecretText(
        locator.bucket()
            + ":"
            + locator.random()
            + ":"
            + generation
            + ":"
            + key
            + ":"
            + HEX.formatHex(secret(seed, generation)));
  }

  @Override
  public Presented parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 5 || retired.get(Integer.parseInt(parts[3]))) {
      return new Presented.Malformed();
    }
    return new Presented.Genuine(
        new SessionId(
            Integer.parseInt(parts[3]),
            new Locator(Integer.parseInt(parts[0]), Long.parseLong(parts[1])),
            Integer.parseInt(parts[2]),
            HEX.parseHex(parts[4])));
  }

  @Override
  public boolean verify(SessionId presented, Seed seed) {
    return !retired.get(presented.key())
        && presented.secretEquals(secret(seed, presented.generation()));
  }

  @Override
  public int signalHash(String signal) {
    return signal.hashCode();
  }

  private static byte[] secret(Seed seed, int generation) {
    byte[] secret = Arrays.copyOf(seed.reveal(), SessionId.SECRET_LENGTH);
    secret[0] ^= (byte) generation;
    secret[1] ^= (byte) (generation >> 8);
    return secret;
  }
}
