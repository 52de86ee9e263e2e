package org.symbolon.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.Handle;
import org.symbolon.session.Listing;
import org.symbolon.session.ReferenceRotation;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** A store in memory; it answers on another thread, can be down, and can break. */
public final class MemoryStore implements SessionStore {
  /** How it behaves. */
  public enum Mood {
    WELL,
    /** Finds and lists, and acknowledges no change. */
    READ_ONLY,
    DOWN,
    FAILING,
    THROWING
  }

  private final SessionIds ids;
  private final Executor executor;
  private final Map<Handle, Session> live = new ConcurrentHashMap<>();
  private final Map<Handle, Ended> ended = new ConcurrentHashMap<>();
  public volatile Mood mood = Mood.WELL;
  public volatile Instant now = Instant.parse("2026-11-24T10:00:00Z");
  public final List<Handle> touched = new ArrayList<>();

  /** How often a session was looked for. */
  public final AtomicInteger finds = new AtomicInteger();

  public MemoryStore(SessionIds ids, Executor executor) {
    this.ids = ids;
    this.executor = executor;
  }

  private <T> CompletionStage<T> change(T outage, Supplier<T> answer) {
    return mood == Mood.READ_ONLY
        ? CompletableFuture.supplyAsync(() -> outage, executor)
        : answer(outage, answer);
  }

  private <T> CompletionStage<T> answer(T outage, Supplier<T> answer) {
    return switch (mood) {
      case WELL, READ_ONLY -> CompletableFuture.supplyAsync(answer, executor);
      case DOWN -> CompletableFuture.supplyAsync(() -> outage, executor);
      case FAILING ->
          CompletableFuture.supplyAsync(
              () -> {
                throw new IllegalStateException("secret-of-the-store");
              },
              executor);
      case THROWING -> throw new IllegalStateException("secret-of-the-store");
    };
  }

  private static Unavailable outage() {
    return new Unavailable("down");
  }

  @Override
  public synchronized CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
    return change(
        outage(),
        () -> {
          draft.replaces().ifPresent(handle -> end(handle, RevocationReason.REPLACED));
          if (of(draft.subjectKey()).size() >= limit.max()) {
            return new Full();
          }
          Session session = draft.issuedAt(now);
          live.put(session.handle(), session);
          return new Created(session, List.of());
        });
  }

  @Override
  public CompletionStage<Finding> find(Handle handle) {
    finds.incrementAndGet();
    return answer(
        outage(),
        () -> {
          Session session = live.get(handle);
          Ended tombstone = ended.get(handle);
          return session != null
              ? new Found(session, now)
              : tombstone != null ? tombstone : new Absent();
        });
  }

  @Override
  public synchronized void touch(Session session) {
    touched.add(session.handle());
  }

  @Override
  public CompletionStage<Rotation> rotate(Sight sight) {
    Handle handle = sight.session().handle();
    return answer(
        outage(),
        () -> {
          synchronized (this) {
            Session session = live.get(handle);
            if (session == null) {
              Ended tombstone = ended.get(handle);
              return tombstone != null ? tombstone : new Absent();
            }
            ReferenceRotation.Step step =
                ReferenceRotation.rotate(session, ReferenceRotation.ALL, sight, now);
            step.after()
                .ifPresentOrElse(
                    after -> live.put(handle, after), () -> end(handle, RevocationReason.REUSE));
            return step.answer();
          }
        });
  }

  @Override
  public CompletionStage<Elevation> elevate(
      Session read, Authentication authentication, RotationPolicy policy, int key) {
    return answer(
        outage(),
        () -> {
          synchronized (this) {
            Session session = live.get(read.handle());
            if (session == null) {
              Ended tombstone = ended.get(read.handle());
              return tombstone != null ? tombstone : new Absent();
            }
            ReferenceRotation.Raised raised =
                ReferenceRotation.elevate(
                    session, ReferenceRotation.ALL, read, authentication, policy, key, now);
            live.put(read.handle(), raised.after());
            return raised.answer();
          }
        });
  }

  @Override
  public CompletionStage<Revocation> revoke(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    return change(outage(), () -> new Revocation.Done(end(handle, reason)));
  }

  @Override
  public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
    return change(
        outage(),
        () ->
            new Revocation.Done(
                sessions.stream().mapToInt(session -> end(session.handle(), reason)).sum()));
  }

  @Override
  public CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    return change(
        outage(),
        () ->
            new Revocation.Done(
                of(subject).stream()
                    .map(Session::handle)
                    .filter(handle -> except.filter(handle::equals).isEmpty())
                    .mapToInt(handle -> end(handle, reason))
                    .sum()));
  }

  @Override
  public CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason) {
    return change(
        outage(),
        () ->
            new Revocation.Done(
                of(subject).stream()
                    .filter(session -> !session.issuedAt().isAfter(upTo))
                    .mapToInt(session -> end(session.handle(), reason))
                    .sum()));
  }

  @Override
  public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
    return change(
        outage(),
        () -> {
          synchronized (this) {
            Session session = live.get(handle);
            if (session == null) {
              Ended tombstone = ended.get(handle);
              return tombstone != null ? tombstone : new Absent();
            }
            if (session.binding().isEmpty()) {
              live.put(handle, session.withBinding(binding));
            } else if (!session.binding().get().key().equals(binding.key())) {
              return new Taken();
            }
            return new Fastened(live.getOrDefault(handle, session));
          }
        });
  }

  @Override
  public synchronized void learn(Session read, SignalHashes signals) {
    Session session = live.get(read.handle());
    if (session != null
        && session.generation() == read.generation()
        && session.signals().equals(read.signals())) {
      live.put(read.handle(), session.withSignals(signals));
    }
  }

  @Override
  public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
    return change(
        outage(),
        () -> {
          live.values().stream()
              .filter(session -> covers(scope, session))
              .map(Session::handle)
              .toList()
              .forEach(handle -> end(handle, reason));
          return new Revocation.Done(0);
        });
  }

  private boolean covers(Revoked.Scope scope, Session session) {
    return switch (scope) {
      case Revoked.OfSubject(SubjectKey subject) ->
          ids.subjectKey(session.tenant(), session.subject()).equals(subject);
      case Revoked.OfTenant(Tenant tenant) -> session.tenant().equals(tenant);
      case Revoked.Everything _ -> true;
    };
  }

  @Override
  public CompletionStage<Listing> list(SubjectKey subject) {
    return answer(outage(), () -> new Listing.Sessions(of(subject)));
  }

  /** Ends a session behind the service's back. */
  public int end(Handle handle, RevocationReason reason) {
    Session session = live.remove(handle);
    if (session == null) {
      return 0;
    }
    ended.put(handle, new Ended(reason, now));
    return 1;
  }

  /** Changes a live session behind the service's back. */
  public void alter(Handle handle, UnaryOperator<Session> change) {
    live.computeIfPresent(handle, (_, session) -> change.apply(session));
  }

  public int liveSessions() {
    return live.size();
  }

  private List<Session> of(SubjectKey subject) {
    return live.values().stream()
        .filter(s -> ids.subjectKey(s.tenant(), s.subject()).equals(subject))
        .filter(s -> !s.isExpired(now))
        .sorted(Comparator.comparing(Session::issuedAt))
        .toList();
  }
}
