package org.symbolon.session;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.symbolon.session.BindingPolicy.Rung;

/**
 * Compares who presents a session ID with whom the session's signals were recorded of: its first
 * presenter, and after a step-up the first presenter of the new ID. What was recorded makes a
 * difference where it is left out.
 */
public final class SignalJudge {
  private final Policy policy;
  private final SessionIds ids;
  private final Map<Signal, Function<Presenter, String>> readers;
  private final AuditTrail audit;
  private final Indicators indicators;
  private final RefusalTally tally;
  private final InstantSource clock;
  private final PresenterDigest digest;

  /**
   * @param readers what a presenter shows of a signal, empty for nothing; one that has none is
   *     never recorded
   */
  public SignalJudge(
      Policy policy,
      SessionIds ids,
      Map<Signal, Function<Presenter, String>> readers,
      AuditTrail audit,
      Indicators indicators,
      RefusalTally tally,
      InstantSource clock,
      SecureRandom random) {
    this.policy = policy;
    this.ids = ids;
    this.readers = Map.copyOf(readers);
    this.audit = audit;
    this.indicators = indicators;
    this.tally = tally;
    this.clock = clock;
    this.digest = new PresenterDigest(random);
  }

  /**
   * What comes of it.
   *
   * @param refusal empty where the request may pass
   * @param lesson what a passing request teaches of the session; empty for nothing
   * @param likeness for whom the same would come of it
   */
  record Comparison(Optional<Reason> refusal, Optional<Lesson> lesson, Likeness likeness) {
    /** Of a session whose presenters are not compared. */
    static final Comparison NONE =
        new Comparison(Optional.empty(), Optional.empty(), Likeness.ANYONE);
  }

  /** What is to be recorded of a session of which something else, or nothing, was recorded. */
  record Lesson(SignalHashes before, SignalHashes after) {}

  /** Compares, and tells of what differs. */
  Comparison compare(Session session, Presenter presenter) {
    SignalPolicy rules = policy.signals(session.tenant());
    if (rules.isOff() || presenter.equals(Presenter.UNKNOWN)) {
      return Comparison.NONE;
    }
    SignalHashes hashes = SignalHashes.NONE;
    Set<Signal> differing = EnumSet.noneOf(Signal.class);
    Set<Signal> missing = EnumSet.noneOf(Signal.class);
    Rung strictest = Rung.OFF;
    for (Signal signal : Signal.values()) {
      Rung rung = rules.rung(signal);
      if (rung == Rung.OFF) {
        continue;
      }
      int kept = session.signals().of(signal);
      int shown = hash(signal, presenter);
      hashes = hashes.with(signal, kept == 0 ? shown : kept);
      if (kept != 0 && kept != shown) {
        (shown == 0 ? missing : differing).add(signal);
        strictest = rung.compareTo(strictest) > 0 ? rung : strictest;
      }
    }
    if (strictest == Rung.OFF) {
      return new Comparison(
          Optional.empty(),
          hashes.equals(session.signals())
              ? Optional.empty()
              : Optional.of(new Lesson(session.signals(), hashes)),
          new Likeness(digest.of(presenter), Set.of()));
    }
    tell(session, presenter, differing, missing, strictest);
    differing.addAll(missing);
    count(session, differing);
    // Whoever differs in one signal teaches none.
    return new Comparison(
        refusal(strictest), Optional.empty(), new Likeness(digest.of(presenter), differing));
  }

  private int hash(Signal signal, Presenter presenter) {
    Function<Presenter, String> reader = readers.get(signal);
    String shown = reader == null ? "" : reader.apply(presenter);
    return shown.isEmpty() ? 0 : ids.signalHash(signal.code() + '\n' + shown);
  }

  private static Optional<Reason> refusal(Rung strictest) {
    return switch (strictest) {
      case OFF, OBSERVE -> Optional.empty();
      case STEP_UP -> Optional.of(Reason.STEP_UP);
      case ENFORCE -> Optional.of(Reason.SIGNALS_DIFFER);
    };
  }

  private void tell(
      Session session,
      Presenter presenter,
      Set<Signal> differing,
      Set<Signal> missing,
      Rung strictest) {
    Map<String, String> detail = new LinkedHashMap<>();
    if (!differing.isEmpty()) {
      detail.put("differs", codes(differing));
    }
    if (!missing.isEmpty()) {
      detail.put("missing", codes(missing));
    }
    detail.put("reaction", strictest.code());
    audit.record(
        AuditEvent.of(
            session, clock.instant(), AuditEvent.Action.SESSION_DIFFERED, presenter, detail));
  }

  private static String codes(Set<Signal> signals) {
    return signals.stream().map(Signal::code).collect(Collectors.joining(","));
  }

  private void count(Session session, Set<Signal> differing) {
    SignalPolicy rules = policy.signals(session.tenant());
    for (Signal signal : differing) {
      tally.count(session, signal.code());
      indicators.unproved(signal.code(), Reason.SIGNALS_DIFFER.code(), rules.rung(signal).code());
    }
  }

  /**
   * Whether an answer from memory holds for a presenter; counts what differs of them once more.
   *
   * @param answer allows
   */
  public boolean recognises(KnownAnswers.Known<?> answer, Presenter presenter) {
    Likeness likeness = answer.likeness();
    if (likeness.presenter() != digest.of(presenter)) {
      return false;
    }
    if (!likeness.differing().isEmpty() && answer.decision() instanceof Decision.Allow allow) {
      count(allow.session(), likeness.differing());
    }
    return true;
  }
}
