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

  public ValidateSession(
      SessionIds ids, SessionStore store, Policy policy, RotationReports reports) {
    this.ids = ids;
    this.store = store;
    this.policy = policy;
    this.reports = reports;
  }

  /** Decides, and counts as a use of the session; hands out no successor. */
  public CompletionStage<Decision> validate(Presented presented) {
    return validate(presented, false, Presenter.UNKNOWN);
  }

  /**
   * Decides, and counts as a use of the session.
   *
   * @param carrierTakesCookie whether a successor in the answer reaches the client
   */
  public CompletionStage<Decision> validate(
      Presented presented, boolean carrierTakesCookie, Presenter presenter) {
    RotationStore.Ask ask =
        carrierTakesCookie ? RotationStore.Ask.ROTATE_IF_AGED : RotationStore.Ask.CONFIRM;
    return decide(presented, new Look(true, ask, presenter));
  }

  /** Decides, counts as a use, and rotates whatever the age, unless it did within the overlap. */
  public CompletionStage<Decision> refresh(Presented presented, Presenter presenter) {
    return decide(presented, new Look(true, RotationStore.Ask.ROTATE, presenter));
  }

  /** Decides without prolonging the session's life or confirming the ID. */
  public CompletionStage<Decision> inspect(Presented presented) {
    return inspect(presented, Presenter.UNKNOWN);
  }

  /** Decides without prolonging the session's life or confirming the ID. */
  public CompletionStage<Decision> inspect(Presented presented, Presenter presenter) {
    return decide(presented, new Look(false, RotationStore.Ask.CONFIRM, presenter));
  }

  /** Who looks, and what it may lead to. */
  private record Look(boolean isUse, RotationStore.Ask ask, Presenter presenter) {}

  private CompletionStage<Decision> decide(Presented presented, Look look) {
    return switch (presented) {
      case Presented.Missing _ -> denied(Reason.MISSING);
      case Presented.Malformed _ -> denied(Reason.MALFORMED);
      case Presented.Ambiguous _ -> denied(Reason.AMBIGUOUS);
      case Presented.Genuine(SessionId id) ->
          store
              .find(ids.handle(id.locator()))
              .thenCompose(
                  finding ->
                      switch (finding) {
                        case SessionStore.Found(Session session, Instant now) ->
                            judge(id, session, now, look);
                        case SessionStore.Ended(RevocationReason reason, var _) ->
                            denied(reason.told());
                        case SessionStore.Absent _ -> denied(Reason.EXPIRED);
                        case Unavailable outage -> CompletableFuture.completedStage(outage);
                      });
    };
  }

  private CompletionStage<Decision> judge(SessionId id, Session session, Instant now, Look look) {
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
    RotationPolicy rotation = policy.rotation(session.tenant());
    boolean isCurrent = id.generation() == session.generation();
    if (!look.isUse()) {
      boolean isPredecessor =
          id.generation() == session.generation() - 1
              && session.hasPredecessor()
              && session.isFresh(now, rotation.overlap());
      return isCurrent || isPredecessor || id.generation() > session.generation()
          ? allowed(session)
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
      return allowed(session);
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
                      CompletableFuture.completedStage(accepted(id, accepted, look));
                  case RotationStore.Superseded _ -> denied(Reason.SUPERSEDED);
                  case RotationStore.Reused(Session before, var _) -> {
                    reports.reused(before, id.generation(), rotation, look.presenter());
                    yield reused(subject, rotation.onReuse());
                  }
                  case SessionStore.Ended(RevocationReason reason, var _) -> denied(reason.told());
                  case SessionStore.Absent _ -> denied(Reason.EXPIRED);
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private Decision accepted(SessionId id, RotationStore.Accepted accepted, Look look) {
    Session session = accepted.session();
    touch(session, accepted.now());
    boolean isCarried = look.ask() != RotationStore.Ask.CONFIRM;
    RotationOutcome outcome =
        accepted.outcome() == RotationOutcome.REISSUED && !isCarried
            ? RotationOutcome.OVERLAP
            : accepted.outcome();
    Optional<SecretText> successor =
        switch (outcome) {
          case ISSUED, REISSUED -> successor(id, session);
          case CONFIRMED, OVERLAP, REUSE, HEALED, NONE -> Optional.empty();
        };
    reports.accepted(session, id.generation(), outcome, look.presenter());
    return new Decision.Allow(session, successor, outcome);
  }

  /** Empty where the successor's key has been retired since: then the predecessor stays in use. */
  private Optional<SecretText> successor(SessionId id, Session session) {
    try {
      return Optional.of(
          ids.encode(session.key(), id.locator(), session.generation(), session.seed()));
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private CompletionStage<Decision> reused(SubjectKey subject, RotationPolicy.OnReuse onReuse) {
    return switch (onReuse) {
      case REPORT -> denied(Reason.SUPERSEDED);
      case REVOKE_SESSION -> denied(Reason.REUSED);
      case REVOKE_SUBJECT ->
          store
              .revokeAll(subject, Optional.empty(), RevocationReason.REUSE)
              .thenApply(
                  revocation ->
                      switch (revocation) {
                        case Revocation.Done _ -> new Decision.Deny(Reason.REUSED);
                        case Unavailable outage -> outage;
                      });
    };
  }

  private void touch(Session session, Instant now) {
    if (session.isTouchDue(now)) {
      store.touch(session);
    }
  }

  private static CompletionStage<Decision> allowed(Session session) {
    return CompletableFuture.completedStage(
        new Decision.Allow(session, Optional.empty(), RotationOutcome.NONE));
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
