package org.symbolon.nearcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Decision;
import org.symbolon.session.Evidence;
import org.symbolon.session.Issuance;
import org.symbolon.session.KnownAnswers.Known;
import org.symbolon.session.Likeness;
import org.symbolon.session.Presented;
import org.symbolon.session.QuickProof;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.Session;
import org.symbolon.session.SessionId;

class NearCacheTest {
  private static final Duration MILLI = Duration.ofMillis(1);
  private final Desk desk = new Desk();

  private SessionId id(Issuance.Issued issued) {
    return ((Presented.Genuine) desk.ids.parse(issued.id().reveal())).id();
  }

  private Known<String> known(Issuance.Issued issued) {
    return Objects.requireNonNull(
        desk.cache.recall(List.of(issued.id().reveal()), () -> Evidence.NONE));
  }

  @Test
  void aSessionThatWasFoundGoodIsAnsweredForWithoutTheStore() {
    Issuance.Issued alice = desk.known("alice");
    int before = desk.finds;
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    assertThat(known(alice).decision())
        .isInstanceOfSatisfying(
            Decision.Allow.class,
            allow -> assertThat(allow.session().handle()).isEqualTo(alice.session().handle()));
    assertThat(desk.finds).isEqualTo(before);
    assertThat(desk.cache.hits()).isEqualTo(2);
    assertThat(desk.cache.size()).isEqualTo(1);
  }

  @Test
  void withoutALeaseTheStoreIsAsked() {
    Issuance.Issued alice = desk.issued("alice");
    desk.validated(alice);
    assertThat(desk.cache.isCurrent()).isFalse();
    assertThat(desk.recalled(alice)).isNull();
    desk.cache.current(desk.nanos);
    assertThat(desk.cache.isCurrent()).isTrue();
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
  }

  @Test
  void theLeaseEndsBeforeTheBoundAndIsRenewed() {
    Issuance.Issued alice = desk.known("alice");
    desk.nanos += Desk.BOUND.toNanos() * 19 / 20 - 1;
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    desk.nanos++;
    assertThat(desk.recalled(alice)).isNull();
    desk.cache.current(desk.nanos - 1000);
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    desk.cache.current(desk.nanos - Desk.BOUND.toNanos());
    assertThat(desk.recalled(alice)).as("an older proof shortens nothing").isEqualTo("allow alice");
  }

  @Test
  void whatIsNoSessionIdIsDeniedAtOnceEvenWithoutALease() {
    assertThat(Desk.answer(desk.cache.recall(List.of(), () -> Evidence.NONE)))
        .isEqualTo("deny missing");
    assertThat(Desk.answer(desk.cache.recall(List.of("junk"), () -> Evidence.NONE)))
        .isEqualTo("deny malformed");
    assertThat(desk.cache.misses()).isZero();
  }

  @Test
  void aChangeTakesASessionAndNoOtherBucketAway() {
    Issuance.Issued alice = desk.known("alice");
    Issuance.Issued bob = desk.known("bob");
    desk.cache.changed(alice.session().handle());
    assertThat(desk.recalled(alice)).isNull();
    assertThat(desk.recalled(bob)).isEqualTo("allow bob");
    assertThat(desk.cache.size()).isEqualTo(1);
    desk.validated(alice);
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
  }

  @Test
  void missedChangesTakeEverythingAway() {
    Issuance.Issued alice = desk.known("alice");
    Issuance.Issued bob = desk.known("bob");
    desk.cache.missed();
    assertThat(desk.recalled(alice)).isNull();
    assertThat(desk.recalled(bob)).isNull();
    assertThat(desk.cache.size()).isZero();
    desk.validated(bob);
    assertThat(desk.recalled(bob)).isEqualTo("allow bob");
  }

  @Test
  void anAnswerFromBeforeAChangeIsNotRemembered() {
    Issuance.Issued alice = desk.issued("alice");
    desk.cache.current(desk.nanos);
    long version = desk.cache.version(id(alice).locator().bucket());
    desk.cache.changed(alice.session().handle());
    desk.cache.remember(
        id(alice), alice.session(), Instant.MAX, version, Likeness.ANYONE, QuickProof.NONE_NEEDED);
    assertThat(desk.recalled(alice)).isNull();
    long later = desk.cache.version(id(alice).locator().bucket());
    desk.cache.missed();
    desk.cache.remember(
        id(alice), alice.session(), Instant.MAX, later, Likeness.ANYONE, QuickProof.NONE_NEEDED);
    assertThat(desk.recalled(alice)).isNull();
  }

  @Test
  void anotherSecretOrGenerationIsLeftToTheStore() {
    Issuance.Issued alice = desk.known("alice");
    Session session = alice.session();
    String newer = desk.ids.encode(session.key(), id(alice).locator(), 1, session.seed()).reveal();
    assertThat(desk.cache.recall(List.of(newer), () -> Evidence.NONE)).isNull();
    String otherKey =
        desk.ids.encode(session.key() + 1, id(alice).locator(), 0, session.seed()).reveal();
    assertThat(desk.cache.recall(List.of(otherKey), () -> Evidence.NONE)).isNull();
    String wire = alice.id().reveal();
    int start = wire.lastIndexOf(':') + 1;
    for (int i = 0; i < SessionId.SECRET_LENGTH; i++) {
      byte[] secret = HexFormat.of().parseHex(wire.substring(start));
      secret[i] ^= 1;
      String near = wire.substring(0, start) + HexFormat.of().formatHex(secret);
      assertThat(desk.cache.recall(List.of(near), () -> Evidence.NONE)).as("byte %s", i).isNull();
    }
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
  }

  @Test
  void nothingIsAnsweredForBeyondItsDeadline() {
    Issuance.Issued alice = desk.known("alice");
    desk.truth.advance(Duration.ofMinutes(10).minus(MILLI));
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    desk.truth.advance(MILLI);
    assertThat(desk.recalled(alice)).isNull();
  }

  @Test
  void aUseIsRecordedOncePerTenthOfTheIdleTimeAndAgainIfItGotLost() {
    Issuance.Issued alice = desk.known("alice");
    desk.truth.advance(Duration.ofSeconds(59));
    desk.recalled(alice);
    assertThat(desk.touched).isEmpty();
    desk.truth.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 100; i++) {
      assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    }
    assertThat(desk.touched).hasSize(1);
    desk.truth.advance(Duration.ofSeconds(30));
    desk.recalled(alice);
    desk.recalled(alice);
    assertThat(desk.touched).hasSize(2);
  }

  @Test
  void aTouchProlongsNothingHere() {
    Issuance.Issued alice = desk.known("alice");
    for (int minute = 1; minute < 10; minute++) {
      desk.truth.advance(Duration.ofMinutes(1));
      assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    }
    desk.truth.advance(Duration.ofMinutes(1));
    assertThat(desk.recalled(alice)).as("only the store knows what was recorded").isNull();
  }

  @Test
  void aSessionThatIsDueForRotationSaysSo() {
    Issuance.Issued alice = desk.issued("alice");
    desk.cache.current(desk.nanos);
    SessionId id = id(alice);
    Instant due = alice.session().rotationDue(RotationPolicy.DEFAULT);
    desk.cache.remember(
        id,
        alice.session(),
        due.minus(Duration.ofMinutes(6)),
        0,
        Likeness.ANYONE,
        QuickProof.NONE_NEEDED);
    desk.truth.advance(Duration.ofMinutes(9).minus(MILLI));
    assertThat(known(alice).isRotationDue()).isFalse();
    desk.truth.advance(MILLI);
    assertThat(known(alice).isRotationDue()).isTrue();
  }

  @Test
  void aRevocationThatThisNodeKnowsIsSeenWhenItsVersionRises() {
    Issuance.Issued alice = desk.known("alice");
    Issuance.Issued bob = desk.known("bob");
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
    desk.mark(alice);
    assertThat(desk.recalled(alice)).isNull();
    assertThat(desk.recalled(alice)).isNull();
    assertThat(desk.recalled(bob)).isEqualTo("allow bob");
  }

  @Test
  void aRevocationKnownBeforeTheSessionWasRememberedIsSeen() {
    Issuance.Issued alice = desk.issued("alice");
    desk.mark(alice);
    desk.cache.current(desk.nanos);
    desk.cache.remember(
        id(alice), alice.session(), Instant.MAX, 0, Likeness.ANYONE, QuickProof.NONE_NEEDED);
    assertThat(desk.recalled(alice)).isNull();
  }

  @Test
  void whateverThisNodeDoesToASessionIsSeenByItAtOnce() {
    Issuance.Issued alice = desk.known("alice");
    Desk.now(
        desk.store.revoke(desk.owner(alice), alice.session().handle(), RevocationReason.LOGOUT));
    assertThat(desk.recalled(alice)).isNull();
    Issuance.Issued bob = desk.known("bob");
    Desk.now(desk.store.revokeAll(desk.owner(bob), Optional.empty(), RevocationReason.ADMIN));
    assertThat(desk.recalled(bob)).isNull();
    assertThat(Desk.text(desk.validated(bob))).isEqualTo("deny revoked");
  }

  @Test
  void aThreadThatIsHeldUpDoesNotTakeALaterLeaseForItsOwn() {
    Issuance.Issued alice = desk.known("alice");
    // Between the look at the version and the one at the time: what was told meanwhile is unseen,
    // so the lease that was renewed meanwhile must not count.
    desk.beforeClock =
        () -> {
          desk.cache.changed(alice.session().handle());
          desk.nanos += 2 * Desk.BOUND.toNanos();
          desk.cache.current(desk.nanos);
        };
    assertThat(desk.recalled(alice)).isNull();
  }

  @Test
  void inAnOutageASessionIsAllowedForAsLongAsIsSaidAndNoLonger() {
    Issuance.Issued alice = desk.known("alice");
    List<String> fields = List.of(alice.id().reveal());
    Duration longest = Duration.ofSeconds(30);
    desk.pass(Desk.BOUND.multipliedBy(19).dividedBy(20).plus(longest).minusNanos(1));
    assertThat(Desk.answer(desk.cache.recallStale(fields, () -> Evidence.NONE, longest)))
        .isEqualTo("allow alice");
    assertThat(desk.cache.recallStale(fields, () -> Evidence.NONE, longest.minusNanos(1))).isNull();
    assertThat(desk.recalled(alice)).isNull();
    desk.nanos++;
    assertThat(desk.cache.recallStale(fields, () -> Evidence.NONE, longest)).isNull();
  }

  @Test
  void inAnOutageNothingIsAllowedThatIsKnownToBeOver() {
    Issuance.Issued alice = desk.known("alice");
    Issuance.Issued bob = desk.known("bob");
    Issuance.Issued carol = desk.known("carol");
    Duration longest = Duration.ofMinutes(30);
    desk.pass(Desk.BOUND);
    desk.mark(alice);
    desk.cache.changed(bob.session().handle());
    assertThat(desk.cache.recallStale(List.of(alice.id().reveal()), () -> Evidence.NONE, longest))
        .isNull();
    assertThat(desk.cache.recallStale(List.of(bob.id().reveal()), () -> Evidence.NONE, longest))
        .isNull();
    List<String> fields = List.of(carol.id().reveal());
    assertThat(Desk.answer(desk.cache.recallStale(fields, () -> Evidence.NONE, longest)))
        .isEqualTo("allow carol");
    desk.pass(Duration.ofMinutes(10));
    assertThat(desk.cache.recallStale(fields, () -> Evidence.NONE, longest)).isNull();
  }

  @Test
  void withoutAnyProofEverNothingIsAllowedInAnOutage() {
    Issuance.Issued alice = desk.issued("alice");
    desk.validated(alice);
    assertThat(
            desk.cache.recallStale(
                List.of(alice.id().reveal()), () -> Evidence.NONE, Duration.ofDays(365)))
        .isNull();
  }

  @Test
  void thereAreNoMoreEntriesThanTheSetting() {
    Desk small = new Desk(64);
    for (int i = 0; i < 2000; i++) {
      small.known("user" + i);
    }
    assertThat(small.cache.size()).isBetween(40, 64);
    for (int i = 0; i < 4; i++) {
      Issuance.Issued last = small.known("last" + i);
      assertThat(small.recalled(last)).isEqualTo("allow last" + i);
    }
  }

  @Test
  void newSessionsTakeTheirPlacesFromThoseThatDoNotAnswer() {
    Desk small = new Desk(8);
    Issuance.Issued busy = small.known("busy");
    for (int i = 0; i < 7; i++) {
      small.known("idle" + i);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(small.recalled(busy)).isEqualTo("allow busy");
      small.known("passing" + i);
    }
    assertThat(small.recalled(busy)).isEqualTo("allow busy");
  }

  @Test
  void turnedOffItRemembersNothing() {
    Desk off = new Desk(0);
    Issuance.Issued alice = off.known("alice");
    assertThat(off.recalled(alice)).isNull();
    assertThat(off.cache.size()).isZero();
    assertThat(Desk.answer(off.cache.recall(List.of("junk"), () -> Evidence.NONE)))
        .isEqualTo("deny malformed");
  }

  @Test
  void aBoundOutOfRangeIsRefusedByName() {
    assertThatThrownBy(() -> new NearCacheSettings(1, Duration.ofMillis(99)))
        .hasMessageContaining("staleness.bound");
    assertThatThrownBy(() -> new NearCacheSettings(1, Duration.ofMillis(60_001)))
        .hasMessageContaining("staleness.bound");
    assertThatThrownBy(() -> new NearCacheSettings(-1, Desk.BOUND))
        .hasMessageContaining("nearCache.entries");
  }
}
