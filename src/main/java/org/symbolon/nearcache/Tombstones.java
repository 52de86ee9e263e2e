package org.symbolon.nearcache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;

/**
 * The ended sessions of 256 consecutive buckets, about 30 bytes each: a table of open addressing
 * without an object for each. Not thread-safe.
 */
final class Tombstones {
  private static final int LEAST = 16;
  private static final List<RevocationReason> REASONS = List.of(RevocationReason.values());

  private final int lane;
  private long[] names = new long[LEAST];

  /** Lower bytes of the buckets. */
  private byte[] lows = new byte[LEAST];

  /** One more than the reason's place; 0 where nothing stands. */
  private byte[] reasons = new byte[LEAST];

  /** In seconds since 1970, unsigned. */
  private int[] untils = new int[LEAST];

  private int size;

  Tombstones(int lane) {
    this.lane = lane;
  }

  int size() {
    return size;
  }

  Optional<RevocationReason> find(Handle handle) {
    int at = place(handle.name(), (byte) handle.bucket());
    return reasons[at] == 0 ? Optional.empty() : Optional.of(REASONS.get(reasons[at] - 1));
  }

  /** Of two of one session the later end and the graver reason stay. */
  void put(Revoked.Tombstone tombstone) {
    if ((size + 1) * 4 > names.length * 3) {
      resize(names.length * 2);
    }
    put(
        tombstone.handle().name(),
        (byte) tombstone.handle().bucket(),
        (byte) (REASONS.indexOf(tombstone.reason()) + 1),
        seconds(tombstone.until()));
  }

  private void put(long name, byte low, byte reason, int until) {
    int at = place(name, low);
    if (reasons[at] == 0) {
      size++;
      names[at] = name;
      lows[at] = low;
      untils[at] = until;
    }
    reasons[at] = (byte) Math.max(reasons[at], reason);
    untils[at] = Integer.compareUnsigned(until, untils[at]) > 0 ? until : untils[at];
  }

  /** Forgets what nothing can be alive of, and gives back the room. */
  void prune(Instant now) {
    int limit = seconds(now);
    for (int i = 0; i < reasons.length; i++) {
      if (reasons[i] != 0 && Integer.compareUnsigned(untils[i], limit) < 0) {
        reasons[i] = 0;
        size--;
      }
    }
    resize(LEAST);
  }

  /** The lower byte of the bucket with the most. */
  byte fullest() {
    int[] counts = new int[256];
    int fullest = 0;
    for (int i = 0; i < reasons.length; i++) {
      if (reasons[i] != 0) {
        int low = lows[i] & 0xff;
        counts[low]++;
        fullest = counts[low] > counts[fullest] ? low : fullest;
      }
    }
    return (byte) fullest;
  }

  /**
   * Forgets a bucket's.
   *
   * @return when the last of them would have been outlived
   */
  Instant forget(byte low) {
    int last = 0;
    for (int i = 0; i < reasons.length; i++) {
      if (reasons[i] != 0 && lows[i] == low) {
        reasons[i] = 0;
        size--;
        last = Integer.compareUnsigned(untils[i], last) > 0 ? untils[i] : last;
      }
    }
    resize(LEAST);
    return Instant.ofEpochSecond(Integer.toUnsignedLong(last));
  }

  List<Revoked> all() {
    List<Revoked> all = new ArrayList<>(size);
    for (int i = 0; i < reasons.length; i++) {
      if (reasons[i] != 0) {
        all.add(
            new Revoked.Tombstone(
                new Handle((lane << 8) | (lows[i] & 0xff), names[i]),
                REASONS.get(reasons[i] - 1),
                Instant.ofEpochSecond(Integer.toUnsignedLong(untils[i]))));
      }
    }
    return all;
  }

  /** Makes room for so many places, or for half as many again as are taken. */
  private void resize(int places) {
    int length = LEAST;
    while (length < places || length * 2 < size * 3) {
      length *= 2;
    }
    long[] oldNames = names;
    byte[] oldLows = lows;
    byte[] oldReasons = reasons;
    int[] oldUntils = untils;
    names = new long[length];
    lows = new byte[length];
    reasons = new byte[length];
    untils = new int[length];
    size = 0;
    for (int i = 0; i < oldReasons.length; i++) {
      if (oldReasons[i] != 0) {
        put(oldNames[i], oldLows[i], oldReasons[i], oldUntils[i]);
      }
    }
  }

  /** Where a session stands, or would. */
  private int place(long name, byte low) {
    int mask = names.length - 1;
    int at = (int) (((name + low) * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    while (reasons[at] != 0 && (names[at] != name || lows[at] != low)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static int seconds(Instant instant) {
    long seconds = instant.getEpochSecond() + (instant.getNano() > 0 ? 1 : 0);
    return (int) Math.clamp(seconds, 0, 0xffff_ffffL);
  }
}
