package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Authentication;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationStore;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Tenant;

/** Which changes the scripts tell of, in the log of the session's lane. */
@ParameterizedClass
@EnumSource(RedisSettings.Mode.class)
class PublicationTest {
  private static final Random RANDOM = new Random();
  private static final RotationPolicy POLICY =
      new RotationPolicy(
          Duration.ofSeconds(1), Duration.ZERO, RotationPolicy.OnReuse.REVOKE_SESSION);
  private final OpenStore store;
  private final RedisServers servers;
  private final SubjectKey subject = Samples.subject(RANDOM);
  private final Lane lane = Lane.of(subject.bucket());
  private int before;

  PublicationTest(RedisSettings.Mode mode) {
    this.servers = RedisServers.shared(mode);
    this.store = new OpenStore(servers);
  }

  @BeforeEach
  void look() {
    before = changes().size();
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** The lane's whole log; its IDs are the counter's numbers without a gap. */
  private List<Change> changes() {
    try (RedisServers.Admin admin = servers.owner(lane.log())) {
      byte[] counter = admin.commands().get(lane.counter());
      var entries = admin.commands().xrange(lane.log(), Range.unbounded());
      List<Change> changes = new ArrayList<>();
      long number =
          counter == null
              ? 0
              : Long.parseLong(new String(counter, StandardCharsets.US_ASCII)) - entries.size();
      for (var entry : entries) {
        assertThat(entry.getId()).isEqualTo(++number + "-0");
        changes.add(Change.read(lane, entry.getBody().values().iterator().next()));
      }
      return changes;
    }
  }

  private List<Change> news() {
    List<Change> all = changes();
    return all.subList(before, all.size());
  }

  private RotationStore.Rotation rotate(Session session, int generation, RotationStore.Ask ask) {
    return OpenStore.await(
        store.store.rotate(
            new RotationStore.Sight(subject, session, generation, 3, ask, POLICY, 3)));
  }

  @Test
  void tellsNothingOfASessionThatBeginsOrIsUsed() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.at(session.issuedAt().plus(session.idle().dividedBy(2)));
    store.touch(session);
    rotate(session, 0, RotationStore.Ask.CONFIRM);
    assertThat(news()).isEmpty();
  }

  @Test
  void tellsOfAnEndOnceWithItsDeadlineAndReason() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    store.revoke(subject, session.handle(), RevocationReason.ADMIN);
    store.revoke(subject, Samples.handle(subject, RANDOM), RevocationReason.ADMIN);
    assertThat(news())
        .singleElement()
        .satisfies(
            change -> {
              Change.Ended ended = (Change.Ended) change;
              assertThat(ended.revoked())
                  .containsExactly(
                      new Revoked.Tombstone(
                          session.handle(), RevocationReason.LOGOUT, session.absoluteDeadline()));
              assertThat(Duration.of(ended.micros(), ChronoUnit.MICROS))
                  .isCloseTo(Duration.ofMillis(System.currentTimeMillis()), Duration.ofMinutes(1));
            });
  }

  @Test
  void tellsOfEachOfASubjectsOtherSessions() {
    Session kept = store.created(Samples.draft(subject, RANDOM));
    Session first = store.created(Samples.draft(subject, RANDOM));
    Session second = store.created(Samples.draft(subject, RANDOM));
    store.revokeAll(subject, Optional.of(kept.handle()));
    assertThat(ended()).containsExactlyInAnyOrder(first.handle(), second.handle());
  }

  @Test
  void tellsOfSomeOfALaneAtOnceEachWithItsDeadline() {
    SubjectLimit many = new SubjectLimit(64, SubjectLimit.WhenReached.REJECT);
    List<Session> sessions =
        Stream.generate(() -> store.create(Samples.draft(subject, RANDOM), many))
            .limit(64)
            .map(creation -> ((SessionStore.Created) creation).session())
            .toList();
    List<SessionStore.Named> named =
        sessions.stream().map(one -> new SessionStore.Named(subject, one.handle())).toList();
    store.revoke(subject, sessions.get(1).handle(), RevocationReason.LOGOUT);
    store.revokeEach(named, RevocationReason.CAMPAIGN);
    store.revokeEach(named, RevocationReason.ADMIN);
    assertThat(news()).hasSize(2);
    Change.Ended ended = (Change.Ended) news().getLast();
    List<Revoked> expected =
        sessions.stream()
            .filter(one -> !one.equals(sessions.get(1)))
            .<Revoked>map(
                one ->
                    new Revoked.Tombstone(
                        one.handle(), RevocationReason.CAMPAIGN, one.absoluteDeadline()))
            .toList();
    assertThat(ended.revoked()).isEqualTo(expected);
    assertThat(Duration.of(ended.micros(), ChronoUnit.MICROS))
        .isCloseTo(Duration.ofMillis(System.currentTimeMillis()), Duration.ofMinutes(1));
  }

  @Test
  void tellsOfAMarkOnceItHasChangedSomething() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.revokeAll(subject, Optional.empty());
    List<Change> news = news();
    Revoked.Mark mark = (Revoked.Mark) ((Change.Ended) news.getFirst()).revoked().getFirst();
    assertThat(mark.scope()).isEqualTo(new Revoked.OfSubject(subject));
    assertThat(mark.notBefore()).isAfterOrEqualTo(session.issuedAt());
    assertThat(mark.until()).isAfterOrEqualTo(session.absoluteDeadline());
    // What it covers is not told of again.
    assertThat(news).hasSize(1);
    Reassertion again = new Reassertion(store.link, RevocationMemory.NONE);
    again.one(mark);
    RedisServers.await(() -> again.written() == 1);
    assertThat(news()).hasSize(1);
  }

  @Test
  void tellsOfMarksOnTenantsAndOnEverythingInTheCommonLane() {
    List<Revoked.Scope> scopes =
        List.of(
            new Revoked.OfTenant(new Tenant("a.tenant-of_64".repeat(4))), new Revoked.Everything());
    for (Revoked.Scope scope : scopes) {
      OpenStore.await(store.store.revoke(scope, RevocationReason.ADMIN));
    }
    try (RedisServers.Admin admin = servers.owner(Lane.common().log())) {
      assertThat(
              admin.commands().xrange(Lane.common().log(), Range.unbounded()).stream()
                  .map(entry -> entry.getBody().values().iterator().next())
                  .map(bytes -> Change.read(Lane.common(), bytes))
                  .filter(Change.Ended.class::isInstance)
                  .map(Change.Ended.class::cast)
                  .map(ended -> ((Revoked.Mark) ended.revoked().getFirst()).scope()))
          .endsWith(scopes.toArray(Revoked.Scope[]::new));
    }
  }

  @Test
  void tellsOfEvictionAndReplacement() {
    Session replaced = store.created(Samples.draft(subject, RANDOM));
    Session evicted = store.created(Samples.draft(subject, RANDOM));
    store.create(
        Samples.draft(
            subject,
            Samples.handle(subject, RANDOM),
            Samples.TIMEOUTS,
            Optional.of(replaced.handle())),
        new SubjectLimit(1, SubjectLimit.WhenReached.EVICT_OLDEST));
    assertThat(ended()).containsExactly(replaced.handle(), evicted.handle());
  }

  @Test
  void tellsOfEachStepOfARotation() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Handle handle = session.handle();
    rotate(session, 0, RotationStore.Ask.ROTATE);
    rotate(session, 0, RotationStore.Ask.ROTATE);
    rotate(session, 1, RotationStore.Ask.CONFIRM);
    rotate(session, 1, RotationStore.Ask.CONFIRM);
    rotate(session, 5, RotationStore.Ask.CONFIRM);
    assertThat(news()).hasSize(3).allMatch(change -> moved(change).equals(handle));
    rotate(session, 1, RotationStore.Ask.CONFIRM);
    assertThat(news()).hasSize(4);
    assertThat(ended()).containsExactly(handle);
  }

  @Test
  void tellsOfAStepUp() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Authentication stronger =
        new Authentication(Instant.parse("2026-11-20T10:11:12Z"), "high", List.of("hwk"));
    OpenStore.await(store.store.elevate(session, stronger, POLICY, 3));
    OpenStore.await(store.store.elevate(session, stronger, POLICY, 3));
    assertThat(news()).singleElement().matches(change -> moved(change).equals(session.handle()));
  }

  @Test
  void keepsTheLogShort() {
    Session[] last = {store.created(Samples.draft(subject, RANDOM))};
    for (int i = 0; i < 1300; i++) {
      rotate(last[0], i, RotationStore.Ask.CONFIRM);
      rotate(last[0], i + 1, RotationStore.Ask.CONFIRM);
    }
    assertThat(changes().size()).isBetween(1000, 1100);
  }

  @Test
  void readsNoChangeOfANewerVersion() {
    byte[] newer = new byte[30];
    Arrays.fill(newer, (byte) 9);
    assertThat(Change.read(lane, newer)).isEqualTo(new Change.Unknown(0));
    assertThat(Change.read(lane, new byte[] {2, 1})).isEqualTo(new Change.Unknown(0));
    assertThat(Change.read(lane, new byte[0])).isEqualTo(new Change.Unknown(0));
  }

  private List<Handle> ended() {
    return news().stream()
        .filter(Change.Ended.class::isInstance)
        .flatMap(change -> ((Change.Ended) change).revoked().stream())
        .map(revoked -> ((Revoked.Tombstone) revoked).handle())
        .toList();
  }

  private static Handle moved(Change change) {
    return change instanceof Change.Moved(Handle handle, long _) ? handle : new Handle(0, 0);
  }
}
