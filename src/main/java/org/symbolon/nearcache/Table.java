package org.symbolon.nearcache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries by their locator in a fixed number of places: sets of eight, and a locator has one set. A
 * new entry takes a dead one's place, else that of one that has not answered since the last look.
 *
 * <p>Readers take no lock. Writers of one set exclude each other; a reader beside them may miss an
 * entry, and never finds another locator's.
 */
final class Table<A> {
  private static final int WAYS = 8;
  private static final int LOCKS = 64;
  private static final VarHandle TAG = MethodHandles.arrayElementVarHandle(int[].class);

  private final int sets;

  /** A hash of the locator in each place, never 0, so that a set is searched in one cache line. */
  private final int[] tags;

  private final AtomicReferenceArray<@Nullable Entry<A>> places;
  private final Object[] locks = new Object[LOCKS];

  /**
   * @param most how many entries there may be; rounded down to whole sets, of which there is one at
   *     least
   */
  Table(int most) {
    this.sets = Math.max(1, most / WAYS);
    this.tags = new int[sets * WAYS];
    this.places = new AtomicReferenceArray<>(sets * WAYS);
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  @Nullable Entry<A> find(long locator) {
    long hash = hash(locator);
    int place = firstPlace(hash);
    int tag = tag(hash);
    for (int end = place + WAYS; place < end; place++) {
      if ((int) TAG.getOpaque(tags, place) == tag) {
        Entry<A> entry = places.getAcquire(place);
        if (entry != null && entry.locator == locator) {
          return entry;
        }
      }
    }
    return null;
  }

  void put(Entry<A> entry, Predicate<Entry<A>> isLive) {
    long hash = hash(entry.locator);
    int first = firstPlace(hash);
    synchronized (locks[(first / WAYS) % LOCKS]) {
      int place = placeFor(entry.locator, first, isLive);
      places.setRelease(place, entry);
      TAG.setOpaque(tags, place, tag(hash));
    }
  }

  void remove(long locator) {
    int first = firstPlace(hash(locator));
    synchronized (locks[(first / WAYS) % LOCKS]) {
      for (int place = first; place < first + WAYS; place++) {
        Entry<A> there = places.getPlain(place);
        if (there != null && there.locator == locator) {
          places.setRelease(place, null);
        }
      }
    }
  }

  /** How many live entries there are, by looking at each. */
  int count(Predicate<Entry<A>> isLive) {
    int count = 0;
    for (int place = 0; place < tags.length; place++) {
      Entry<A> entry = places.getAcquire(place);
      count += entry != null && isLive.test(entry) ? 1 : 0;
    }
    return count;
  }

  private int placeFor(long locator, int first, Predicate<Entry<A>> isLive) {
    int free = -1;
    int unused = -1;
    for (int place = first; place < first + WAYS; place++) {
      Entry<A> there = places.getPlain(place);
      if (there != null && there.locator == locator) {
        return place;
      }
      if (there == null || !isLive.test(there)) {
        free = place;
      } else if (!there.isUsed()) {
        unused = place;
      }
    }
    return free >= 0 ? free : unused >= 0 ? unused : oneOfAllUsed(first);
  }

  private int oneOfAllUsed(int first) {
    for (int place = first; place < first + WAYS; place++) {
      Entry<A> there = places.getPlain(place);
      if (there != null) {
        there.rest();
      }
    }
    return first + ThreadLocalRandom.current().nextInt(WAYS);
  }

  private static long hash(long locator) {
    return locator * 0x9e3779b97f4a7c15L;
  }

  private int firstPlace(long hash) {
    return (int) (((hash >>> 32) * sets) >>> 32) * WAYS;
  }

  private static int tag(long hash) {
    return (int) hash | 1;
  }
}
