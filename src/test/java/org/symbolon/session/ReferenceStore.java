package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a store must do, in the plainest way: the judge of the real one, and its stand-in in tests.
 */
public final class ReferenceStore implements SessionStore {
  private record Entry(SubjectKey owner, Session session, int excused, Optional<Ended> ended) {
    Entry(SubjectKey owner, Session session, Optional<Ended> ended) {
      this(owner, session, 0, ended);
    }

    Entry with(Session other) {
      return new Entry(owner, other, excused, Optional.empty());
    }
  }

  private final Map<Handle, Entry> entries = new HashMap<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean down;

  public void advance(Duration step) {
    now = now.plus(step);
  }

  /** A session as it stood, with whatever was not known yet. */
  public static final class Snapshot {
    private final Entry entry;

    private Snapshot(Entry entry) {
      this.entry = entry;
    }
  }

  /**
   * @throws java.util.NoSuchElementException where there is none
   */
  public Snapshot snapshot(Handle handle) {
    return new Snapshot(Optional.ofNullable(entries.get(handle)).orElseThrow());
  }

  public void restore(Snapshot snapshot) {
    entries.put(snapshot.entry.session().handle(), snapshot.entry);
  }

  public Instant now() {
    return now;
  }

  public void setDown(boolean down) {
    this.down = down;
  }

  @Override
  public CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    Entry there = entries.get(draft.handle());
    if (there != null) {
      boolean isOwn =
          there.ended().isEmpty()
              && Arrays.equals(there.session().seed().reveal(), draft.seed().reveal());
      return CompletableFuture.completedStage(
          isOwn ? new Created(there.session(), List.of()) : new HandleTaken());
    }
    List<Session> live = live(draft.subjectKey());
    draft.replaces().ifPresent(old -> live.removeIf(session -> session.handle().equals(old)));
    if (live.size() >= limit.max() && limit.whenReached() == SubjectLimit.WhenReached.REJECT) {
      return CompletableFuture.completedStage(new Full());
    }
    draft.replaces().ifPresent(old -> end(old, RevocationReason.REPLACED));
    live.sort(
        limit.whenReached() == SubjectLimit.WhenReached.EVICT_OLDEST
            ? Comparator.comparing(Session::issuedAt)
            : Comparator.comparing(Session::lastSeenAt));
    List<Handle> evicted = new ArrayList<>();
    while (live.size() >= limit.max()) {
      Session victim = live.removeFirst();
      end(victim.handle(), RevocationReason.EVICTED);
      evicted.add(victim.handle());
    }
    Session session = draft.issuedAt(now);
    entries.put(draft.handle(), new Entry(draft.subjectKey(), session, Optional.empty()));
    return CompletableFuture.completedStage(new Created(session, evicted));
  }

  @Override
  public CompletionStage<Finding> find(Handle handle) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    Entry entry = entries.get(handle);
    if (entry == null || !now.isBefore(entry.session().absoluteDeadline())) {
      return CompletableFuture.completedStage(new Absent());
    }
    if (entry.ended().isPresent()) {
      return CompletableFuture.completedStage(entry.ended().get());
    }
    return CompletableFuture.completedStage(
        entry.session().isExpired(now) ? new Absent() : new Found(entry.session(), now));
  }

  @Override
  public void touch(Session session) {
    Entry entry = entries.get(session.handle());
    if (!down && entry != null && isLive(entry) && entry.session().isTouchDue(now)) {
      Session touched = ReferenceRotation.touched(entry.session(), now);
      entries.put(touched.handle(), entry.with(touched));
    }
  }

  @Override
  public CompletionStage<Rotation> rotate(Sight sight) {
    Handle handle = sight.session().handle();
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    Entry entry = entries.get(handle);
    if (entry == null || !isLive(entry)) {
      return CompletableFuture.completedStage(
          gone(entry) instanceof Ended ended ? ended : new Absent());
    }
    ReferenceRotation.Step step =
        ReferenceRotation.rotate(entry.session(), entry.excused(), sight, now);
    step.after()
        .ifPresentOrElse(
            after -> entries.put(handle, entry.with(after)),
            () -> end(handle, RevocationReason.REUSE));
    return CompletableFuture.completedStage(step.answer());
  }

  @Override
  public CompletionStage<Elevation> elevate(
      Session read, Authentication authentication, RotationPolicy policy, int key) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    Entry entry = entries.get(read.handle());
    if (entry == null || !isLive(entry)) {
      return CompletableFuture.completedStage(
          gone(entry) instanceof Ended ended ? ended : new Absent());
    }
    ReferenceRotation.Raised raised =
        ReferenceRotation.elevate(
            entry.session(), entry.excused(), read, authentication, policy, key, now);
    entries.put(
        read.handle(),
        new Entry(entry.owner(), raised.after(), raised.excused(), Optional.empty()));
    return CompletableFuture.completedStage(raised.answer());
  }

  private Finding gone(@Nullable Entry entry) {
    return entry != null
            && entry.ended().isPresent()
            && now.isBefore(entry.session().absoluteDeadline())
        ? entry.ended().get()
        : new Absent();
  }

  @Override
  public CompletionStage<Revocation> revoke(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    return CompletableFuture.completedStage(
        down ? outage() : new Revocation.Done(end(handle, reason)));
  }

  @Override
  public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
    return CompletableFuture.completedStage(
        down
            ? outage()
            : new Revocation.Done(
                sessions.stream().mapToInt(session -> end(session.handle(), reason)).sum()));
  }

  @Override
  public CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    int count = 0;
    for (Session session : live(subject)) {
      if (!Optional.of(session.handle()).equals(except)) {
        count += end(session.handle(), reason);
      }
    }
    return CompletableFuture.completedStage(new Revocation.Done(count));
  }

  @Override
  public CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    int count = 0;
    for (Session session : live(subject)) {
      if (!session.issuedAt().isAfter(upTo)) {
        count += end(session.handle(), reason);
      }
    }
    return CompletableFuture.completedStage(new Revocation.Done(count));
  }

  @Override
  public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    for (Entry entry : List.copyOf(entries.values())) {
      boolean isCovered =
          switch (scope) {
            case Revoked.OfSubject(SubjectKey subject) -> entry.owner().equals(subject);
            case Revoked.OfTenant(Tenant tenant) -> entry.session().tenant().equals(tenant);
            case Revoked.Everything _ -> true;
          };
      if (isCovered) {
        end(entry.session().handle(), reason);
      }
    }
    return CompletableFuture.completedStage(new Revocation.Done(0));
  }

  @Override
  public CompletionStage<Listing> list(SubjectKey subject) {
    return CompletableFuture.completedStage(down ? outage() : new Listing.Sessions(live(subject)));
  }

  @Override
  public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
    if (down) {
      return CompletableFuture.completedStage(outage());
    }
    Entry entry = entries.get(handle);
    if (entry == null || !isLive(entry)) {
      return CompletableFuture.completedStage(
          gone(entry) instanceof Ended ended ? ended : new Absent());
    }
    Session session = entry.session();
    if (session.binding().isPresent()) {
      Binding there = session.binding().get();
      return CompletableFuture.completedStage(
          there.kind() == binding.kind() && there.key().equals(binding.key())
              ? new Fastened(session)
              : new Taken());
    }
    entries.put(handle, entry.with(session.withBinding(binding)));
    return CompletableFuture.completedStage(new Fastened(session.withBinding(binding)));
  }

  @Override
  public void learn(Session read, SignalHashes signals) {
    Entry entry = entries.get(read.handle());
    if (!down && entry != null && isLive(entry)) {
      Session session = entry.session();
      if (session.generation() == read.generation() && session.signals().equals(read.signals())) {
        entries.put(read.handle(), entry.with(session.withSignals(signals)));
      }
    }
  }

  private List<Session> live(SubjectKey subject) {
    List<Session> live = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.owner().equals(subject) && isLive(entry)) {
        live.add(entry.session());
      }
    }
    live.sort(Comparator.comparing(Session::issuedAt));
    return live;
  }

  private boolean isLive(Entry entry) {
    return entry.ended().isEmpty() && !entry.session().isExpired(now);
  }

  private int end(Handle handle, RevocationReason reason) {
    Entry entry = entries.get(handle);
    if (entry == null || !isLive(entry)) {
      return 0;
    }
    entries.put(
        handle, new Entry(entry.owner(), entry.session(), Optional.of(new Ended(reason, now))));
    return 1;
  }

  private static Unavailable outage() {
    return new Unavailable("down");
  }
}
