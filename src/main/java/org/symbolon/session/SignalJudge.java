package org.symbolon.session;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
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
 * difference where it is left out. Beside it a session is suspected as a whole that is used from
 * two places by turns, or from many: nobody can tell which of them is the thief.
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
   * @param lesson what the request teaches of the session; empty for nothing
   * @param likeness for whom the same would come of it
   */
  record Comparison(Optional<Reason> refusal, Optional<Lesson> lesson, Likeness likeness) {
    /** Of a session whose presenters are not compared. */
    static final Comparison NONE =
        new Comparison(Optional.empty(), Optional.empty(), Likeness.ANYONE);
  }

  /** What is to be recorded of a session of which something else, or nothing, was recorded. */
  record Lesson(SignalHashes before, SignalHashes after) {
    boolean isSuspicion() {
      return !before.places().suspicions().containsAll(after.places().suspicions());
    }
  }

  /** Compares, and tells of what differs. */
  Comparison compare(Session session, Presenter presenter) {
    SignalPolicy rules = policy.signals(session.tenant());
    if (rules.isOff() || presenter.equals(Presenter.UNKNOWN)) {
      return Comparison.NONE;
    }
    SignalHashes kept = session.signals();
    SignalHashes hashes = SignalHashes.NONE.with(kept.flags());
    Set<Signal> differing = EnumSet.noneOf(Signal.class);
    Set<Signal> missing = EnumSet.noneOf(Signal.class);
    for (Signal signal : Signal.values()) {
      if (!rules.isOn(signal) || signal.isOfPlaces()) {
        continue;
      }
      int first = kept.of(signal);
      int shown = hash(signal, presenter);
      hashes = hashes.with(signal, first == 0 ? shown : first);
      if (first != 0 && first != shown && (shown != 0 || signal.isMissed())) {
        (shown == 0 ? missing : differing).add(signal);
      }
    }
    Set<Signal> all = EnumSet.noneOf(Signal.class);
    all.addAll(differing);
    all.addAll(missing);
    // Whoever differs in one signal teaches none, and who is refused for one is at no place.
    boolean teaches = all.isEmpty();
    Places places =
        refusal(rules, all).isPresent() ? kept.places() : places(kept.places(), presenter, rules);
    Set<Signal> suspicions = EnumSet.noneOf(Signal.class);
    places.suspicions().stream().filter(rules::isOn).forEach(suspicions::add);
    all.addAll(suspicions);
    if (!kept.places().suspicions().containsAll(suspicions)) {
      suspect(session, presenter, suspicions, strictest(rules, all));
    } else if (!all.isEmpty()) {
      differing.addAll(suspicions);
      tell(session, presenter, differing, missing, strictest(rules, all));
    }
    count(session, all);
    Optional<Reason> refusal = refusal(rules, all);
    teaches &= refusal.isEmpty();
    SignalHashes after = (teaches ? hashes : kept).with(places);
    return new Comparison(
        refusal,
        after.equals(kept) ? Optional.empty() : Optional.of(new Lesson(kept, after)),
        new Likeness(digest.of(presenter), all));
  }

  private Places places(Places kept, Presenter presenter, SignalPolicy rules) {
    boolean travel = rules.isOn(Signal.TRAVEL);
    boolean fanOut = rules.isOn(Signal.FAN_OUT);
    Places places = kept.only(travel, fanOut);
    long now = clock.instant().getEpochSecond();
    if (travel) {
      places = places.usedFrom(hash(Signal.TRAVEL, presenter), now, rules.bounds());
    }
    if (fanOut) {
      places = places.usedOver(hash(Signal.FAN_OUT, presenter), now, rules.bounds());
    }
    return places;
  }

  private int hash(Signal signal, Presenter presenter) {
    Function<Presenter, String> reader = readers.get(signal);
    String shown = reader == null ? "" : reader.apply(presenter);
    return shown.isEmpty() ? 0 : ids.signalHash(signal.code() + '\n' + shown);
  }

  private static Rung strictest(SignalPolicy rules, Set<Signal> signals) {
    return signals.stream().map(rules::rung).max(Comparator.naturalOrder()).orElse(Rung.OFF);
  }

  private static Optional<Reason> refusal(SignalPolicy rules, Set<Signal> signals) {
    return switch (strictest(rules, signals)) {
      case OFF, OBSERVE -> Optional.empty();
      case STEP_UP -> Optional.of(Reason.STEP_UP);
      case ENFORCE -> Optional.of(Reason.SIGNALS_DIFFER);
    };
  }

  /** One event with both parties: who presents, and what is kept of whom else. */
  private void suspect(Session session, Presenter presenter, Set<Signal> all, Rung strictest) {
    Places before = session.signals().places();
    Set<Signal> suspicions = EnumSet.copyOf(all);
    suspicions.removeAll(before.suspicions());
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("suspected", codes(suspicions));
    detail.put("reaction", strictest.code());
    if (suspicions.contains(Signal.TRAVEL)) {
      detail.put("place", Signals.hex(before.before()));
      detail.put("other_place", Signals.hex(before.here()));
      detail.put("other_since", Instant.ofEpochSecond(before.movedAt()).toString());
    }
    if (suspicions.contains(Signal.FAN_OUT)) {
      detail.put("networks_before", Integer.toString(before.networks().size()));
    }
    detail.putAll(Signals.party(session));
    suspicions.forEach(signal -> indicators.replaySuspected(signal.code()));
    audit.record(
        AuditEvent.of(
            session,
            clock.instant(),
            AuditEvent.Action.SESSION_REPLAY_SUSPECTED,
            presenter,
            detail));
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
