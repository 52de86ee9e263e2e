package org.symbolon.nearcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.PlainIds;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/** Which sessions are over by what a node knows, however it came to know it. */
class OverlayTest {
  private static final Instant T0 = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant END = T0.plus(Duration.ofHours(24));
  private static final Tenant RED = new Tenant("red");
  private final PlainIds ids = new PlainIds();
  private Instant now = T0;
  private Overlay overlay = new Overlay(ids, () -> now, 1 << 20, () -> {});

  private Session session(Tenant tenant, String subject, Instant issued) {
    SubjectKey key = ids.subjectKey(tenant, new Subject(subject));
    return new Session(
        ids.handle(ids.newLocator(key)),
        1,
        0,
        Seed.random(new SecureRandom()),
        tenant,
        new Subject(subject),
        new Authentication(issued, "", List.of()),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        issued,
        issued,
        END,
        Duration.ofHours(1),
        issued,
        true,
        false,
        Optional.empty(),
        SignalHashes.NONE);
  }

  private static Revoked.Tombstone ended(Session session) {
    return new Revoked.Tombstone(session.handle(), RevocationReason.LOGOUT, END);
  }

  private Revoked.Mark mark(Revoked.Scope scope, Instant notBefore) {
    return new Revoked.Mark(scope, notBefore, RevocationReason.ADMIN, END);
  }

  private Revoked.OfSubject subject(Session session) {
    return new Revoked.OfSubject(ids.subjectKey(session.tenant(), session.subject()));
  }

  private boolean isOver(Session session) {
    return overlay.reason(session).isPresent();
  }

  @Test
  void anEndedSessionIsOverAndNoOther() {
    Session alice = session(RED, "alice", T0);
    Session other = session(RED, "alice", T0);
    overlay.learn(ended(alice));
    assertThat(overlay.reason(alice)).contains(RevocationReason.LOGOUT);
    assertThat(isOver(other)).isFalse();
  }

  @Test
  void aMarkCoversItsScopeUpToItsMillisecondAndRaisesTheVersion() {
    Session before = session(RED, "alice", T0);
    Session after = session(RED, "alice", T0.plusMillis(1));
    Session bob = session(RED, "bob", T0);
    Session elsewhere = session(Tenant.DEFAULT, "alice", T0);
    long version = overlay.version();
    overlay.learn(mark(subject(before), T0));
    assertThat(overlay.version()).isGreaterThan(version);
    assertThat(List.of(before, after, bob, elsewhere))
        .map(this::isOver)
        .containsExactly(true, false, false, false);
    overlay.learn(mark(new Revoked.OfTenant(RED), T0));
    assertThat(List.of(before, after, bob, elsewhere))
        .map(this::isOver)
        .containsExactly(true, false, true, false);
    assertThat(overlay.notBefore(RED)).isEqualTo(T0);
    assertThat(overlay.notBefore(Tenant.DEFAULT)).isEqualTo(Instant.EPOCH);
    overlay.learn(mark(new Revoked.Everything(), T0.plusMillis(1)));
    assertThat(List.of(before, after, bob, elsewhere)).map(this::isOver).containsOnly(true);
    assertThat(overlay.notBefore(RED)).isEqualTo(T0.plusMillis(1));
  }

  @Test
  void whatIsKnownAlreadyLeavesTheVersion() {
    Session alice = session(RED, "alice", T0);
    List<Revoked> revoked =
        List.of(
            mark(subject(alice), T0),
            mark(new Revoked.OfTenant(RED), T0),
            mark(new Revoked.Everything(), T0));
    revoked.forEach(overlay::learn);
    long version = overlay.version();
    revoked.forEach(overlay::learn);
    overlay.learn(mark(new Revoked.Everything(), T0.minusMillis(1)));
    assertThat(overlay.version()).isEqualTo(version);
  }

  @Test
  void comesToTheSameInAnyOrderAndHoweverOften() {
    long seed = Long.getLong("symbolon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<Session> sessions = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        sessions.add(
            session(
                random.nextBoolean() ? RED : Tenant.DEFAULT,
                "s" + random.nextInt(20),
                T0.plusMillis(random.nextInt(10))));
      }
      List<Revoked> revoked = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        revoked.add(any(sessions.get(random.nextInt(sessions.size())), random));
      }
      Map<Session, Optional<RevocationReason>> first = judged(revoked, sessions);
      List<Revoked> again = new ArrayList<>(revoked);
      for (int i = 0; i < 60; i++) {
        again.add(revoked.get(random.nextInt(revoked.size())));
      }
      Collections.shuffle(again, random);
      assertThat(judged(again, sessions)).as("seed " + seed).isEqualTo(first);
      Overlay copy = new Overlay(ids, () -> now, 1 << 20, () -> {});
      for (int lane = 0; lane <= 256; lane++) {
        overlay.of(lane).forEach(copy::learn);
      }
      overlay = copy;
      assertThat(judged(List.of(), sessions)).as("seed " + seed).isEqualTo(first);
      overlay = new Overlay(ids, () -> now, 1 << 20, () -> {});
    }
  }

  private Revoked any(Session session, Random random) {
    RevocationReason[] reasons = RevocationReason.values();
    RevocationReason reason = reasons[random.nextInt(reasons.length)];
    Instant at = T0.plusMillis(random.nextInt(10));
    Instant until = END.plusSeconds(random.nextInt(3));
    return switch (random.nextInt(12)) {
      case 0 -> new Revoked.Mark(new Revoked.Everything(), at.minusMillis(8), reason, until);
      case 1 ->
          new Revoked.Mark(
              new Revoked.OfTenant(session.tenant()), at.minusMillis(5), reason, until);
      case 2, 3, 4 -> new Revoked.Mark(subject(session), at, reason, until);
      default -> new Revoked.Tombstone(session.handle(), reason, until);
    };
  }

  private Map<Session, Optional<RevocationReason>> judged(
      List<Revoked> revoked, List<Session> sessions) {
    if (!revoked.isEmpty()) {
      overlay = new Overlay(ids, () -> now, 1 << 20, () -> {});
    }
    revoked.forEach(overlay::learn);
    Map<Session, Optional<RevocationReason>> judged = new HashMap<>();
    sessions.forEach(session -> judged.put(session, overlay.reason(session)));
    return judged;
  }

  @Test
  void remembersAsManyAsItHasRoomForAndTellsThemAll() {
    Random random = new Random(7);
    List<Revoked.Tombstone> tombstones = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      Handle handle = new Handle(random.nextInt(1 << 16), random.nextLong());
      tombstones.add(new Revoked.Tombstone(handle, RevocationReason.ADMIN, END));
    }
    tombstones.forEach(overlay::learn);
    assertThat(overlay.size()).isEqualTo(200_000);
    assertThat(overlay.condensed()).isZero();
    List<Revoked> told = new ArrayList<>();
    for (int lane = 0; lane < 256; lane++) {
      int number = lane;
      overlay
          .of(lane)
          .forEach(
              one -> {
                assertThat(((Revoked.Tombstone) one).handle().bucket() >>> 8).isEqualTo(number);
                told.add(one);
              });
    }
    assertThat(new HashSet<>(told)).isEqualTo(new HashSet<>(tombstones));
  }

  @Test
  void forgetsWhatNothingCanBeAliveOf() {
    overlay = new Overlay(ids, () -> now, 256 * 100, () -> {});
    for (int day = 0; day < 20; day++) {
      for (int i = 0; i < 80; i++) {
        Handle handle = new Handle(i, day * 1000L + i);
        overlay.learn(
            new Revoked.Tombstone(handle, RevocationReason.ADMIN, now.plus(Duration.ofHours(20))));
      }
      now = now.plus(Duration.ofHours(24));
    }
    assertThat(overlay.condensed()).isZero();
    assertThat(overlay.size()).isLessThanOrEqualTo(100);
    overlay.learn(ended(session(RED, "then", T0)));
    assertThat(overlay.of(0)).allMatch(one -> one.until().isAfter(T0.plus(Duration.ofDays(15))));
  }

  @Test
  void atItsLimitLetsNoRevokedOneInAndNothingElseOfOtherBuckets() {
    overlay = new Overlay(ids, () -> now, 256 * 100, () -> {});
    List<Session> revoked = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Session session = session(RED, "subject" + i % 500, T0);
      revoked.add(session);
      overlay.learn(i % 10 == 0 ? mark(subject(session), T0) : ended(session));
    }
    for (int i = 0; i < 30_000; i++) {
      Session session = session(RED, "busy", T0);
      revoked.add(session);
      overlay.learn(ended(session));
    }
    assertThat(overlay.condensed()).isPositive();
    assertThat(overlay.size()).isLessThanOrEqualTo(256 * 100);
    assertThat(revoked).allMatch(this::isOver);
    int busy = revoked.getLast().handle().bucket();
    Session neighbour = session(RED, "neighbour", T0);
    assertThat(neighbour.handle().bucket()).isNotEqualTo(busy);
    assertThat(isOver(neighbour)).isFalse();
    assertThat(isOver(session(RED, "busy", now.plusMillis(1)))).isFalse();
  }
}
