package org.symbolon.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.symbolon.session.Counts;
import org.symbolon.session.Handle;
import org.symbolon.session.Listing;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;

/** A store under test, its answers waited for, its clock to be stopped at will. */
final class OpenStore implements AutoCloseable {
  static final SubjectLimit TEN = new SubjectLimit(10, SubjectLimit.WhenReached.REJECT);
  final RedisLink link;
  final StoreClock clock;
  final Counts counts = new Counts();
  final RedisSessionStore store;
  private final AtomicLong now = new AtomicLong();

  /** A store with more patience than the service has, for what is not about time. */
  OpenStore(RedisServers servers) {
    this(patient(servers.settings()));
  }

  /** The same for what is about revocations. */
  OpenStore(RedisServers servers, RevocationMemory known, RevocationJournal journal) {
    this(patient(servers.settings()), known, journal);
  }

  private static RedisSettings patient(RedisSettings settings) {
    return new RedisSettings(
        settings.nodes(),
        settings.mode(),
        settings.username(),
        settings.password(),
        Duration.ofSeconds(5),
        settings.ca(),
        settings.sentinel());
  }

  OpenStore(RedisSettings settings) {
    this(settings, RevocationMemory.NONE, RevocationJournal.NONE);
  }

  private OpenStore(RedisSettings settings, RevocationMemory known, RevocationJournal journal) {
    this.link =
        switch (StoreCheck.open(settings)) {
          case StoreCheck.Ready(RedisLink ready) -> ready;
          case Obstacle obstacle -> throw new AssertionError(obstacle.toString());
        };
    this.clock = new StoreClock(link, InstantSource.system());
    this.store =
        new RedisSessionStore(
            link,
            clock,
            counts,
            Durability.DEFAULT,
            known,
            journal,
            Samples.TIMEOUTS.absolute(),
            now::get);
  }

  /** Stops the store's clock at an instant. */
  void at(Instant instant) {
    now.set(instant.toEpochMilli());
  }

  SessionStore.Creation create(SessionStore.Draft draft, SubjectLimit limit) {
    return await(store.create(draft, limit));
  }

  Session created(SessionStore.Draft draft) {
    return ((SessionStore.Created) create(draft, TEN)).session();
  }

  SessionStore.Finding find(Handle handle) {
    return await(store.find(handle));
  }

  /** The session if it is live by the store's clock. */
  Optional<Session> live(Handle handle) {
    return find(handle) instanceof SessionStore.Found(Session session, Instant instant)
            && !session.isExpired(instant)
        ? Optional.of(session)
        : Optional.empty();
  }

  /** Records a use and waits until the store has seen it. */
  void touch(Session session) {
    store.touch(session);
    // Commands of one connection are answered in order; where the server did not have the script,
    // its text was sent before the first answer was seen here.
    find(session.handle());
    find(session.handle());
  }

  Revocation revoke(SubjectKey subject, Handle handle, RevocationReason reason) {
    return await(store.revoke(subject, handle, reason));
  }

  Revocation revokeEach(List<SessionStore.Named> sessions, RevocationReason reason) {
    return await(store.revokeEach(sessions, reason));
  }

  Revocation revokeAll(SubjectKey subject, Optional<Handle> except) {
    return await(store.revokeAll(subject, except, RevocationReason.LOGOUT_ELSEWHERE));
  }

  List<Session> list(SubjectKey subject) {
    return ((Listing.Sessions) await(store.list(subject))).sessions();
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    clock.close();
    link.close();
  }
}
