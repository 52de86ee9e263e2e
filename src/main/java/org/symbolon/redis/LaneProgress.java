package org.symbolon.redis;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far the changes of one lane have been heard: all up to a number, each in order. A change
 * counts once it was told on.
 *
 * <p>Pushed ones come for speed, and may come from a server that was replaced; what counts in the
 * end is that a server's log goes on from what was heard. Not thread-safe.
 */
final class LaneProgress {
  /** What a look at the log shows. */
  enum Continuity {
    WHOLE,
    /** The lane has lost changes that were heard. */
    ROLLED_BACK,
    /** The lane has had changes that were not heard and are no more in the log. */
    TRIMMED
  }

  /**
   * Where a look at the log begins.
   *
   * @param begin which of the lane's beginnings it belongs to
   */
  record Look(int begin, long from) {
    Range<String> range() {
      return from == 0
          ? Range.unbounded()
          : Range.from(Range.Boundary.including(from + "-0"), Range.Boundary.unbounded());
    }
  }

  private static final byte[] UNKNOWN = {};
  private final Lane lane;
  private final Consumer<Change> told;
  private int begins;
  private boolean isBegun;
  private boolean isFresh;
  private long last;

  /** The last change as it was heard: another under its number is of another history. */
  private byte[] lastChange = UNKNOWN;

  private byte[] lookedFor = UNKNOWN;
  private long proven;
  private @Nullable Object server;

  /**
   * @param told where it throws, the change counts as not heard
   */
  LaneProgress(Lane lane, Consumer<Change> told) {
    this.lane = lane;
    this.told = told;
  }

  Lane lane() {
    return lane;
  }

  boolean isBegun() {
    return isBegun;
  }

  /** The number of the last change that was heard. */
  long last() {
    return last;
  }

  /** Begins anew after a number; what was heard before is no more relied on. */
  void begin(long number, Object at) {
    begins++;
    isBegun = true;
    isFresh = true;
    last = number;
    lastChange = UNKNOWN;
    proven = number;
    server = number == 0 ? at : null;
  }

  void end() {
    isBegun = false;
  }

  /** Whether a server's log goes on from what was heard, and all up to a number was. */
  boolean isProven(Object at, long number) {
    return isBegun && at.equals(server) && proven >= number;
  }

  /** Hears a change that was pushed; true where the log has to be looked at. */
  boolean push(long number, byte[] change) {
    if (isBegun && number == last + 1) {
      hear(number, change);
      return false;
    }
    if (!isBegun) {
      told.accept(Change.read(lane, change));
      return false;
    }
    return number != last || !Arrays.equals(change, lastChange);
  }

  /** Where to look at the log next; one look at a time. */
  Look look() {
    lookedFor = lastChange;
    return new Look(begins, last);
  }

  /**
   * Hears what the log holds beyond what was heard.
   *
   * @param entries the whole of the look's range
   * @param at the server whose log it is; null where it proves nothing
   */
  Continuity read(Look look, List<StreamMessage<byte[], byte[]>> entries, @Nullable Object at) {
    if (!isBegun || look.begin() != begins) {
      return Continuity.WHOLE;
    }
    long number = look.from();
    boolean isNew = isFresh && lookedFor.length == 0;
    boolean isThere = number == 0;
    for (StreamMessage<byte[], byte[]> entry : entries) {
      long next = number(entry.getId());
      byte[] change = entry.getBody().values().iterator().next();
      if (next == look.from()) {
        if (!isNew && !Arrays.equals(change, lookedFor)) {
          return Continuity.ROLLED_BACK;
        }
        isThere = true;
        if (last == next) {
          lastChange = change;
        }
      } else if (next != number + 1 || !(isThere || isNew)) {
        return Continuity.TRIMMED;
      } else if (next > last) {
        hear(next, change);
      } else if (next == last && !Arrays.equals(change, lastChange)) {
        return Continuity.ROLLED_BACK;
      }
      number = next;
    }
    if (!isThere && !isNew) {
      return Continuity.ROLLED_BACK;
    }
    isFresh = false;
    if (at != null) {
      proven = number;
      server = at;
    }
    return Continuity.WHOLE;
  }

  private void hear(long number, byte[] change) {
    told.accept(Change.read(lane, change));
    last = number;
    lastChange = change;
  }

  private static long number(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }
}
