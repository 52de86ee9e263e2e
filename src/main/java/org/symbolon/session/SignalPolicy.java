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
 */
public record SignalPolicy(Map<Signal, Rung> rungs) {
  /** Records and compares nothing. */
  public static final SignalPolicy OFF = new SignalPolicy(Map.of());

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

  /** Whether no signal is on. */
  boolean isOff() {
    return Collections.max(rungs.values()) == Rung.OFF;
  }
}
