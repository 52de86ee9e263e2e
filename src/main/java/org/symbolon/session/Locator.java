package org.symbolon.session;

/**
 * The eight bytes of a session ID that name its record: a bucket of 16 bits, which is the Redis
 * hash tag, and 48 random bits. It is part of the ID and so never leaves the process; the public
 * name is the {@link Handle}.
 */
public record Locator(int bucket, long random) {
  public static final int BUCKETS = 1 << 16;

  /**
   * @throws IllegalArgumentException where a part does not fit its bits
   */
  public Locator {
    if (bucket < 0 || bucket >= BUCKETS || random >>> 48 != 0) {
      throw new IllegalArgumentException("locator: 16 bits of bucket and 48 of random needed");
    }
  }

  /** The locator of {@link #bits}. */
  public static Locator of(long bits) {
    return new Locator((int) (bits >>> 48), bits << 16 >>> 16);
  }

  /** All 64 bits, the bucket first. */
  public long bits() {
    return (long) bucket << 48 | random;
  }

  @Override
  public String toString() {
    return "Locator[bucket=" + bucket + "]";
  }
}
