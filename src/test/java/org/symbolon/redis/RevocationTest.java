package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.nearcache.Overlay;
import org.symbolon.session.Handle;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;

/** Which sessions are over by marks, what a node keeps, and what it writes again. */
@ParameterizedClass
@EnumSource(RedisSettings.Mode.class)
class RevocationTest {

  /** Of its own: marks on everything are seen by all tests of the same servers. */
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private static final Random RANDOM = new Random();
  private static final SubjectLimit MOST = new SubjectLimit(1000, SubjectLimit.WhenReached.REJECT);

  private final RedisServers servers;
  private final Kept journal = new Kept();
  private final NamedIds ids = new NamedIds();
  private final Overlay overlay = new Overlay(ids, () -> start, 1_000_000, () -> {});
  private final OpenStore store;
  private final SubjectKey subject = ids.key;
  private final Lane lane = Lane.of(subject.bucket());

  RevocationTest(RedisSettings.Mode mode) {
    this.servers = RedisServers.shared(mode);
    this.store = new OpenStore(servers, overlay, journal);
    store.at(start);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A journal in memory, that can be full. */
  private static final class Kept implements RevocationJournal {
    private final List<Revoked> held = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean isFull;

    @Override
    public CompletionStage<Outcome> append(List<Revoked> revoked) {
      if (isFull) {
        return CompletableFuture.completedStage(new Refused("No space left on device"));
      }
      held.addAll(revoked);
      return CompletableFuture.completedStage(new RevocationJournal.Kept());
    }

    @Override
    public List<Revoked> held() {
      return List.copyOf(held);
    }
  }

  /** Every subject is one, in a bucket of this test's own. */
  private static final class NamedIds extends PlainIds {
    private final SubjectKey key = Samples.subject(RANDOM);

    @Override
    public SubjectKey subjectKey(Tenant tenant, org.symbolon.session.Subject subject) {
      return key;
    }
  }

  private Session created() {
    return ((SessionStore.Created) store.create(Samples.draft(subject, RANDOM), MOST)).session();
  }

  private List<Handle> created(int count) {
    List<SessionStore.Draft> drafts =
        Stream.generate(() -> Samples.draft(subject, RANDOM)).limit(count).toList();
    drafts.stream()
        .map(draft -> store.store.create(draft, MOST))
        .toList()
        .forEach(
            created ->
                assertThat(OpenStore.await(created)).isInstanceOf(SessionStore.Created.class));
    return drafts.stream().map(SessionStore.Draft::handle).toList();
  }

  private Revocation scope(Revoked.Scope scope) {
    return OpenStore.await(store.store.revoke(scope, RevocationReason.ADMIN));
  }

  /** Whether a node lets a session in that it finds in the store. */
  private static boolean isIn(OpenStore node, Overlay known, Handle handle) {
    return node.find(handle) instanceof SessionStore.Found(Session session, Instant _)
        && known.reason(session).isEmpty();
  }

  private boolean isIn(Session session) {
    return isIn(store, overlay, session.handle());
  }

  /** The bytes that the store has of a session. */
  private byte[] record(Session session) {
    try (RedisServers.Admin admin = servers.owner(Keys.session(session.handle()))) {
      return admin.commands().get(Keys.session(session.handle()));
    }
  }

  /** Puts back what was there, as a stale replica does. */
  private void restore(Session session, byte[] record) {
    try (RedisServers.Admin admin = servers.owner(Keys.session(session.handle()))) {
      admin.commands().set(Keys.session(session.handle()), record);
    }
  }

  private void loseMarks(Lane of) {
    try (RedisServers.Admin admin = servers.owner(of.marks())) {
      admin.commands().del(of.marks(), of.marksVersion());
    }
  }

  @Test
  void endsAllOfASubjectAndNoneThatBeginsInTheSameMillisecond() {
    Session before = created();
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(1));
    Session after = created();
    assertThat(after.issuedAt()).isEqualTo(start.plusMillis(1));
    assertThat(after.absoluteDeadline()).isEqualTo(start.plus(Samples.TIMEOUTS.absolute()));
    assertThat(isIn(before)).isFalse();
    assertThat(isIn(after)).isTrue();
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(1));
    assertThat(isIn(after)).isFalse();
    assertThat(isIn(created())).isTrue();
  }

  @Test
  void answersARepeatedCreationUnderAMarkAsTheFirst() {
    store.revokeAll(subject, Optional.empty());
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    Session first = store.created(draft);
    store.at(start.plusSeconds(1));
    Session second = store.created(draft);
    assertThat(List.of(second.issuedAt(), second.lastSeenAt(), second.absoluteDeadline()))
        .isEqualTo(List.of(first.issuedAt(), first.lastSeenAt(), first.absoluteDeadline()));
  }

  @Test
  void sparesWhatBeganAfterTheMarkWhileItSweeps() {
    List<Handle> before = created(350);
    store.at(start.plusSeconds(5));
    List<Handle> after = created(250);
    // The sweep of a mark that was set when the first had begun.
    store.at(start.plusSeconds(1));
    assertThat(store.revokeAll(subject, Optional.empty())).isEqualTo(new Revocation.Done(350));
    assertThat(before).hasSize(350);
    assertThat(store.list(subject))
        .extracting(Session::handle)
        .containsExactlyInAnyOrderElementsOf(after);
  }

  @Test
  void endsWhatWasIssuedUpToAnInstantAndNothingLater() {
    Session before = created();
    store.at(start.plusSeconds(100));
    Session after = created();
    store.at(start.plusSeconds(200));
    Instant between = start.plusSeconds(50);
    assertThat(issued(between)).isEqualTo(new Revocation.Done(1));
    assertThat(List.of(isIn(before), isIn(after))).containsExactly(false, true);
    assertThat(overlay.reason(before)).contains(RevocationReason.ADMIN);
    assertThat(journal.held()).hasSize(1);
    assertThat(journal.held().getFirst())
        .isInstanceOfSatisfying(
            Revoked.Mark.class,
            mark -> {
              assertThat(mark.notBefore()).isEqualTo(between);
              assertThat(mark.until()).isAfterOrEqualTo(after.absoluteDeadline());
            });
    assertThat(issued(between)).isEqualTo(new Revocation.Done(0));
    assertThat(isIn(after)).isTrue();
    // What is told of an earlier instant takes nothing back.
    assertThat(issued(start.minusSeconds(50))).isEqualTo(new Revocation.Done(0));
    assertThat(overlay.reason(before)).contains(RevocationReason.ADMIN);
    assertThat(isIn(created())).isTrue();
  }

  private Revocation issued(Instant upTo) {
    return OpenStore.await(store.store.revokeIssued(subject, upTo, RevocationReason.ADMIN));
  }

  @Test
  void aSessionThatOutlivesAMarkInTheStoreIsOverOnANodeThatHasJustStarted() {
    Session session = created();
    byte[] record = record(session);
    store.revokeAll(subject, Optional.empty());
    restore(session, record);
    Overlay fresh = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore node = new OpenStore(servers, fresh, RevocationJournal.NONE)) {
      assertThat(isIn(node, fresh, session.handle())).isFalse();
    }
    Overlay second = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore node = new OpenStore(servers, second, RevocationJournal.NONE)) {
      OpenStore.await(node.store.readMarks());
      assertThat(second.reason(session)).contains(RevocationReason.LOGOUT_ELSEWHERE);
    }
  }

  @Test
  void aNodeSeesAnothersMarksAtItsNextLookAndReadsThemOnce() {
    Session session = created();
    Overlay known = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore other = new OpenStore(servers, known, RevocationJournal.NONE);
        RedisServers.Admin admin = servers.owner(lane.marks())) {
      assertThat(isIn(other, known, session.handle())).isTrue();
      scope(new Revoked.OfSubject(subject));
      assertThat(isIn(other, known, session.handle())).isFalse();
      long before = admin.calls("hgetall");
      for (int i = 0; i < 10; i++) {
        other.find(session.handle());
      }
      assertThat(admin.calls("hgetall")).isEqualTo(before);
    }
  }

  @Test
  void marksATenantAndEverythingWithoutALookAtTheSessions() {
    Session session = created();
    byte[] record = record(session);
    scope(new Revoked.OfTenant(new Tenant("another")));
    assertThat(isIn(session)).isTrue();
    assertThat(scope(new Revoked.OfTenant(Tenant.DEFAULT))).isEqualTo(new Revocation.Done(0));
    assertThat(record(session)).isEqualTo(record);
    assertThat(isIn(session)).isFalse();
    Session after = created();
    assertThat(isIn(after)).isTrue();
    scope(new Revoked.Everything());
    assertThat(isIn(after)).isFalse();
    assertThat(isIn(created())).isTrue();
    Overlay fresh = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore node = new OpenStore(servers, fresh, RevocationJournal.NONE)) {
      assertThat(isIn(node, fresh, session.handle())).isFalse();
      assertThat(isIn(node, fresh, after.handle())).isFalse();
    }
  }

  @Test
  void countsNoSessionUnderAMarkAgainstTheLimit() {
    SubjectLimit one = new SubjectLimit(1, SubjectLimit.WhenReached.REJECT);
    created();
    assertThat(store.create(Samples.draft(subject, RANDOM), one))
        .isEqualTo(new SessionStore.Full());
    scope(new Revoked.OfSubject(subject));
    assertThat(store.create(Samples.draft(subject, RANDOM), one))
        .isInstanceOf(SessionStore.Created.class);
  }

  @Test
  void keepsAndKnowsEachRevocationBeforeItIsAcknowledged() {
    Session session = created();
    Instant end = session.absoluteDeadline();
    store.revoke(subject, session.handle(), RevocationReason.ADMIN);
    assertThat(journal.held())
        .containsExactly(new Revoked.Tombstone(session.handle(), RevocationReason.ADMIN, end));
    assertThat(overlay.reason(session)).contains(RevocationReason.ADMIN);
    store.revoke(subject, Samples.handle(subject, RANDOM), RevocationReason.ADMIN);
    assertThat(journal.held()).hasSize(1);

    Session spared = created();
    List<Session> others = List.of(created(), created());
    store.revokeAll(subject, Optional.of(spared.handle()));
    assertThat(journal.held()).hasSize(3);
    assertThat(others).allMatch(other -> overlay.reason(other).isPresent());
    assertThat(overlay.reason(spared)).isEmpty();

    store.revokeAll(subject, Optional.empty());
    assertThat(journal.held().getLast())
        .isInstanceOfSatisfying(
            Revoked.Mark.class,
            mark -> {
              assertThat(mark.scope()).isEqualTo(new Revoked.OfSubject(subject));
              assertThat(mark.notBefore()).isEqualTo(start);
              // The index tells of its sessions' ends to the second.
              assertThat(mark.until()).isBetween(end, end.plusSeconds(1));
            });
    assertThat(journal.held()).hasSize(4);
  }

  @Test
  void doesNotAcknowledgeWhatItsJournalDoesNotKeepAndKeepsItLater() {
    Session session = created();
    Session other = created();
    journal.isFull = true;
    assertThat(store.revoke(subject, session.handle(), RevocationReason.ADMIN))
        .isInstanceOfSatisfying(
            Revocation.NotDurable.class,
            left -> assertThat(left.reason()).contains("journal", "No space left"));
    assertThat(isIn(session)).isFalse();
    assertThat(store.revokeAll(subject, Optional.of(session.handle())))
        .isInstanceOf(Revocation.NotDurable.class);
    assertThat(store.revokeAll(subject, Optional.empty()))
        .isInstanceOf(Revocation.NotDurable.class);
    assertThat(isIn(created())).isTrue();
    journal.isFull = false;
    RedisServers.await(() -> journal.held().size() == 3);
    assertThat(journal.held())
        .extracting(Revoked::getClass)
        .containsExactlyInAnyOrder(
            Revoked.Tombstone.class, Revoked.Tombstone.class, Revoked.Mark.class);
    assertThat(journal.held().toString())
        .contains(session.handle().toString(), other.handle().toString());
  }

  @Test
  void acknowledgesARepetitionOnlyWhenItIsKept() {
    Session session = created();
    journal.isFull = true;
    store.revoke(subject, session.handle(), RevocationReason.ADMIN);
    assertThat(store.revoke(subject, session.handle(), RevocationReason.ADMIN))
        .isInstanceOf(Revocation.NotDurable.class);
    journal.isFull = false;
    assertThat(store.revoke(subject, session.handle(), RevocationReason.ADMIN))
        .isEqualTo(new Revocation.Done(0));
    assertThat(journal.held())
        .first()
        .isInstanceOfSatisfying(
            Revoked.Tombstone.class,
            kept -> {
              assertThat(kept.handle()).isEqualTo(session.handle());
              assertThat(Duration.between(kept.until(), session.absoluteDeadline()).abs())
                  .isLessThan(Duration.ofMinutes(1));
            });
  }

  @Test
  void writesAgainWhatTheStoreHasLostAndMakesNothingOfWhatIsAbsent() {
    Session ended = created();
    Session alive = created();
    byte[] record = record(ended);
    store.revoke(subject, ended.handle(), RevocationReason.ADMIN);
    scope(new Revoked.OfTenant(new Tenant("another")));
    overlay.learn(
        new Revoked.Tombstone(
            Samples.handle(subject, RANDOM), RevocationReason.ADMIN, start.plusSeconds(60)));
    Reassertion again = new Reassertion(store.link, overlay);
    again.lane(lane.number());
    RedisServers.await(() -> again.written() >= 2);
    assertThat(again.mended()).isZero();

    restore(ended, record);
    loseMarks(Lane.common());
    assertThat(store.live(ended.handle())).isPresent();
    again.everything();
    RedisServers.await(() -> again.mended() >= 2);
    assertThat(store.find(ended.handle())).isInstanceOf(SessionStore.Ended.class);
    assertThat(store.live(alive.handle())).isPresent();
    Overlay fresh = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore node = new OpenStore(servers, fresh, RevocationJournal.NONE)) {
      OpenStore.await(node.store.readMarks());
      assertThat(fresh.notBefore(new Tenant("another"))).isEqualTo(start);
    }
    again.one(new Revoked.Tombstone(alive.handle(), RevocationReason.REUSE, start.plusSeconds(60)));
    RedisServers.await(() -> store.live(alive.handle()).isEmpty());
    assertThat(store.find(alive.handle()))
        .isInstanceOfSatisfying(
            SessionStore.Ended.class,
            told -> assertThat(told.reason()).isEqualTo(RevocationReason.REUSE));
  }

  @Test
  void mergesMarksByMaximumInTheStoreToo() {
    Revoked.OfSubject scope = new Revoked.OfSubject(subject);
    store.at(start.plusSeconds(10));
    scope(scope);
    Reassertion again = new Reassertion(store.link, overlay);
    again.one(
        new Revoked.Mark(scope, start, RevocationReason.REUSE, start.plus(Duration.ofDays(2))));
    again.one(
        new Revoked.Mark(
            scope, start.plusSeconds(20), RevocationReason.REUSE, start.plus(Duration.ofDays(1))));
    RedisServers.await(() -> again.written() == 2);
    Overlay fresh = new Overlay(ids, () -> start, 1_000, () -> {});
    try (OpenStore node = new OpenStore(servers, fresh, RevocationJournal.NONE)) {
      OpenStore.await(node.store.readMarks());
    }
    assertThat(fresh.of(lane.number()))
        .filteredOn(one -> one instanceof Revoked.Mark mark && mark.scope().equals(scope))
        .containsExactly(
            new Revoked.Mark(
                scope,
                start.plusSeconds(20),
                RevocationReason.REUSE,
                start.plus(Duration.ofDays(2))));
  }
}
