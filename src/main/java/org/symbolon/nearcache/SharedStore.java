package org.symbolon.nearcache;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.Handle;
import org.symbolon.session.KnownRevocations;
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
 * A store whose finds are shared: those of one session that are under way at once are one call, and
 * one that is gone is not asked for again at once. What this node changes is out of date in its own
 * near cache before the change is answered.
 *
 * <p>Where a revocation is known to this node, the session is over whatever the store says.
 *
 * <p>A find is not shared with whoever comes after something was told against the session, nor for
 * longer than the staleness bound.
 */
public final class SharedStore implements SessionStore {
  private final SessionStore store;
  private final NearCache<?> cache;
  private final KnownRevocations revocations;
  private final Consumer<Revoked> lost;
  private final LongSupplier nanos;
  private final boolean isOff;
  private final long bound;
  private final Gone gone;
  private final ConcurrentMap<Handle, Shared> underWay = new ConcurrentHashMap<>();

  private static final class Shared extends CompletableFuture<Finding> {
    private final long version;
    private final long began;

    Shared(long version, long began) {
      this.version = version;
      this.began = began;
    }
  }

  /**
   * A store whose finds are shared, but where the near cache is off.
   *
   * @param lost takes a revocation that the store does not know of
   * @param nanos {@link System#nanoTime}
   */
  public SharedStore(
      SessionStore store,
      NearCache<?> cache,
      NearCacheSettings settings,
      KnownRevocations revocations,
      Consumer<Revoked> lost,
      LongSupplier nanos) {
    this.store = store;
    this.cache = cache;
    this.revocations = revocations;
    this.lost = lost;
    this.nanos = nanos;
    this.isOff = settings.isOff();
    this.bound = settings.bound().toNanos();
    this.gone = new Gone(nanos);
  }

  @Override
  public CompletionStage<Finding> find(Handle handle) {
    return (isOff ? store.find(handle) : shared(handle))
        .thenApply(
            finding ->
                finding instanceof Found(Session session, Instant now)
                    ? revocations
                        .reason(session)
                        .<Finding>map(reason -> lost(session, reason, now))
                        .orElse(finding)
                    : finding);
  }

  private Ended lost(Session session, RevocationReason reason, Instant now) {
    lost.accept(new Revoked.Tombstone(session.handle(), reason, session.absoluteDeadline()));
    return new Ended(reason, now);
  }

  private CompletionStage<Finding> shared(Handle handle) {
    long version = cache.version(handle.bucket());
    Finding known = gone.find(handle, version);
    if (known != null) {
      return CompletableFuture.completedStage(known);
    }
    Shared own = new Shared(version, nanos.getAsLong());
    Shared shared =
        underWay.merge(
            handle, own, (other, _) -> isShareable(other, version, own.began) ? other : own);
    if (shared == own) {
      ask(handle, own);
      return own;
    }
    return shared.thenCompose(
        finding ->
            nanos.getAsLong() - shared.began < bound
                ? CompletableFuture.completedStage(finding)
                : store.find(handle));
  }

  private boolean isShareable(Shared other, long version, long now) {
    return other.version == version && now - other.began < bound;
  }

  private void ask(Handle handle, Shared own) {
    CompletionStage<Finding> asked;
    try {
      asked = store.find(handle);
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedStage(e);
    }
    asked.whenComplete(
        (finding, failure) -> {
          underWay.remove(handle, own);
          if (failure != null) {
            own.completeExceptionally(failure);
            return;
          }
          switch (finding) {
            case Ended _, Absent _ -> gone.remember(handle, finding, own.version);
            case Found _, Unavailable _ -> {}
          }
          own.complete(finding);
        });
  }

  @Override
  public CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
    return telling(draft.handle().bucket(), store.create(draft, limit));
  }

  @Override
  public void touch(Session session) {
    store.touch(session);
  }

  @Override
  public CompletionStage<Rotation> rotate(Sight sight) {
    return telling(sight.session().handle().bucket(), store.rotate(sight));
  }

  @Override
  public CompletionStage<Elevation> elevate(
      Session read, Authentication authentication, RotationPolicy policy, int key) {
    return telling(read.handle().bucket(), store.elevate(read, authentication, policy, key));
  }

  @Override
  public CompletionStage<Revocation> revoke(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    return telling(handle.bucket(), store.revoke(subject, handle, reason));
  }

  @Override
  public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
    return store
        .revokeEach(sessions, reason)
        .whenComplete(
            (_, _) -> sessions.forEach(session -> cache.changed(session.handle().bucket())));
  }

  @Override
  public CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    return telling(subject.bucket(), store.revokeAll(subject, except, reason));
  }

  @Override
  public CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason) {
    return telling(subject.bucket(), store.revokeIssued(subject, upTo, reason));
  }

  @Override
  public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
    return telling(handle.bucket(), store.bind(handle, binding));
  }

  @Override
  public void learn(Session session, SignalHashes signals) {
    store.learn(session, signals);
  }

  @Override
  public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
    return store.revoke(scope, reason);
  }

  @Override
  public CompletionStage<Listing> list(SubjectKey subject) {
    return store
        .list(subject)
        .thenApply(
            listing ->
                switch (listing) {
                  case Listing.Sessions(List<Session> sessions) ->
                      new Listing.Sessions(
                          sessions.stream()
                              .filter(session -> revocations.reason(session).isEmpty())
                              .toList());
                  case Unavailable outage -> outage;
                });
  }

  /** Tells whatever the outcome: what got no answer may have happened. */
  private <T> CompletionStage<T> telling(int bucket, CompletionStage<T> change) {
    return change.whenComplete((_, _) -> cache.changed(bucket));
  }
}
