package org.symbolon.config;

import java.util.List;

/** A configuration that must not start, with everything that is wrong with it. */
public final class Refusal extends Exception {
  private final transient List<Fault> faults;

  public Refusal(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).reduce((a, b) -> a + "\n" + b).orElse(""));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }

  /**
   * One thing that is wrong.
   *
   * @param key the setting at fault
   * @param what what is wrong and how to mend it
   * @param origin where the value came from, empty for a default or a missing one
   */
  public record Fault(String key, String what, String origin) {
    @Override
    public String toString() {
      return key + ": " + what + (origin.isEmpty() ? "" : " (from " + origin + ")");
    }
  }
}
