package org.symbolon.session;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a live session a new authentication (step-up) and with it a new ID, the only good one. */
public final class ElevateSession {
  /** Another rotation may come in between; after the third, the caller tries again. */
  private static final int ATTEMPTS = 3;

  private final SessionIds ids;
  private final SessionStore store;
  private final Policy policy;
  private final RotationReports reports;

  public ElevateSession(
      SessionIds ids, SessionStore store, Policy policy, RotationReports reports) {
    this.ids = ids;
    this.store = store;
    this.policy = policy;
    this.reports = reports;
  }

  /** The outcome of an elevation. */
  public sealed interface Outcome permits Elevated, NotLive, Exhausted, Unavailable {}

  /** The session and its new ID; asked again before the ID was used, it is the same ID. */
  public record Elevated(Session session, SecretText id) implements Outcome {}

  /** There is no such live session; the reason is what its presenter would be told. */
  public record NotLive(Reason reason) implements Outcome {}

  /** The session has used its 65,536 IDs: it takes a new login. */
  public record Exhausted() implements Outcome {}

  /** Elevates a session that the caller may act for. */
  public CompletionStage<Outcome> elevate(
      Handle handle, Authentication authentication, Presenter presenter) {
    Optional<Locator> locator = ids.locator(handle);
    return locator.isEmpty()
        ? CompletableFuture.completedStage(new NotLive(Reason.EXPIRED))
        : elevate(handle, locator.get(), authentication, presenter, ATTEMPTS);
  }

  private CompletionStage<Outcome> elevate(
      Handle handle,
      Locator locator,
      Authentication authentication,
      Presenter presenter,
      int attempts) {
    return store
        .find(handle)
        .thenCompose(
            finding ->
                switch (finding) {
                  case SessionStore.Found(Session session, Instant now)
                      when !session.isExpired(now) ->
                      store
                          .elevate(
                              before(session, authentication),
                              authentication,
                              policy.rotation(session.tenant()),
                              ids.signingKey())
                          .thenCompose(
                              elevation ->
                                  switch (elevation) {
                                    case RotationStore.Changed _ ->
                                        attempts > 1
                                            ? elevate(
                                                handle,
                                                locator,
                                                authentication,
                                                presenter,
                                                attempts - 1)
                                            : done(
                                                new Unavailable(
                                                    "elevate: the session kept changing"));
                                    case RotationStore.Elevated(Session elevated) ->
                                        done(elevated(elevated, locator, presenter));
                                    case RotationStore.Exhausted _ -> done(new Exhausted());
                                    case SessionStore.Ended(RevocationReason reason, var _) ->
                                        done(new NotLive(reason.told()));
                                    case SessionStore.Absent _ -> done(new NotLive(Reason.EXPIRED));
                                    case Unavailable outage -> done(outage);
                                  });
                  case SessionStore.Ended(RevocationReason reason, var _) ->
                      done(new NotLive(reason.told()));
                  case SessionStore.Found _, SessionStore.Absent _ ->
                      done(new NotLive(Reason.EXPIRED));
                  case Unavailable outage -> done(outage);
                });
  }

  /**
   * The session for the store to expect. A caller whose answer was lost asks again with the same
   * authentication: it expects the generation before, and the store finds its work done.
   */
  private static Session before(Session session, Authentication authentication) {
    boolean isRepeated =
        session.generation() > 0
            && !session.isSeen()
            && !session.hasPredecessor()
            && session.authentication().equals(authentication);
    return isRepeated ? session.withGeneration(session.generation() - 1) : session;
  }

  private Outcome elevated(Session session, Locator locator, Presenter presenter) {
    reports.elevated(session, presenter);
    return new Elevated(session, ids.encode(session, locator));
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedStage(outcome);
  }
}
