package org.symbolon.session;

import java.util.Optional;

/**
 * The public name of a session: its bucket and a keyed permutation of its locator's 64 bits,
 * written as 16 characters of lower-case base32 (RFC 4648 section 6). It finds the record and
 * proves nothing.
 */
public record Handle(int bucket, long name) {
  public static final int LENGTH = 16;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /**
   * @throws IllegalArgumentException where the bucket does not fit 16 bits
   */
  public Handle {
    if (bucket < 0 || bucket >= Locator.BUCKETS) {
      throw new IllegalArgumentException("handle: 16 bits of bucket needed");
    }
  }

  /** Reads the text form; empty for anything else. */
  public static Optional<Handle> parse(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return Optional.of(new Handle((int) high, low));
  }

  @Override
  public String toString() {
    char[] text = new char[LENGTH];
    long high = bucket;
    long low = name;
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text);
  }
}
