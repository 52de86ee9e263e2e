package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationStore;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.SubjectLimit.WhenReached;
import org.symbolon.session.Tenant;
import org.symbolon.session.Timeouts;

/** What the store promises, on one server and on a Cluster. */
@ParameterizedClass
@EnumSource(
    value = RedisSettings.Mode.class,
    names = {"STANDALONE", "CLUSTER"})
class SessionStoreContractTest {
  private static final Instant T0 = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration IDLE = Samples.TIMEOUTS.idle();
  private static final Duration ABSOLUTE = Samples.TIMEOUTS.absolute();
  private static final Random RANDOM = new Random();

  private final RedisSettings.Mode mode;
  private final OpenStore store;
  private final SubjectKey subject = Samples.subject(RANDOM);

  SessionStoreContractTest(RedisSettings.Mode mode) {
    this.mode = mode;
    this.store = new OpenStore(RedisServers.shared(mode));
    store.at(T0);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void findsWhatItCreated() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session session = store.created(draft);
    assertSame(session, draft.issuedAt(T0));
    assertSame(((SessionStore.Found) store.find(draft.handle())).session(), session);
    assertThat(((SessionStore.Found) store.find(draft.handle())).now()).isEqualTo(T0);
  }

  @Test
  void keepsEveryFieldAtItsLargest() {
    SessionStore.Draft draft =
        new SessionStore.Draft(
            subject,
            Samples.handle(subject, RANDOM),
            15,
            Seed.of(new byte[] {-1, 2, -3, 4, -5, 6, -7, 8, -9, 10, -11, 12, -13, 14, -15, 16}),
            new Tenant("t".repeat(64)),
            new Subject("~".repeat(255)),
            new Authentication(
                Instant.parse("1969-07-20T20:17:40.123Z"),
                "a".repeat(64),
                List.of("m1234567890abcde", "n1234567890abcde", "o", "p", "q", "r", "s", "t")),
            new ClientClass("c".repeat(32)),
            new Device(Device.Browser.PROGRAM, Device.Platform.CHROMEOS, -1, Integer.MIN_VALUE),
            new Attributes(Map.of("größe", "ü".repeat(300), "b", "", "c", "x".repeat(400))),
            new Timeouts(Duration.ofDays(400), Duration.ofDays(400)),
            Optional.empty(),
            Optional.empty());
    assertSame(store.created(draft), draft.issuedAt(T0));
    assertSame(((SessionStore.Found) store.find(draft.handle())).session(), draft.issuedAt(T0));
    assertThat(store.list(subject))
        .singleElement()
        .satisfies(s -> assertSame(s, draft.issuedAt(T0)));
  }

  private static Binding binding(String key) {
    return new Binding(Binding.Kind.DBSC, T0.plusMillis(7), key);
  }

  @Test
  void bindsOnceAndTheFirstKeyWins() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session session = store.created(draft);
    Session bound = session.withBinding(binding("a-key"));
    assertThat(OpenStore.await(store.store.bind(draft.handle(), binding("a-key"))))
        .isInstanceOfSatisfying(
            SessionStore.Fastened.class, fastened -> assertSame(fastened.session(), bound));
    store.at(T0.plusSeconds(9));
    Binding again = new Binding(Binding.Kind.DBSC, T0.plusSeconds(9), "a-key");
    assertThat(OpenStore.await(store.store.bind(draft.handle(), again)))
        .isInstanceOfSatisfying(
            SessionStore.Fastened.class, fastened -> assertSame(fastened.session(), bound));
    assertThat(OpenStore.await(store.store.bind(draft.handle(), binding("b-key"))))
        .isEqualTo(new SessionStore.Taken());
    assertThat(OpenStore.await(store.store.bind(draft.handle(), binding("a-ke"))))
        .isEqualTo(new SessionStore.Taken());
    assertSame(store.live(draft.handle()).orElseThrow(), bound);
  }

  @Test
  void bindsToTheLongestKeyBesideTheLargestFields() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session session = store.created(draft);
    Binding longest = binding("k".repeat(Binding.MAX_KEY));
    assertThat(OpenStore.await(store.store.bind(draft.handle(), longest)))
        .isInstanceOf(SessionStore.Fastened.class);
    assertSame(store.live(draft.handle()).orElseThrow(), session.withBinding(longest));
  }

  @Test
  void bindsNothingThatIsOver() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    assertThat(OpenStore.await(store.store.bind(draft.handle(), binding("a-key"))))
        .isEqualTo(new SessionStore.Absent());
    store.created(draft);
    store.revoke(subject, draft.handle(), RevocationReason.LOGOUT);
    assertThat(OpenStore.await(store.store.bind(draft.handle(), binding("a-key"))))
        .isInstanceOf(SessionStore.Ended.class);
    SessionStore.Draft idle = Samples.draft(subject, RANDOM);
    store.created(idle);
    store.at(T0.plus(idle.timeouts().idle()));
    assertThat(OpenStore.await(store.store.bind(idle.handle(), binding("a-key"))))
        .isEqualTo(new SessionStore.Absent());
  }

  @Test
  void aBindingOutlivesUseRotationAndStepUp() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session read = store.created(draft);
    var _ = OpenStore.await(store.store.bind(draft.handle(), binding("a-key")));
    store.at(T0.plusSeconds(400));
    store.touch(read);
    RotationStore.Rotation rotation =
        OpenStore.await(
            store.store.rotate(
                new RotationStore.Sight(
                    subject, read, 0, 3, RotationStore.Ask.ROTATE, RotationPolicy.DEFAULT, 3)));
    assertThat(rotation)
        .isInstanceOfSatisfying(
            RotationStore.Accepted.class,
            accepted -> assertThat(accepted.session().binding()).contains(binding("a-key")));
    // By a caller who read the session before it was bound, and once more as after a lost reply.
    Authentication stronger = new Authentication(T0.plusSeconds(400), "higher", List.of("hwk"));
    for (int delivery = 0; delivery < 2; delivery++) {
      assertThat(
              OpenStore.await(
                  store.store.elevate(read.withGeneration(1), stronger, RotationPolicy.DEFAULT, 3)))
          .isInstanceOfSatisfying(
              RotationStore.Elevated.class,
              elevated -> {
                assertThat(elevated.session().binding()).contains(binding("a-key"));
                assertThat(elevated.session().authentication()).isEqualTo(stronger);
              });
    }
    assertThat(store.live(draft.handle()).orElseThrow().binding()).contains(binding("a-key"));
    assertThat(store.list(subject))
        .singleElement()
        .satisfies(s -> assertThat(s.binding()).contains(binding("a-key")));
  }

  @Test
  void findsNothingUnderAnUnknownHandle() {
    assertThat(store.find(Samples.handle(subject, RANDOM))).isEqualTo(new SessionStore.Absent());
  }

  @Test
  void takesNoHandleTwice() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session first = store.created(draft);
    SessionStore.Draft second =
        Samples.draft(subject, draft.handle(), Samples.TIMEOUTS, Optional.empty());
    assertThat(store.create(second, OpenStore.TEN)).isEqualTo(new SessionStore.HandleTaken());
    assertSame(store.live(draft.handle()).orElseThrow(), first);
  }

  @Test
  void answersARepeatedCreationAsTheFirst() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session first = store.created(draft);
    store.at(T0.plusSeconds(1));
    assertSame(store.created(draft), first);
    assertThat(store.list(subject)).hasSize(1);
  }

  @Test
  void takesNoHandleOfAnEndedSession() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    SessionStore.Draft second =
        Samples.draft(subject, session.handle(), Samples.TIMEOUTS, Optional.empty());
    assertThat(store.create(second, OpenStore.TEN)).isEqualTo(new SessionStore.HandleTaken());
  }

  @Test
  void expiresAtTheIdleDeadlineToTheMillisecond() {
    Handle handle = store.created(Samples.draft(subject, RANDOM)).handle();
    store.at(T0.plus(IDLE).minusMillis(1));
    assertThat(store.live(handle)).isPresent();
    assertThat(store.list(subject)).hasSize(1);
    for (int late = 0; late <= 1; late++) {
      store.at(T0.plus(IDLE).plusMillis(late));
      assertThat(store.live(handle)).isEmpty();
      assertThat(store.list(subject)).isEmpty();
      assertThat(store.revoke(subject, handle, RevocationReason.LOGOUT))
          .isEqualTo(new Revocation.Done(0));
    }
  }

  @Test
  void expiresAtTheAbsoluteDeadlineToTheMillisecondHoweverOftenUsed() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    for (Duration use = IDLE.dividedBy(2);
        use.compareTo(ABSOLUTE) < 0;
        use = use.plus(IDLE.dividedBy(2))) {
      store.at(T0.plus(use));
      store.touch(session);
    }
    store.at(T0.plus(ABSOLUTE).minusMillis(1));
    assertThat(store.live(session.handle())).isPresent();
    assertThat(store.list(subject)).hasSize(1);
    for (int late = 0; late <= 1; late++) {
      store.at(T0.plus(ABSOLUTE).plusMillis(late));
      assertThat(store.live(session.handle())).isEmpty();
      assertThat(store.list(subject)).isEmpty();
    }
  }

  @Test
  void recordsAUseOnlyATenthOfTheIdleTimeAfterTheLast() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Instant due = T0.plus(IDLE.dividedBy(10));
    store.at(due.minusMillis(1));
    store.touch(session);
    assertThat(store.live(session.handle()).orElseThrow().lastSeenAt()).isEqualTo(T0);
    store.at(due);
    store.touch(session);
    assertThat(store.live(session.handle()).orElseThrow().lastSeenAt()).isEqualTo(due);
    assertThat(store.live(session.handle()).orElseThrow().issuedAt()).isEqualTo(T0);
    assertThat(store.live(session.handle()).orElseThrow().absoluteDeadline())
        .isEqualTo(T0.plus(ABSOLUTE));
  }

  @Test
  void aUseRevivesNothing() {
    Session expired = store.created(Samples.draft(subject, RANDOM));
    Session ended = store.created(Samples.draft(subject, RANDOM));
    store.revoke(subject, ended.handle(), RevocationReason.LOGOUT);
    Session unknown = Samples.draft(subject, RANDOM).issuedAt(T0);
    store.at(T0.plus(IDLE));
    store.touch(expired);
    store.touch(ended);
    store.touch(unknown);
    assertThat(store.live(expired.handle())).isEmpty();
    assertThat(store.find(ended.handle()))
        .isEqualTo(new SessionStore.Ended(RevocationReason.LOGOUT, T0));
    assertThat(store.find(unknown.handle())).isEqualTo(new SessionStore.Absent());
  }

  @Test
  void revokesOnce() {
    Handle handle = store.created(Samples.draft(subject, RANDOM)).handle();
    assertThat(store.revoke(subject, handle, RevocationReason.ADMIN))
        .isEqualTo(new Revocation.Done(1));
    store.at(T0.plusSeconds(5));
    assertThat(store.revoke(subject, handle, RevocationReason.LOGOUT))
        .isEqualTo(new Revocation.Done(0));
    assertThat(store.find(handle)).isEqualTo(new SessionStore.Ended(RevocationReason.ADMIN, T0));
    assertThat(store.list(subject)).isEmpty();
  }

  @Test
  void revokesEachOfSomeOnceWhereverTheyAre() {
    List<SessionStore.Named> live =
        Stream.generate(() -> Samples.subject(RANDOM))
            .limit(300)
            .map(
                of -> new SessionStore.Named(of, store.created(Samples.draft(of, RANDOM)).handle()))
            .toList();
    SessionStore.Named ended =
        new SessionStore.Named(subject, store.created(Samples.draft(subject, RANDOM)).handle());
    store.revoke(subject, ended.handle(), RevocationReason.LOGOUT);
    SessionStore.Named absent = new SessionStore.Named(subject, Samples.handle(subject, RANDOM));
    SessionStore.Named moved =
        new SessionStore.Named(
            new SubjectKey(subject.bucket() ^ 1, subject.hash()),
            store.created(Samples.draft(subject, RANDOM)).handle());
    Handle other = store.created(Samples.draft(subject, RANDOM)).handle();
    List<SessionStore.Named> all = new ArrayList<>(live);
    all.addAll(List.of(absent, ended, moved, live.getFirst()));
    store.at(T0.plusSeconds(5));
    assertThat(store.revokeEach(all, RevocationReason.CAMPAIGN))
        .isEqualTo(new Revocation.Done(301));
    assertThat(store.revokeEach(all, RevocationReason.ADMIN)).isEqualTo(new Revocation.Done(0));
    assertThat(store.revokeEach(List.of(), RevocationReason.ADMIN))
        .isEqualTo(new Revocation.Done(0));
    assertThat(live)
        .allSatisfy(
            one -> {
              assertThat(store.find(one.handle()))
                  .isEqualTo(new SessionStore.Ended(RevocationReason.CAMPAIGN, T0.plusSeconds(5)));
              assertThat(store.list(one.subject())).isEmpty();
              Duration left = ABSOLUTE.minusSeconds(5);
              assertThat(ttl(Keys.session(one.handle()))).isBetween(left.minusMinutes(1), left);
            });
    assertThat(store.find(ended.handle()))
        .isEqualTo(new SessionStore.Ended(RevocationReason.LOGOUT, T0));
    assertThat(store.find(absent.handle())).isEqualTo(new SessionStore.Absent());
    assertThat(store.list(subject)).extracting(Session::handle).containsExactly(other);
  }

  @Test
  void makesNothingOfAnAbsentSessionsRevocation() {
    Handle handle = Samples.handle(subject, RANDOM);
    assertThat(store.revoke(subject, handle, RevocationReason.LOGOUT))
        .isEqualTo(new Revocation.Done(0));
    assertThat(store.find(handle)).isEqualTo(new SessionStore.Absent());
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(0));
    assertThat(store.list(subject)).isEmpty();
    assertThat(exists(Keys.index(subject))).isFalse();
  }

  @Test
  void endsASessionThatLiesInAnotherBucketThanItsSubjectNow() {
    SubjectKey before = new SubjectKey(subject.bucket() ^ 1, subject.hash());
    Handle handle = store.created(Samples.draft(before, RANDOM)).handle();
    assertThat(store.revoke(subject, handle, RevocationReason.LOGOUT))
        .isEqualTo(new Revocation.Done(1));
    assertThat(store.live(handle)).isEmpty();
    assertThat(store.list(before)).isEmpty();
  }

  @Test
  void keepsATombstoneUntilTheAbsoluteDeadline() {
    Handle handle = store.created(Samples.draft(subject, RANDOM)).handle();
    assertThat(ttl(Keys.session(handle))).isBetween(IDLE.minusMinutes(1), IDLE);
    store.at(T0.plus(IDLE.dividedBy(2)));
    store.revoke(subject, handle, RevocationReason.LOGOUT);
    Duration left = ABSOLUTE.minus(IDLE.dividedBy(2));
    assertThat(ttl(Keys.session(handle))).isBetween(left.minusMinutes(1), left);
  }

  @Test
  void letsTheIndexEndWithItsLastSession() {
    store.created(Samples.draft(subject, RANDOM));
    Timeouts longer = new Timeouts(IDLE, ABSOLUTE.multipliedBy(2));
    store.created(
        Samples.draft(subject, Samples.handle(subject, RANDOM), longer, Optional.empty()));
    store.created(Samples.draft(subject, RANDOM));
    Duration left = longer.absolute();
    assertThat(ttl(Keys.index(subject))).isBetween(left.minusMinutes(1), left.plusSeconds(1));
  }

  @Test
  void revokesAllSessionsOfASubjectInBatches() {
    SubjectLimit most = new SubjectLimit(1000, WhenReached.REJECT);
    List<Handle> handles =
        Stream.generate(() -> Samples.draft(subject, RANDOM))
            .limit(1000)
            .peek(draft -> store.create(draft, most))
            .map(SessionStore.Draft::handle)
            .toList();
    assertThat(store.list(subject)).hasSize(1000);
    assertThat(store.revokeAll(subject, Optional.of(handles.get(700))))
        .isEqualTo(new Revocation.Done(999));
    assertThat(store.list(subject)).extracting(Session::handle).containsExactly(handles.get(700));
    assertThat(handles).filteredOn(handle -> store.live(handle).isPresent()).hasSize(1);
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(1));
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(0));
    assertThat(store.find(handles.get(700)))
        .isEqualTo(new SessionStore.Ended(RevocationReason.LOGOUT_ELSEWHERE, T0));
  }

  @Test
  void listsTheLiveSessionsTheOldestFirst() {
    Session first = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plusMillis(1));
    Session second = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plusMillis(2));
    Session third = store.created(Samples.draft(subject, RANDOM));
    store.created(Samples.draft(new SubjectKey(subject.bucket(), subject.hash() + 1), RANDOM));
    store.revoke(subject, second.handle(), RevocationReason.LOGOUT);
    assertThat(store.list(subject))
        .extracting(Session::handle)
        .containsExactly(first.handle(), third.handle());
  }

  @Test
  void rejectsOneTooMany() {
    SubjectLimit two = new SubjectLimit(2, WhenReached.REJECT);
    Session first = store.created(Samples.draft(subject, RANDOM));
    store.created(Samples.draft(subject, RANDOM));
    SessionStore.Draft third = Samples.draft(subject, RANDOM);
    assertThat(store.create(third, two)).isEqualTo(new SessionStore.Full());
    assertThat(store.find(third.handle())).isEqualTo(new SessionStore.Absent());
    assertThat(store.list(subject)).hasSize(2);
    store.revoke(subject, first.handle(), RevocationReason.LOGOUT);
    assertThat(store.create(third, two)).isInstanceOf(SessionStore.Created.class);
  }

  @Test
  void countsNoExpiredSessionAgainstTheLimit() {
    SubjectLimit one = new SubjectLimit(1, WhenReached.REJECT);
    store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(IDLE).minusMillis(1));
    assertThat(store.create(Samples.draft(subject, RANDOM), one))
        .isEqualTo(new SessionStore.Full());
    store.at(T0.plus(IDLE));
    assertThat(store.create(Samples.draft(subject, RANDOM), one))
        .isInstanceOf(SessionStore.Created.class);
    assertThat(store.list(subject)).hasSize(1);
  }

  @Test
  void countsNoVanishedRecordAgainstTheLimit() {
    SubjectLimit one = new SubjectLimit(1, WhenReached.REJECT);
    Handle lost = store.created(Samples.draft(subject, RANDOM)).handle();
    delete(Keys.session(lost));
    assertThat(store.create(Samples.draft(subject, RANDOM), one))
        .isInstanceOf(SessionStore.Created.class);
  }

  @Test
  void evictsTheOldest() {
    Session first = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(Duration.ofMinutes(10)));
    Session second = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(Duration.ofMinutes(20)));
    store.touch(first);
    SessionStore.Created third =
        (SessionStore.Created)
            store.create(
                Samples.draft(subject, RANDOM), new SubjectLimit(2, WhenReached.EVICT_OLDEST));
    assertThat(third.evicted()).containsExactly(first.handle());
    assertThat(store.find(first.handle()))
        .isEqualTo(
            new SessionStore.Ended(RevocationReason.EVICTED, T0.plus(Duration.ofMinutes(20))));
    assertThat(store.list(subject))
        .extracting(Session::handle)
        .containsExactly(second.handle(), third.session().handle());
  }

  @Test
  void evictsTheLeastUsed() {
    Session first = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(Duration.ofMinutes(10)));
    Session second = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(Duration.ofMinutes(20)));
    store.touch(first);
    SessionStore.Created third =
        (SessionStore.Created)
            store.create(
                Samples.draft(subject, RANDOM), new SubjectLimit(2, WhenReached.EVICT_LEAST_USED));
    assertThat(third.evicted()).containsExactly(second.handle());
    assertThat(store.list(subject))
        .extracting(Session::handle)
        .containsExactly(first.handle(), third.session().handle());
  }

  @Test
  void evictsDownToALimitThatWasLowered() {
    for (int i = 0; i < 6; i++) {
      store.at(T0.plusSeconds(i));
      store.created(Samples.draft(subject, RANDOM));
    }
    SessionStore.Created last =
        (SessionStore.Created)
            store.create(
                Samples.draft(subject, RANDOM), new SubjectLimit(3, WhenReached.EVICT_OLDEST));
    assertThat(last.evicted()).hasSize(4);
    assertThat(store.list(subject)).hasSize(3);
  }

  @Test
  void replacesWithoutCountingTheReplaced() {
    SubjectLimit one = new SubjectLimit(1, WhenReached.REJECT);
    Session old = store.created(Samples.draft(subject, RANDOM));
    SessionStore.Draft next =
        Samples.draft(
            subject, Samples.handle(subject, RANDOM), Samples.TIMEOUTS, Optional.of(old.handle()));
    assertThat(store.create(next, one)).isInstanceOf(SessionStore.Created.class);
    assertThat(store.find(old.handle()))
        .isEqualTo(new SessionStore.Ended(RevocationReason.REPLACED, T0));
    assertThat(store.list(subject)).extracting(Session::handle).containsExactly(next.handle());
  }

  @Test
  void replacesNothingWhereTheLimitRejects() {
    Session old = store.created(Samples.draft(subject, RANDOM));
    store.created(Samples.draft(subject, RANDOM));
    SessionStore.Draft next =
        Samples.draft(
            subject, Samples.handle(subject, RANDOM), Samples.TIMEOUTS, Optional.of(old.handle()));
    assertThat(store.create(next, new SubjectLimit(1, WhenReached.REJECT)))
        .isEqualTo(new SessionStore.Full());
    assertThat(store.live(old.handle())).isPresent();
  }

  @Test
  void replacesAnAbsentSessionByCreatingAlone() {
    Handle absent = Samples.handle(subject, RANDOM);
    SessionStore.Draft next =
        Samples.draft(
            subject, Samples.handle(subject, RANDOM), Samples.TIMEOUTS, Optional.of(absent));
    assertThat(store.create(next, OpenStore.TEN)).isInstanceOf(SessionStore.Created.class);
    assertThat(store.find(absent)).isEqualTo(new SessionStore.Absent());
  }

  private RotationStore.Rotation sight(Session session, int generation, RotationStore.Ask ask) {
    return OpenStore.await(
        store.store.rotate(
            new RotationStore.Sight(
                subject, session, generation, 3, ask, RotationPolicy.DEFAULT, 5)));
  }

  private RotationOutcome outcome(Session session, int generation, RotationStore.Ask ask) {
    return ((RotationStore.Accepted) sight(session, generation, ask)).outcome();
  }

  @Test
  void rotatesConfirmsAndCatchesTheOldOne() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Instant aged = T0.plus(RotationPolicy.DEFAULT.age());
    store.at(aged.minusMillis(1));
    assertThat(outcome(session, 0, RotationStore.Ask.ROTATE_IF_AGED))
        .isEqualTo(RotationOutcome.NONE);
    store.at(aged);
    assertThat(outcome(session, 0, RotationStore.Ask.CONFIRM)).isEqualTo(RotationOutcome.NONE);
    assertThat(sight(session, 0, RotationStore.Ask.ROTATE_IF_AGED))
        .isInstanceOfSatisfying(
            RotationStore.Accepted.class,
            issued -> {
              assertThat(issued.outcome()).isEqualTo(RotationOutcome.ISSUED);
              assertThat(issued.session().generation()).isEqualTo(1);
              assertThat(issued.session().key()).isEqualTo(5);
              assertThat(issued.session().isSeen()).isFalse();
              assertThat(issued.session().lastSeenAt()).isEqualTo(aged);
              assertThat(issued.session().issuedAt()).isEqualTo(T0);
              assertThat(issued.session().absoluteDeadline()).isEqualTo(T0.plus(ABSOLUTE));
              assertSame(store.live(session.handle()).orElseThrow(), issued.session());
            });
    assertThat(outcome(session, 0, RotationStore.Ask.ROTATE)).isEqualTo(RotationOutcome.REISSUED);
    assertThat(outcome(session, 1, RotationStore.Ask.ROTATE)).isEqualTo(RotationOutcome.CONFIRMED);
    assertThat(outcome(session, 1, RotationStore.Ask.ROTATE)).isEqualTo(RotationOutcome.NONE);
    store.at(aged.plus(RotationPolicy.DEFAULT.overlap()).minusMillis(1));
    assertThat(outcome(session, 0, RotationStore.Ask.CONFIRM)).isEqualTo(RotationOutcome.OVERLAP);
    store.at(aged.plus(RotationPolicy.DEFAULT.overlap()));
    assertThat(sight(session, 0, RotationStore.Ask.CONFIRM))
        .isInstanceOf(RotationStore.Reused.class);
    assertThat(sight(session, 1, RotationStore.Ask.CONFIRM))
        .isInstanceOfSatisfying(
            SessionStore.Ended.class,
            ended -> assertThat(ended.reason()).isEqualTo(RevocationReason.REUSE));
    assertThat(store.list(subject)).isEmpty();
  }

  @Test
  void healsUpToTheLastGenerationAndRotatesNoFurther() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    assertThat(outcome(session, 65_535, RotationStore.Ask.ROTATE))
        .isEqualTo(RotationOutcome.HEALED);
    store.at(T0.plus(RotationPolicy.DEFAULT.age()));
    assertThat(outcome(session, 65_535, RotationStore.Ask.ROTATE)).isEqualTo(RotationOutcome.NONE);
    Session last = store.live(session.handle()).orElseThrow();
    assertThat(last.key()).isEqualTo(3);
    assertThat(elevated(last, "aal2")).isEqualTo(new RotationStore.Exhausted());
  }

  @Test
  void elevatesOnceHoweverOftenItIsDelivered() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    RotationStore.Elevation first = elevated(session, "urn:a-longer-class-than-before");
    Session after = ((RotationStore.Elevated) first).session();
    assertThat(after.generation()).isEqualTo(1);
    assertThat(after.hasPredecessor()).isFalse();
    assertThat(after.isSeen()).isFalse();
    assertThat(after.authentication().acr()).isEqualTo("urn:a-longer-class-than-before");
    assertThat(after.authentication().time()).isEqualTo(Instant.EPOCH);
    assertThat(after.subject()).isEqualTo(session.subject());
    assertThat(after.device()).isEqualTo(session.device());
    assertThat(after.absoluteDeadline()).isEqualTo(session.absoluteDeadline());
    assertSame(
        ((RotationStore.Elevated) elevated(session, "urn:a-longer-class-than-before")).session(),
        after);
    assertThat(elevated(session, "other")).isEqualTo(new RotationStore.Changed());
    assertThat(sight(session, 0, RotationStore.Ask.CONFIRM))
        .isInstanceOf(RotationStore.Superseded.class);
    assertThat(outcome(session, 1, RotationStore.Ask.CONFIRM)).isEqualTo(RotationOutcome.CONFIRMED);
    assertThat(elevated(session, "urn:a-longer-class-than-before"))
        .isEqualTo(new RotationStore.Changed());
    store.at(T0.plus(RotationPolicy.DEFAULT.overlap()));
    assertThat(sight(session, 0, RotationStore.Ask.CONFIRM))
        .isInstanceOf(RotationStore.Reused.class);
  }

  @Test
  void rotatesAndElevatesNothingThatIsNotLive() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.at(T0.plus(IDLE));
    assertThat(sight(session, 0, RotationStore.Ask.ROTATE)).isEqualTo(new SessionStore.Absent());
    assertThat(elevated(session, "aal2")).isEqualTo(new SessionStore.Absent());
    store.at(T0);
    store.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    SessionStore.Ended ended = new SessionStore.Ended(RevocationReason.LOGOUT, T0);
    assertThat(sight(session, 9, RotationStore.Ask.ROTATE)).isEqualTo(ended);
    assertThat(elevated(session, "aal2")).isEqualTo(ended);
    delete(Keys.session(session.handle()));
    assertThat(sight(session, 9, RotationStore.Ask.ROTATE)).isEqualTo(new SessionStore.Absent());
    assertThat(exists(Keys.session(session.handle()))).isFalse();
  }

  private RotationStore.Elevation elevated(Session read, String acr) {
    return OpenStore.await(
        store.store.elevate(
            read,
            new Authentication(Instant.EPOCH, acr, List.of("otp")),
            RotationPolicy.DEFAULT,
            5));
  }

  /** Compares seeds as well, which have no equality of their own. */
  private static void assertSame(Session actual, Session expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withEqualsForType(Arrays::equals, byte[].class)
        .isEqualTo(expected);
  }

  private boolean exists(byte[] key) {
    return OpenStore.await(store.link.commands().exists(key)) == 1;
  }

  private Duration ttl(byte[] key) {
    try (RedisServers.Admin admin = RedisServers.shared(mode).owner(key)) {
      return Duration.ofMillis(admin.commands().pttl(key));
    }
  }

  private void delete(byte[] key) {
    try (RedisServers.Admin admin = RedisServers.shared(mode).owner(key)) {
      admin.commands().del(key);
    }
  }
}
