package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.symbolon.session.Handle;

/**
 * What a campaign does to the sessions that it selects, and when.
 *
 * @param smear over how long after the fence their turns are spread, so that they don't all log in
 *     at once; zero for all at once
 */
public record Terms(Action action, Duration smear) {
  /** Ends them at once. */
  public static final Terms DEFAULT = new Terms(Action.LOGOUT, Duration.ZERO);

  /** The longest smear. */
  static final Duration MOST_SMEAR = Duration.ofDays(1);

  private static final String MARK = "!";
  private static final String SMEAR = "smear=";

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

  /** How long after the fence a session has its turn, in ms; the same on every node. */
  static long turn(Handle handle, long smearMillis) {
    // Its name is a keyed permutation, so its bits are as good as drawn.
    return smearMillis == 0 ? 0 : (handle.name() >>> 1) % smearMillis;
  }

  /** Whether a session's turn has come. */
  boolean isDue(Handle handle, Instant fencedAt, Instant now) {
    return !now.isBefore(fencedAt.plusMillis(turn(handle, smear.toMillis())));
  }

  /** Whether each session's turn has come. */
  boolean isOver(Instant fencedAt, Instant now) {
    return !now.isBefore(fencedAt.plus(smear));
  }

  /**
   * Lines that stand before a fence's selection; none for the default. A version that does not know
   * one can't read the selection, and lets nobody in on what it remembers.
   */
  String text() {
    return (isStepUp() ? MARK + action.code() + "\n" : "")
        + (smear.isZero() ? "" : MARK + SMEAR + smear.toMillis() + "\n");
  }

  /**
   * Reads those lines of a text.
   *
   * @throws IllegalArgumentException for one of a newer version
   */
  static Terms parse(String text) {
    Terms terms = DEFAULT;
    for (String line : text.lines().takeWhile(l -> l.startsWith(MARK)).toList()) {
      String term = line.substring(MARK.length());
      terms =
          term.startsWith(SMEAR)
              ? new Terms(
                  terms.action(), Duration.ofMillis(Long.parseLong(term.substring(SMEAR.length()))))
              : new Terms(
                  Action.named(term)
                      .orElseThrow(() -> new IllegalArgumentException("terms: unknown")),
                  terms.smear());
    }
    return terms;
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
