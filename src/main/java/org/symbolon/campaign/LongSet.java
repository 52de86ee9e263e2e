package org.symbolon.campaign;

/** Numbers, each once, in 16 bytes or less: a million sessions fit any heap. Not thread-safe. */
final class LongSet {
  private long[] slots = new long[1024];
  private int size;
  private boolean hasZero;

  /**
   * @return false where it is in already
   */
  boolean add(long number) {
    if (number == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    if (size * 2 >= slots.length) {
      grow();
    }
    if (put(slots, number)) {
      size++;
      return true;
    }
    return false;
  }

  long size() {
    return (long) size + (hasZero ? 1 : 0);
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long number : slots) {
      if (number != 0) {
        put(larger, number);
      }
    }
    slots = larger;
  }

  private static boolean put(long[] slots, long number) {
    int mask = slots.length - 1;
    int slot = (int) ((number * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (slots[slot] != 0) {
      if (slots[slot] == number) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = number;
    return true;
  }
}
