package org.symbolon.cli.gateway;

import java.util.Locale;

/**
 * What one probe found.
 *
 * @param mend what to change, empty where nothing is to be
 */
record Finding(String probe, Verdict verdict, String what, String mend) {
  /** Skipped is what could not be examined, and says why. */
  enum Verdict {
    GOOD,
    FAULT,
    SKIPPED
  }

  /**
   * A good one or a fault.
   *
   * @param what what is so where it is good
   * @param wrong what is so where it is not
   */
  static Finding of(String probe, boolean isGood, String what, String wrong, String mend) {
    return isGood ? good(probe, what) : fault(probe, wrong, mend);
  }

  static Finding good(String probe, String what) {
    return new Finding(probe, Verdict.GOOD, what, "");
  }

  static Finding fault(String probe, String what, String mend) {
    return new Finding(probe, Verdict.FAULT, what, mend);
  }

  static Finding skipped(String probe, String why) {
    return new Finding(probe, Verdict.SKIPPED, why, "");
  }

  String line() {
    String line = "%-8s%-20s%s".formatted(verdict.name().toLowerCase(Locale.ROOT), probe, what);
    return mend.isEmpty() ? line : line + "\n        mend: " + mend;
  }

  String json() {
    return "{\"probe\":%s,\"verdict\":%s,\"what\":%s,\"mend\":%s}"
        .formatted(
            quoted(probe),
            quoted(verdict.name().toLowerCase(Locale.ROOT)),
            quoted(what),
            quoted(mend));
  }

  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
