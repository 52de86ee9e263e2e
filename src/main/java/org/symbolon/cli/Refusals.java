package org.symbolon.cli;

import java.io.PrintWriter;
import org.symbolon.config.Refusal;

/** Prints why a configuration must not start. */
final class Refusals {
  static int print(Refusal refusal, PrintWriter err) {
    err.println("symbolon: the configuration must not start:");
    refusal.faults().forEach(fault -> err.println("  " + fault));
    return Symbolon.REFUSED;
  }

  private Refusals() {}
}
