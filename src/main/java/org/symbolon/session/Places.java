package org.symbolon.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Where a session is used from, as far as it takes to see that it is used from two places by turns,
 * or from many: 32 bits of keyed hashes, and seconds since 1970. Once one of the two has been seen,
 * it stays noted, and what led to it is forgotten.
 *
 * @param suspicions {@link Signal#TRAVEL} and {@link Signal#FAN_OUT}, where they were seen
 * @param here the place that it was last used from; 0 for none
 * @param before the place before; 0 for none
 * @param movedAt when it was first used from {@code here} since
 * @param networks the networks it was used from of late
 */
public record Places(
    Set<Signal> suspicions, int here, int before, long movedAt, List<Seen> networks) {
  /** Nothing recorded. */
  public static final Places NONE = new Places(Set.of(), 0, 0, 0, List.of());

  /** A network, and when it was last taken note of. */
  public record Seen(int network, long at) {}

  /**
   * What is too fast, and what is too much.
   *
   * @param back being back sooner than this in the place before the last is too fast; 1 minute to
   *     24 hours
   * @param networks more than so many within the window are too many; 2 to 20
   * @param window 1 minute to 24 hours
   */
  public record Bounds(Duration back, int networks, Duration window) {
    /** An hour; five networks in ten minutes. */
    public static final Bounds USUAL = new Bounds(Duration.ofHours(1), 5, Duration.ofMinutes(10));

    /**
     * @throws IllegalArgumentException where a bound is broken; the message names the field
     */
    public Bounds {
      requireTime("back", back);
      requireTime("window", window);
      if (networks < 2 || networks > 20) {
        throw new IllegalArgumentException("networks: 2 to 20 needed");
      }
    }

    private static void requireTime(String field, Duration time) {
      if (time.compareTo(Duration.ofMinutes(1)) < 0 || time.compareTo(Duration.ofHours(24)) > 0) {
        throw new IllegalArgumentException(field + ": 1 minute to 24 hours needed");
      }
    }
  }

  public Places {
    suspicions = Set.copyOf(suspicions);
    networks = List.copyOf(networks);
  }

  /**
   * The same after a use.
   *
   * @param place 0 where it is not known
   * @param now seconds since 1970
   */
  Places usedFrom(int place, long now, Bounds bounds) {
    if (place == 0 || place == here || suspicions.contains(Signal.TRAVEL)) {
      return this;
    }
    return place == before && now < movedAt + bounds.back().toSeconds()
        ? new Places(with(Signal.TRAVEL), 0, 0, 0, networks)
        : new Places(suspicions, place, here, now, networks);
  }

  /**
   * The same after a use from a network. That it was used from one of them again is noted once a
   * quarter of the window.
   *
   * @param network 0 where it is not known
   * @param now seconds since 1970
   */
  Places usedOver(int network, long now, Bounds bounds) {
    if (network == 0 || suspicions.contains(Signal.FAN_OUT)) {
      return this;
    }
    long window = bounds.window().toSeconds();
    List<Seen> recent = new ArrayList<>();
    for (Seen seen : networks) {
      if (seen.network() == network) {
        if (now < seen.at() + window / 4) {
          return this;
        }
      } else if (now < seen.at() + window) {
        recent.add(seen);
      }
    }
    if (recent.size() >= bounds.networks()) {
      return new Places(with(Signal.FAN_OUT), here, before, movedAt, List.of());
    }
    recent.add(new Seen(network, now));
    return new Places(suspicions, here, before, movedAt, recent);
  }

  /** The same, but for what is recorded for a signal that is off. */
  Places only(boolean travel, boolean fanOut) {
    if (travel && fanOut) {
      return this;
    }
    Set<Signal> left = EnumSet.noneOf(Signal.class);
    left.addAll(suspicions);
    if (!travel) {
      left.remove(Signal.TRAVEL);
    }
    if (!fanOut) {
      left.remove(Signal.FAN_OUT);
    }
    return new Places(
        left,
        travel ? here : 0,
        travel ? before : 0,
        travel ? movedAt : 0,
        fanOut ? networks : List.of());
  }

  /** Whether more differs than when a network was last taken note of. */
  public boolean differsFrom(Places other) {
    return !suspicions.equals(other.suspicions)
        || here != other.here
        || before != other.before
        || !networks.stream()
            .map(Seen::network)
            .toList()
            .equals(other.networks.stream().map(Seen::network).toList());
  }

  private Set<Signal> with(Signal suspicion) {
    Set<Signal> all = EnumSet.of(suspicion);
    all.addAll(suspicions);
    return all;
  }
}
