package org.symbolon.session;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides whether a presented session ID is good now, and hands out its successor when due. */
public final class ValidateSession {
  private final SessionIds ids;
  private final SessionStore store;
  private final Policy policy;
  private final RotationReports reports;
  private final BindingJudge bindings;
  private final SignalJudge signals;
  private final KnownSessions known;
  private final Condition standing;

  public ValidateSession(
      SessionIds ids,
      SessionStore store,
      Policy policy,
      RotationReports reports,
      BindingJudge bindings,
      SignalJudge signals,
      KnownSessions known) {
    this(ids, store, policy, reports, bindings, signals, known, Condition.NONE);
  }

  /**
   * @param standing what is demanded of every session at every use, and of none for its own end
   */
  public ValidateSession(
      SessionIds ids,
      SessionStore store,
      Policy policy,
      RotationReports reports,
      BindingJudge bindings,
      SignalJudge signals,
      KnownSessions known,
      Condition standing) {
    this.standing = standing;
    this.ids = ids;
    this.store = store;
    this.policy = policy;
    this.reports = reports;
    this.bindings = bindings;
    this.signals = signals;
    this.known = known;
  }

  /** Decides, and counts as a use of the session; hands out no successor. */
  public CompletionStage<Decision> validate(Presented presented) {
    return validate(presented, Evidence.NONE, false, Presenter.UNKNOWN, Condition.NONE);
  }

  /**
   * Decides, and counts as a use of the session.
   *
   * @param carrierTakesCookie whether a successor in the answer reaches the client
   */
  public CompletionStage<Decision> validate(
      Presented presented, Evidence evidence, boolean carrierTakesCookie, Presenter presenter) {
    return validate(presented, evidence, carrierTakesCookie, presenter, Condition.NONE);
  }

  /**
   * Decides, and counts as a use of the session.
   *
   * @param carrierTakesCookie whether a successor in the answer reaches the client
   * @param condition what is demanded beyond that the session is good
   */
  public CompletionStage<Decision> validate(
      Presented presented,
      Evidence evidence,
      boolean carrierTakesCookie,
      Presenter presenter,
      Condition condition) {
    RotationStore.Ask ask =
        carrierTakesCookie ? RotationStore.Ask.ROTATE_IF_AGED : RotationStore.Ask.CONFIRM;
    return decide(
        presented, new Look(true, ask, presenter, beside(condition), Optional.of(evidence)));
  }

  /** Decides, counts as a use, and rotates whatever the age, unless it did within the overlap. */
  public CompletionStage<Decision> refresh(
      Presented presented, Evidence evidence, Presenter presenter) {
    return decide(
        presented,
        new Look(true, RotationStore.Ask.ROTATE, presenter, standing, Optional.of(evidence)));
  }

  /** Decides without prolonging the session's life or confirming the ID. */
  public CompletionStage<Decision> inspect(
      Presented presented, Evidence evidence, Presenter presenter) {
    return decide(
        presented,
        new Look(false, RotationStore.Ask.CONFIRM, presenter, standing, Optional.of(evidence)));
  }

  /**
   * The same without a look at what the session is bound to, or at whom it was with: for its own
   * end, which needs no proof.
   */
  public CompletionStage<Decision> recognise(Presented presented, Presenter presenter) {
    return decide(
        presented,
        new Look(false, RotationStore.Ask.CONFIRM, presenter, Condition.NONE, Optional.empty()));
  }

  /**
   * The same for whoever asks for the proof of what the session is bound to by themselves: what
   * stands against the session holds.
   */
  public CompletionStage<Decision> lookUp(Presented presented) {
    return decide(
        presented,
        new Look(false, RotationStore.Ask.CONFIRM, Presenter.UNKNOWN, standing, Optional.empty()));
  }

  /** What stands first, then what this request is asked for. */
  private Condition beside(Condition condition) {
    return (session, now) -> {
      Optional<Reason> objection = standing.objection(session, now);
      return objection.isPresent() ? objection : condition.objection(session, now);
    };
  }

  /**
   * Who looks, and what it may lead to.
   *
   * @param evidence what is shown for the session's binding; empty where that is not asked for, nor
   *     the presenter compared
   * @param comparison what came of comparing the presenter
   */
  private record Look(
      boolean isUse,
      RotationStore.Ask ask,
      Presenter presenter,
      Condition condition,
      Optional<Evidence> evidence,
      SignalJudge.Comparison comparison) {
    Look(
        boolean isUse,
        RotationStore.Ask ask,
        Presenter presenter,
        Condition condition,
        Optional<Evidence> evidence) {
      this(isUse, ask, presenter, condition, evidence, SignalJudge.Comparison.NONE);
    }

    /** The same without rotation, where the session does not do for the request. */
    Look at(Session session, Instant now) {
      return ask == RotationStore.Ask.CONFIRM || condition.objection(session, now).isEmpty()
          ? this
          : new Look(isUse, RotationStore.Ask.CONFIRM, presenter, condition, evidence, comparison);
    }

    Look having(SignalJudge.Comparison other) {
      return new Look(isUse, ask, presenter, condition, evidence, other);
    }
  }

  private CompletionStage<Decision> decide(Presented presented, Look look) {
    return switch (presented) {
      case Presented.Missing _ -> denied(Reason.MISSING);
      case Presented.Malformed _ -> denied(Reason.MALFORMED);
      case Presented.Ambiguous _ -> denied(Reason.AMBIGUOUS);
      case Presented.Genuine(SessionId id) -> {
        long version = known.version(id.locator().bucket());
        yield store
            .find(ids.handle(id.locator()))
            .thenCompose(
                finding ->
                    switch (finding) {
                      case SessionStore.Found(Session session, Instant now) ->
                          judge(id, session, now, look, version);
                      case SessionStore.Ended(RevocationReason reason, var _) ->
                          denied(reason.told());
                      case SessionStore.Absent _ -> denied(Reason.EXPIRED);
                      case Unavailable outage -> CompletableFuture.completedStage(outage);
                    });
      }
    };
  }

  private CompletionStage<Decision> judge(
      SessionId id, Session session, Instant now, Look asked, long version) {
    if (!ids.verify(id, session.seed())) {
      return denied(Reason.MALFORMED);
    }
    if (!isOfThisRing(session)) {
      return CompletableFuture.completedStage(
          new Unavailable("the key ring's bucket key is not the one of this session"));
    }
    if (session.isExpired(now)) {
      return denied(Reason.EXPIRED);
    }
    if (asked.evidence().isEmpty()) {
      return use(id, session, now, asked, version);
    }
    if (bindings.isIndifferent(session)) {
      return compare(id, session, now, asked, version);
    }
    // Before all that a use may change: a stolen ID neither prolongs the session nor rotates it.
    return bindings
        .judge(
            session,
            asked.evidence().get(),
            () -> ids.encode(id.key(), id.locator(), id.generation(), session.seed()),
            asked.presenter(),
            now)
        .thenCompose(
            verdict ->
                switch (verdict) {
                  case BindingJudge.Passed _ -> compare(id, session, now, asked, version);
                  case BindingJudge.Refused(Reason reason) -> denied(reason);
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private CompletionStage<Decision> compare(
      SessionId id, Session session, Instant now, Look asked, long version) {
    SignalJudge.Comparison comparison = signals.compare(session, asked.presenter());
    // At once, whatever becomes of this request: the next may come from the other party.
    comparison
        .lesson()
        .filter(SignalJudge.Lesson::isSuspicion)
        .ifPresent(lesson -> store.learn(session, lesson.after()));
    return comparison.refusal().isPresent()
        ? denied(comparison.refusal().get())
        : use(id, session, now, asked.having(comparison), version);
  }

  private CompletionStage<Decision> use(
      SessionId id, Session session, Instant now, Look asked, long version) {
    Look look = asked.at(session, now);
    RotationPolicy rotation = policy.rotation(session.tenant());
    boolean isCurrent = id.generation() == session.generation();
    if (!look.isUse()) {
      boolean isPredecessor =
          id.generation() == session.generation() - 1
              && session.hasPredecessor()
              && session.isFresh(now, rotation.overlap());
      return isCurrent || isPredecessor || id.generation() > session.generation()
          ? allowed(session, now, look)
          : rotate(id, session, rotation, look);
    }
    boolean isDue =
        switch (look.ask()) {
          case CONFIRM -> false;
          case ROTATE_IF_AGED -> session.isRotationDue(now, rotation);
          case ROTATE -> true;
        };
    if (isCurrent && session.isSeen() && !isDue) {
      touch(session, now);
      bindings
          .quick(session)
          .ifPresent(
              proof ->
                  known.remember(
                      id,
                      session,
                      session.rotationDue(rotation),
                      version,
                      look.comparison().likeness(),
                      proof));
      return allowed(session, now, look);
    }
    return rotate(id, session, rotation, look);
  }

  private CompletionStage<Decision> rotate(
      SessionId id, Session session, RotationPolicy rotation, Look look) {
    SubjectKey subject = ids.subjectKey(session.tenant(), session.subject());
    return store
        .rotate(
            new RotationStore.Sight(
                subject,
                session,
                id.generation(),
                id.key(),
                look.ask(),
                rotation,
                ids.signingKey()))
        .thenCompose(
            result ->
                switch (result) {
                  case RotationStore.Accepted accepted ->
                      CompletableFuture.completedStage(accepted(id, accepted, rotation, look));
                  case RotationStore.Superseded _ -> denied(Reason.SUPERSEDED);
                  case RotationStore.Reused(Session before, var _) -> {
                    reports.reused(before, id.generation(), rotation, look.presenter());
                    yield reused(subject, before, rotation.onReuse());
                  }
                  case SessionStore.Ended(RevocationReason reason, var _) -> denied(reason.told());
                  case SessionStore.Absent _ -> denied(Reason.EXPIRED);
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private Decision accepted(
      SessionId id, RotationStore.Accepted accepted, RotationPolicy rotation, Look look) {
    Session session = accepted.session();
    if (accepted.outcome() == RotationOutcome.REISSUED
        && reports.isOfAnother(session, id.generation(), rotation, look.presenter())) {
      flag(session, Flag.REPLAY);
      if (rotation.onDifference() != RotationPolicy.OnDifference.AUDIT) {
        return new Decision.Deny(Reason.SUPERSEDED);
      }
    }
    touch(session, accepted.now());
    boolean isCarried = look.ask() != RotationStore.Ask.CONFIRM;
    RotationOutcome outcome =
        accepted.outcome() == RotationOutcome.REISSUED && !isCarried
            ? RotationOutcome.OVERLAP
            : accepted.outcome();
    Optional<SecretText> successor =
        switch (outcome) {
          case ISSUED, REISSUED -> Optional.of(ids.encode(session, id.locator()));
          case CONFIRMED, OVERLAP, REUSE, HEALED, NONE -> Optional.empty();
        };
    reports.accepted(outcome, look.presenter());
    Optional<Reason> objection = look.condition().objection(session, accepted.now());
    if (objection.isPresent()) {
      return new Decision.Deny(objection.get());
    }
    learn(session, look);
    return new Decision.Allow(session, successor, outcome);
  }

  private CompletionStage<Decision> reused(
      SubjectKey subject, Session before, RotationPolicy.OnReuse onReuse) {
    return switch (onReuse) {
      case REPORT -> {
        flag(before, Flag.REPLAY);
        yield denied(Reason.SUPERSEDED);
      }
      case REVOKE_SESSION -> denied(Reason.REUSED);
      case REVOKE_SUBJECT ->
          store
              .revokeAll(subject, Optional.empty(), RevocationReason.REUSE)
              .thenApply(
                  revocation ->
                      switch (revocation) {
                        case Revocation.Done _, Revocation.NotDurable _ ->
                            new Decision.Deny(Reason.REUSED);
                        case Unavailable outage -> outage;
                      });
    };
  }

  /** Notes of a live session that whoever listened has its ID. */
  public void noteInPlaintext(Presented presented) {
    if (presented instanceof Presented.Genuine(SessionId id)) {
      var _ =
          store
              .find(ids.handle(id.locator()))
              .thenAccept(
                  finding -> {
                    if (finding instanceof SessionStore.Found(Session session, Instant now)
                        && ids.verify(id, session.seed())
                        && !session.isExpired(now)) {
                      flag(session, Flag.PLAINTEXT);
                    }
                  });
    }
  }

  private void flag(Session session, Flag flag) {
    if (!session.signals().flags().contains(flag)) {
      store.learn(session, session.signals().flagged(flag));
    }
  }

  private void touch(Session session, Instant now) {
    if (session.isTouchDue(now)) {
      store.touch(session);
    }
  }

  private CompletionStage<Decision> allowed(Session session, Instant now, Look look) {
    Optional<Reason> objection = look.condition().objection(session, now);
    if (objection.isPresent()) {
      return denied(objection.get());
    }
    learn(session, look);
    return CompletableFuture.completedStage(
        new Decision.Allow(session, Optional.empty(), RotationOutcome.NONE));
  }

  /** Records what the session's first presenter shows, unless a use in between has recorded it. */
  private void learn(Session session, Look look) {
    look.comparison()
        .lesson()
        .filter(lesson -> look.isUse() && !lesson.isSuspicion())
        .filter(lesson -> lesson.before().equals(session.signals()))
        .ifPresent(lesson -> store.learn(session, lesson.after()));
  }

  /**
   * Whether the subject's sessions lie where this node looks for them. With another bucket key none
   * of them could be listed, limited or revoked, so nobody is let in, and nobody is logged out.
   */
  private boolean isOfThisRing(Session session) {
    return ids.subjectKey(session.tenant(), session.subject()).bucket()
        == session.handle().bucket();
  }

  private static CompletionStage<Decision> denied(Reason reason) {
    return CompletableFuture.completedStage(new Decision.Deny(reason));
  }
}
