package org.symbolon.session;

import java.security.MessageDigest;

/**
 * A session ID as presented: read, and its check found genuine, so this service made it once. That
 * its secret is the session's own is known only after {@link SessionIds#verify}.
 */
public final class SessionId {
  public static final int SECRET_LENGTH = 12;
  private final int key;
  private final Locator locator;
  private final int generation;
  private final byte[] secret;

  /** Takes the array as its own. */
  public SessionId(int key, Locator locator, int generation, byte[] secret) {
    this.key = key;
    this.locator = locator;
    this.generation = generation;
    this.secret = secret;
  }

  /** The ID of the key that made it, 0 to 15. */
  public int key() {
    return key;
  }

  public Locator locator() {
    return locator;
  }

  /** How often the session had rotated, 0 to 65535. */
  public int generation() {
    return generation;
  }

  /** Compares in constant time. */
  public boolean secretEquals(byte[] expected) {
    return MessageDigest.isEqual(secret, expected);
  }

  @Override
  public String toString() {
    return "[session ID]";
  }
}
