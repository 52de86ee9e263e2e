package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Handle;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.SubjectLimit.WhenReached;
import org.symbolon.session.Timeouts;
import org.symbolon.session.Unavailable;

/** Random calls at random times, each answer judged by a model that is nothing but a map. */
class SessionStoreModelTest {
  private static final int STEPS = 2_000;

  /** How much earlier than is noted here the store may have heard of something. */
  private static final Duration TRIP = Duration.ofSeconds(1);

  private static final List<WhenReached> POLICIES = List.of(WhenReached.values());

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void answersAsTheModelDoes(RedisSettings.Mode mode) {
    long seed = Long.getLong("symbolon.seed", System.nanoTime());
    System.out.println(mode + ": -Dsymbolon.seed=" + seed);
    Random random = new Random(seed);
    List<SubjectKey> subjects = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      subjects.add(Samples.subject(random));
    }
    subjects.add(new SubjectKey(subjects.getFirst().bucket(), random.nextLong()));
    Model model = new Model();
    try (OpenStore store = new OpenStore(RedisServers.shared(mode))) {
      for (int step = 0; step < STEPS; step++) {
        SubjectKey subject = subjects.get(random.nextInt(subjects.size()));
        store.at(model.now);
        step(store, model, subject, random, "seed " + seed + ", step " + step);
      }
    }
  }

  private static void step(
      OpenStore store, Model model, SubjectKey subject, Random random, String where) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        Duration idle = Duration.ofSeconds(10 + random.nextInt(100));
        Timeouts timeouts = new Timeouts(idle, idle.multipliedBy(1 + random.nextInt(3)));
        SubjectLimit limit =
            new SubjectLimit(1 + random.nextInt(5), POLICIES.get(random.nextInt(POLICIES.size())));
        Handle handle =
            random.nextInt(20) == 0 ? model.any(subject, random) : Samples.handle(subject, random);
        Optional<Handle> replaces =
            Optional.of(model.any(subject, random))
                .filter(old -> random.nextInt(3) == 0 && !old.equals(handle));
        SessionStore.Draft draft = Samples.draft(subject, handle, timeouts, replaces);
        assertThat(told(store.create(draft, limit)))
            .as(where)
            .isEqualTo(model.create(draft, limit));
      }
      case 3, 4 -> {
        Handle handle = model.any(subject, random);
        if (store.find(handle) instanceof SessionStore.Found(Session session, var _)) {
          store.touch(session);
          model.touch(handle);
        }
      }
      case 5 -> {
        Handle handle = model.any(subject, random);
        if (random.nextBoolean()) {
          Handle other = model.any(subject, random);
          assertThat(
                  store.revokeEach(
                      List.of(
                          new SessionStore.Named(subject, handle),
                          new SessionStore.Named(subject, other)),
                      RevocationReason.ADMIN))
              .as(where)
              .isEqualTo(
                  new Revocation.Done(
                      (model.revoke(handle, "ADMIN") ? 1 : 0)
                          + (model.revoke(other, "ADMIN") ? 1 : 0)));
          return;
        }
        assertThat(store.revoke(subject, handle, RevocationReason.ADMIN))
            .as(where)
            .isEqualTo(new Revocation.Done(model.revoke(handle, "ADMIN") ? 1 : 0));
      }
      case 6 -> {
        Optional<Handle> except =
            random.nextInt(4) == 0 ? Optional.empty() : Optional.of(model.any(subject, random));
        assertThat(store.revokeAll(subject, except))
            .as(where)
            .isEqualTo(new Revocation.Done(model.revokeAll(subject, except)));
      }
      case 7 -> model.now = model.now.plusMillis(random.nextInt(30_000));
      case 8 ->
          assertThat(
                  store.list(subject).stream().map(SessionStoreModelTest::told).sorted().toList())
              .as(where)
              .isEqualTo(model.live(subject).stream().map(Model.Entry::told).sorted().toList());
      default -> {
        Handle handle = model.any(subject, random);
        String actual =
            switch (store.find(handle)) {
              case SessionStore.Found(Session session, Instant now) ->
                  session.isExpired(now) ? "" : told(session);
              case SessionStore.Ended(RevocationReason reason, var _) -> reason.name();
              case SessionStore.Absent _ -> "";
              case Unavailable outage -> outage.cause();
            };
        if (!actual.isEmpty() || !model.isForgotten(handle)) {
          assertThat(actual).as(where).isEqualTo(model.find(handle));
        }
      }
    }
  }

  private static String told(SessionStore.Creation creation) {
    return switch (creation) {
      case SessionStore.Created(Session session, List<Handle> evicted) ->
          told(session) + " " + evicted;
      case SessionStore.Full _ -> "full";
      case SessionStore.HandleTaken _ -> "taken";
      case Unavailable outage -> outage.cause();
    };
  }

  private static String told(Session session) {
    return session.handle()
        + " "
        + session.issuedAt()
        + " "
        + session.lastSeenAt()
        + " "
        + session.absoluteDeadline()
        + " "
        + session.idle();
  }

  /** What should be so. */
  private static final class Model {
    private final Map<Handle, Entry> entries = new LinkedHashMap<>();
    private final Map<SubjectKey, Instant> marks = new HashMap<>();
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");

    String create(SessionStore.Draft draft, SubjectLimit limit) {
      if (entries.containsKey(draft.handle())) {
        return "taken";
      }
      List<Entry> others = new ArrayList<>(live(draft.subjectKey()));
      others.removeIf(entry -> draft.replaces().equals(Optional.of(entry.handle)));
      others.sort(
          Comparator.comparing(
                  (Entry entry) ->
                      limit.whenReached() == WhenReached.EVICT_OLDEST ? entry.issued : entry.seen)
              .thenComparing(entry -> entry.issued)
              .thenComparing(
                  (one, other) -> Long.compareUnsigned(one.handle.name(), other.handle.name())));
      int excess = Math.max(0, others.size() + 1 - limit.max());
      if (excess > 0 && limit.whenReached() == WhenReached.REJECT) {
        return "full";
      }
      draft
          .replaces()
          .map(entries::get)
          .filter(this::isLive)
          .ifPresent(entry -> end(entry, "REPLACED"));
      List<Entry> evicted = others.subList(0, excess);
      evicted.forEach(entry -> end(entry, "EVICTED"));
      Entry created = new Entry(draft, later(marks.get(draft.subjectKey())), now);
      entries.put(draft.handle(), created);
      return created.told() + " " + evicted.stream().map(entry -> entry.handle).toList();
    }

    void touch(Handle handle) {
      Entry entry = entries.get(handle);
      if (entry != null
          && isLive(entry)
          && !now.isBefore(entry.seen.plus(entry.idle.dividedBy(10)))) {
        entry.seen = now;
      }
    }

    private void end(Entry entry, String reason) {
      entry.ended = reason;
      Duration life = Duration.between(now, entry.deadline).minus(TRIP);
      entry.forgotten = System.nanoTime() + life.toNanos();
    }

    /** Whether its tombstone's life is over, which goes by no stopped clock. */
    boolean isForgotten(Handle handle) {
      Entry entry = entries.get(handle);
      return entry != null && !entry.ended.isEmpty() && System.nanoTime() - entry.forgotten >= 0;
    }

    boolean revoke(Handle handle, String reason) {
      Entry entry = entries.get(handle);
      if (entry == null || !isLive(entry)) {
        return false;
      }
      end(entry, reason);
      return true;
    }

    /** Now, or the millisecond after a mark. */
    private Instant later(@Nullable Instant mark) {
      return mark == null || mark.isBefore(now) ? now : mark.plusMillis(1);
    }

    int revokeAll(SubjectKey subject, Optional<Handle> except) {
      if (except.isEmpty()) {
        marks.put(subject, later(marks.get(subject)));
      }
      int ended = 0;
      for (Entry entry : live(subject)) {
        if (!except.equals(Optional.of(entry.handle))) {
          end(entry, "LOGOUT_ELSEWHERE");
          ended++;
        }
      }
      return ended;
    }

    String find(Handle handle) {
      Entry entry = entries.get(handle);
      if (entry == null) {
        return "";
      }
      return entry.ended.isEmpty() ? isLive(entry) ? entry.told() : "" : entry.ended;
    }

    List<Entry> live(SubjectKey subject) {
      return entries.values().stream()
          .filter(entry -> entry.subject.equals(subject) && isLive(entry))
          .toList();
    }

    /** A handle of the subject that was used before, or a new one. */
    Handle any(SubjectKey subject, Random random) {
      List<Handle> known =
          entries.values().stream()
              .filter(entry -> entry.subject.equals(subject))
              .map(entry -> entry.handle)
              .toList();
      int first = Math.max(0, known.size() - 8);
      return known.isEmpty() || random.nextInt(10) == 0
          ? Samples.handle(subject, random)
          : known.get(first + random.nextInt(known.size() - first));
    }

    private boolean isLive(Entry entry) {
      return entry.ended.isEmpty()
          && now.isBefore(entry.deadline)
          && now.isBefore(entry.seen.plus(entry.idle));
    }

    private static final class Entry {
      private final Handle handle;
      private final SubjectKey subject;
      private final Instant issued;
      private final Instant deadline;
      private final Duration idle;
      private Instant seen;
      private String ended = "";
      private long forgotten;

      Entry(SessionStore.Draft draft, Instant issued, Instant now) {
        handle = draft.handle();
        subject = draft.subjectKey();
        this.issued = issued;
        seen = now;
        deadline = now.plus(draft.timeouts().absolute());
        idle = draft.timeouts().idle();
      }

      String told() {
        return handle + " " + issued + " " + seen + " " + deadline + " " + idle;
      }
    }
  }
}
