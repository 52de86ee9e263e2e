package org.symbolon.session;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.symbolon.session.BindingPolicy.Rung;

/**
 * What becomes of a request whose presenter differs from the session's first.
 *
 * @param rungs by signal; {@link Rung#OFF} where one is left out: it is then neither recorded nor
 *     compared
 * @param bounds what {@link Signal#TRAVEL} and {@link Signal#FAN_OUT} are
 */
public record SignalPolicy(Map<Signal, Rung> rungs, Places.Bounds bounds) {
  /** Records and compares nothing. */
  public static final SignalPolicy OFF = new SignalPolicy(Map.of());

  /** One with the usual bounds. */
  public SignalPolicy(Map<Signal, Rung> rungs) {
    this(rungs, Places.Bounds.USUAL);
  }

  public SignalPolicy {
    Map<Signal, Rung> all = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      all.put(signal, rungs.getOrDefault(signal, Rung.OFF));
    }
    rungs = Collections.unmodifiableMap(all);
  }

  public Rung rung(Signal signal) {
    return rungs.getOrDefault(signal, Rung.OFF);
  }

  boolean isOn(Signal signal) {
    return rung(signal) != Rung.OFF;
  }

  /** Whether no signal is on. */
  boolean isOff() {
    return Collections.max(rungs.values()) == Rung.OFF;
  }
}
