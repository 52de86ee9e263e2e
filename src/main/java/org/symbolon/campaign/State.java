package org.symbolon.campaign;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where a campaign stands, and every way on from there. */
public enum State {
  /** Its sessions are being counted. */
  PLANNING,
  /** Counted; shown to people. */
  PLANNED,
  /** A second person has agreed. */
  APPROVED,
  /** Told to start; its sessions are counted once more first. */
  CHECKING,
  /** The fence stands: none of its sessions is let in any more. */
  FENCED,
  /** Its sessions are being ended one by one. */
  SWEEPING,
  /** All were ended; it is being counted whether any is left. */
  VERIFYING,
  /** The fence stands, and nothing else happens. */
  PAUSED,
  /** None is left. */
  COMPLETED,
  /** Given up. What was ended stays ended, and a fence stands until it is lifted. */
  ABORTED;

  /** What moves a campaign on: the first six are people's, the rest the work's own. */
  public enum Step {
    APPROVE,
    START,
    PAUSE,
    RESUME,
    ABORT,
    UNFENCE,
    FOUND,
    COUNTED,
    DRIFTED,
    FENCE,
    SWEEP,
    SWEPT,
    LEFT,
    VERIFIED;

    static final List<Step> PEOPLES = List.of(APPROVE, START, PAUSE, RESUME, ABORT, UNFENCE);

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Map<State, Map<Step, State>> TABLE = table();

  private static Map<State, Map<Step, State>> table() {
    Map<State, Map<Step, State>> table = new EnumMap<>(State.class);
    for (State state : values()) {
      table.put(state, new EnumMap<>(Step.class));
    }
    on(table, PLANNING, Step.FOUND, PLANNING);
    on(table, PLANNING, Step.COUNTED, PLANNED);
    on(table, PLANNED, Step.APPROVE, APPROVED);
    on(table, PLANNED, Step.START, CHECKING);
    on(table, APPROVED, Step.START, CHECKING);
    on(table, CHECKING, Step.FENCE, FENCED);
    on(table, CHECKING, Step.DRIFTED, PLANNED);
    on(table, FENCED, Step.SWEEP, SWEEPING);
    on(table, FENCED, Step.VERIFIED, COMPLETED);
    on(table, SWEEPING, Step.SWEPT, VERIFYING);
    on(table, VERIFYING, Step.LEFT, SWEEPING);
    on(table, VERIFYING, Step.VERIFIED, COMPLETED);
    for (State state : List.of(FENCED, SWEEPING, VERIFYING)) {
      on(table, state, Step.PAUSE, PAUSED);
    }
    on(table, PAUSED, Step.RESUME, SWEEPING);
    on(table, FENCED, Step.RESUME, SWEEPING);
    for (State state :
        List.of(PLANNING, PLANNED, APPROVED, CHECKING, FENCED, SWEEPING, VERIFYING, PAUSED)) {
      on(table, state, Step.ABORT, ABORTED);
    }
    // A sweep goes on behind a fence alone, so lifting one ends what was not complete.
    on(table, FENCED, Step.UNFENCE, ABORTED);
    on(table, PAUSED, Step.UNFENCE, ABORTED);
    on(table, ABORTED, Step.UNFENCE, ABORTED);
    on(table, COMPLETED, Step.UNFENCE, COMPLETED);
    return table;
  }

  private static void on(Map<State, Map<Step, State>> table, State from, Step step, State to) {
    table.getOrDefault(from, Map.of()).put(step, to);
  }

  /** Where a step leads from here; empty where it is not allowed. */
  public Optional<State> after(Step step) {
    return Optional.ofNullable(TABLE.getOrDefault(this, Map.of()).get(step));
  }

  /** From where a step may be taken. */
  static List<State> before(Step step) {
    return Arrays.stream(values()).filter(state -> state.after(step).isPresent()).toList();
  }

  /** Whether some node has to work on it. */
  public boolean isWork() {
    return switch (this) {
      case PLANNING, CHECKING, FENCED, SWEEPING, VERIFYING -> true;
      case PLANNED, APPROVED, PAUSED, COMPLETED, ABORTED -> false;
    };
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of a code. */
  public static Optional<State> named(String code) {
    return Arrays.stream(values()).filter(state -> state.code().equals(code)).findFirst();
  }
}
