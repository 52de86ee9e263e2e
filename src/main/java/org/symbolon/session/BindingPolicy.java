package org.symbolon.session;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What becomes of a request that does not prove what its session is bound to.
 *
 * @param rungs by kind of binding; {@link Rung#OFF} where one is left out
 * @param required whether a session has to be bound at all, in any way that is not off
 * @param grace how long after its beginning a session may be unbound where it has to be; 10 seconds
 *     to 10 minutes
 * @param refresh how long a device's proof lasts; 5 seconds to 1 hour
 */
public record BindingPolicy(
    Map<Binding.Kind, Rung> rungs, boolean required, Duration grace, Duration refresh) {
  /** Where a device is not proved, an authentication of this age or less makes up for it. */
  public static final Duration STEP_UP_AGE = Duration.ofMinutes(5);

  private static final Duration SHORTEST_GRACE = Duration.ofSeconds(10);
  private static final Duration LONGEST_GRACE = Duration.ofMinutes(10);
  private static final Duration SHORTEST_REFRESH = Duration.ofSeconds(5);
  private static final Duration LONGEST_REFRESH = Duration.ofHours(1);

  /** Comes after the bounds that judge it. */
  public static final BindingPolicy OFF =
      new BindingPolicy(Map.of(), false, Duration.ofMinutes(1), Duration.ofMinutes(10));

  /** How strictly a kind of binding is held, from the loosest on. */
  public enum Rung {
    /** No session is bound so, and none that is is asked for a proof. */
    OFF,
    /** What is missing is recorded, and the request let in. */
    OBSERVE,
    /** What is missing is made up for by a recent authentication alone. */
    STEP_UP,
    /** What is missing refuses the request. */
    ENFORCE;

    /** The rung in metrics, audit events and the configuration. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * @throws IllegalArgumentException where a bound is broken; the message names the field
   */
  public BindingPolicy {
    if (grace.compareTo(SHORTEST_GRACE) < 0 || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("grace: 10 seconds to 10 minutes needed");
    }
    if (refresh.compareTo(SHORTEST_REFRESH) < 0 || refresh.compareTo(LONGEST_REFRESH) > 0) {
      throw new IllegalArgumentException("refresh: 5 seconds to 1 hour needed");
    }
    Map<Binding.Kind, Rung> all = new EnumMap<>(Binding.Kind.class);
    for (Binding.Kind kind : Binding.Kind.values()) {
      all.put(kind, rungs.getOrDefault(kind, Rung.OFF));
    }
    rungs = Collections.unmodifiableMap(all);
  }

  public Rung rung(Binding.Kind kind) {
    return rungs.getOrDefault(kind, Rung.OFF);
  }

  /** How strictly a session is held that is bound in no way and has to be. */
  Rung strictest() {
    return Collections.max(rungs.values());
  }
}
