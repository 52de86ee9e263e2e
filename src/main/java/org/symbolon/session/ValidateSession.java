package org.symbolon.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides whether a presented session ID is good now. */
public final class ValidateSession {
  private final SessionIds ids;
  private final SessionStore store;

  public ValidateSession(SessionIds ids, SessionStore store) {
    this.ids = ids;
    this.store = store;
  }

  /** Decides, and counts as a use of the session. */
  public CompletionStage<Decision> validate(Presented presented) {
    return decide(presented, true);
  }

  /** Decides without prolonging the session's life. */
  public CompletionStage<Decision> inspect(Presented presented) {
    return decide(presented, false);
  }

  private CompletionStage<Decision> decide(Presented presented, boolean isUse) {
    return switch (presented) {
      case Presented.Missing _ -> denied(Reason.MISSING);
      case Presented.Malformed _ -> denied(Reason.MALFORMED);
      case Presented.Ambiguous _ -> denied(Reason.AMBIGUOUS);
      case Presented.Genuine(SessionId id) ->
          store.find(ids.handle(id.locator())).thenApply(finding -> judge(id, finding, isUse));
    };
  }

  private Decision judge(SessionId id, SessionStore.Finding finding, boolean isUse) {
    return switch (finding) {
      case SessionStore.Found(Session session, var now) -> {
        if (id.generation() != session.generation() || !ids.verify(id, session.seed())) {
          yield new Decision.Deny(Reason.MALFORMED);
        }
        if (!isOfThisRing(session)) {
          yield new Unavailable("the key ring's bucket key is not the one of this session");
        }
        if (session.isExpired(now)) {
          yield new Decision.Deny(Reason.EXPIRED);
        }
        if (isUse && session.isTouchDue(now)) {
          store.touch(session);
        }
        yield new Decision.Allow(session);
      }
      case SessionStore.Ended(RevocationReason reason, var _) -> new Decision.Deny(reason.told());
      case SessionStore.Absent _ -> new Decision.Deny(Reason.EXPIRED);
      case Unavailable outage -> outage;
    };
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
