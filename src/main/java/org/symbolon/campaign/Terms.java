package org.symbolon.campaign;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a campaign does to the sessions that it selects. */
public record Terms(Action action) {
  /** Ends them at once. */
  public static final Terms DEFAULT = new Terms(Action.LOGOUT);

  private static final String MARK = "!";

  /** What is done. */
  public enum Action {
    /** They are over, and are ended one by one. */
    LOGOUT,
    /** They take a new authentication, and are good again. */
    STEP_UP;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Action> named(String code) {
      return Arrays.stream(values()).filter(action -> action.code().equals(code)).findFirst();
    }
  }

  public boolean isStepUp() {
    return action == Action.STEP_UP;
  }

  /**
   * Lines that stand before a fence's selection; none for the default. A version that does not know
   * one can't read the selection, and lets nobody in on what it remembers.
   */
  String text() {
    return action == Action.LOGOUT ? "" : MARK + action.code() + "\n";
  }

  /**
   * Reads those lines of a text.
   *
   * @throws IllegalArgumentException for one of a newer version
   */
  static Terms parse(String text) {
    return text.lines()
        .filter(line -> line.startsWith(MARK))
        .map(line -> line.substring(MARK.length()))
        .map(
            code ->
                Action.named(code)
                    .orElseThrow(() -> new IllegalArgumentException("terms: unknown")))
        .map(Terms::new)
        .reduce(DEFAULT, (_, last) -> last);
  }

  /** The text behind those lines. */
  static String behind(String text) {
    String rest = text;
    while (rest.startsWith(MARK)) {
      rest = rest.substring(rest.indexOf('\n') + 1);
    }
    return rest;
  }
}
