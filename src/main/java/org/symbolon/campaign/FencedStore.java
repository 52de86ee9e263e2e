package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.Handle;
import org.symbolon.session.Listing;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Unavailable;

/**
 * A store that shows no session behind a fence. Where this node may have missed a fence for longer
 * than the staleness bound, it asks for the fences as well, and is unavailable without them.
 */
public final class FencedStore implements SessionStore {
  private final SessionStore store;
  private final FenceView fences;
  private final Duration bound;
  private final Executor blocking;
  private final AtomicReference<@Nullable CompletableFuture<Optional<Unavailable>>> asking =
      new AtomicReference<>();

  /**
   * @param blocking runs what waits for the store
   */
  public FencedStore(SessionStore store, FenceView fences, Duration bound, Executor blocking) {
    this.store = store;
    this.fences = fences;
    this.bound = bound;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Finding> find(Handle handle) {
    return store
        .find(handle)
        .thenCompose(
            finding ->
                finding instanceof Found found
                    ? known(() -> judged(found), outage -> outage)
                    : CompletableFuture.completedStage(finding));
  }

  private Finding judged(Found found) {
    Optional<RevocationReason> reason = fences.reason(found.session());
    return reason.isPresent() ? new Ended(reason.get(), found.now()) : found;
  }

  @Override
  public CompletionStage<Listing> list(SubjectKey subject) {
    return store
        .list(subject)
        .thenCompose(
            listing ->
                listing instanceof Listing.Sessions(List<Session> sessions)
                    ? known(() -> unfenced(sessions), outage -> outage)
                    : CompletableFuture.completedStage(listing));
  }

  private Listing unfenced(List<Session> sessions) {
    return new Listing.Sessions(
        sessions.stream().filter(session -> fences.reason(session).isEmpty()).toList());
  }

  /** Judges when the fences are known. */
  private <R> CompletionStage<R> known(Supplier<R> judge, Function<Unavailable, R> unavailable) {
    if (fences.isCurrent(bound)) {
      return CompletableFuture.completedStage(judge.get());
    }
    return ask().thenApply(outage -> outage.map(unavailable).orElseGet(judge));
  }

  /** One question for all who need its answer and came before it was sent. */
  private CompletionStage<Optional<Unavailable>> ask() {
    CompletableFuture<Optional<Unavailable>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<Unavailable>> other = asking.compareAndExchange(null, mine);
    if (other != null) {
      return other.thenCompose(
          outage ->
              outage.isPresent() || fences.isCurrent(bound)
                  ? CompletableFuture.completedStage(outage)
                  : ask());
    }
    blocking.execute(
        () -> {
          Optional<Unavailable> outage = Optional.empty();
          try {
            fences.refresh();
          } catch (OutageException e) {
            outage = Optional.of(new Unavailable("fences: " + e.getMessage()));
          } catch (RuntimeException e) {
            outage = Optional.of(new Unavailable("fences: " + e));
          }
          asking.set(null);
          mine.complete(outage);
        });
    return mine;
  }

  @Override
  public CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
    return store.create(draft, limit);
  }

  @Override
  public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
    return store.bind(handle, binding);
  }

  @Override
  public void learn(Session session, SignalHashes signals) {
    store.learn(session, signals);
  }

  @Override
  public void touch(Session session) {
    store.touch(session);
  }

  @Override
  public CompletionStage<Revocation> revoke(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    return store.revoke(subject, handle, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
    return store.revokeEach(sessions, reason);
  }

  @Override
  public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
    return store.revoke(scope, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    return store.revokeAll(subject, except, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason) {
    return store.revokeIssued(subject, upTo, reason);
  }

  @Override
  public CompletionStage<Rotation> rotate(Sight sight) {
    return store.rotate(sight);
  }

  @Override
  public CompletionStage<Elevation> elevate(
      Session session, Authentication authentication, RotationPolicy policy, int key) {
    return store.elevate(session, authentication, policy, key);
  }
}
