package org.symbolon.nearcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Decision;
import org.symbolon.session.Issuance;
import org.symbolon.session.Listing;
import org.symbolon.session.Reason;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.SessionStore;

class SharedStoreTest {
  private final Desk desk = new Desk();

  private CompletableFuture<Decision> asked(String id) {
    return desk.validate.validate(desk.ids.parse(id)).toCompletableFuture();
  }

  private void release() {
    while (!desk.held.isEmpty()) {
      desk.held.remove().run();
    }
  }

  private void end(Issuance.Issued issued) {
    Desk.now(
        desk.truth.revoke(desk.owner(issued), issued.session().handle(), RevocationReason.ADMIN));
  }

  @Test
  void tenThousandWhoAskAtOnceCostTheStoreOneCall() {
    Issuance.Issued alice = desk.issued("alice");
    desk.holds = true;
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      answers.add(asked(alice.id().reveal()));
    }
    assertThat(desk.finds).isEqualTo(1);
    release();
    assertThat(answers).allSatisfy(a -> assertThat(Desk.text(a.join())).isEqualTo("allow alice"));
    var _ = asked(alice.id().reveal());
    assertThat(desk.finds).as("one that comes after the answer asks anew").isEqualTo(2);
  }

  @Test
  void eachIsJudgedByTheIdItPresents() {
    Issuance.Issued alice = desk.issued("alice");
    String wire = alice.id().reveal();
    String forged = wire.substring(0, wire.lastIndexOf(':') + 1) + "00".repeat(12);
    desk.holds = true;
    CompletableFuture<Decision> good = asked(wire);
    CompletableFuture<Decision> bad = asked(forged);
    CompletableFuture<Decision> alsoGood = asked(wire);
    assertThat(desk.finds).isEqualTo(1);
    release();
    assertThat(Desk.text(good.join())).isEqualTo("allow alice");
    assertThat(bad.join()).isEqualTo(new Decision.Deny(Reason.MALFORMED));
    assertThat(Desk.text(alsoGood.join())).isEqualTo("allow alice");
  }

  @Test
  void whoeverComesAfterAChangeDoesNotTakeAnEarlierAnswer() {
    Issuance.Issued alice = desk.issued("alice");
    desk.holds = true;
    CompletableFuture<Decision> before = asked(alice.id().reveal());
    end(alice);
    desk.cache.changed(alice.session().handle());
    CompletableFuture<Decision> after = asked(alice.id().reveal());
    assertThat(desk.finds).isEqualTo(2);
    release();
    assertThat(Desk.text(before.join())).isEqualTo("allow alice");
    assertThat(Desk.text(after.join())).isEqualTo("deny revoked");
    desk.cache.current(desk.nanos);
    assertThat(desk.recalled(alice)).as("the earlier answer is not remembered either").isNull();
  }

  @Test
  void whoeverComesAfterThisNodesOwnRevocationDoesNotTakeAnEarlierAnswer() {
    Issuance.Issued alice = desk.issued("alice");
    desk.holds = true;
    var _ = asked(alice.id().reveal());
    Desk.now(
        desk.store.revoke(desk.owner(alice), alice.session().handle(), RevocationReason.ADMIN));
    CompletableFuture<Decision> after = asked(alice.id().reveal());
    release();
    assertThat(Desk.text(after.join())).isEqualTo("deny revoked");
  }

  @Test
  void anAnswerThatTookLongerThanTheBoundServesNobodyElse() {
    Issuance.Issued alice = desk.issued("alice");
    desk.holds = true;
    var _ = asked(alice.id().reveal());
    CompletableFuture<Decision> follower = asked(alice.id().reveal());
    end(alice);
    desk.nanos += Desk.BOUND.toNanos();
    CompletableFuture<Decision> late = asked(alice.id().reveal());
    assertThat(desk.finds).isEqualTo(2);
    release();
    assertThat(Desk.text(late.join())).isEqualTo("deny revoked");
    assertThat(Desk.text(follower.join())).isEqualTo("deny revoked");
  }

  @Test
  void whatIsGoneIsNotAskedForAgainForTwoSeconds() {
    Issuance.Issued alice = desk.issued("alice");
    end(alice);
    for (int i = 0; i < 100; i++) {
      assertThat(Desk.text(desk.validated(alice))).isEqualTo("deny revoked");
    }
    assertThat(desk.finds).isEqualTo(1);
    desk.nanos += Duration.ofSeconds(2).toNanos();
    desk.validated(alice);
    assertThat(desk.finds).isEqualTo(2);
  }

  @Test
  void whatIsAbsentIsAskedForAgainOnceSomethingBeginsInItsBucket() {
    Issuance.Issued alice = desk.issued("alice");
    desk.truth.advance(Duration.ofHours(2));
    assertThat(Desk.text(desk.validated(alice))).isEqualTo("deny expired");
    assertThat(Desk.text(desk.validated(alice))).isEqualTo("deny expired");
    assertThat(desk.finds).isEqualTo(1);
    desk.cache.missed();
    desk.validated(alice);
    assertThat(desk.finds).isEqualTo(2);
    Desk.now(desk.store.revokeAll(desk.owner(alice), Optional.empty(), RevocationReason.ADMIN));
    desk.validated(alice);
    assertThat(desk.finds).isEqualTo(3);
  }

  @Test
  void anOutageIsNotRemembered() {
    Issuance.Issued alice = desk.issued("alice");
    desk.truth.setDown(true);
    assertThat(Desk.text(desk.validated(alice))).isEqualTo("unavailable");
    desk.truth.setDown(false);
    assertThat(Desk.text(desk.validated(alice))).isEqualTo("allow alice");
  }

  @Test
  void aFloodOfWhatIsGoneLeavesTheGoodOnesKnown() {
    Issuance.Issued alice = desk.known("alice");
    for (int i = 0; i < 10_000; i++) {
      Issuance.Issued gone = desk.issued("gone" + i);
      end(gone);
      desk.validated(gone);
    }
    assertThat(desk.recalled(alice)).isEqualTo("allow alice");
  }

  @Test
  void turnedOffEveryQuestionIsTheStores() {
    Desk off = new Desk(0);
    Issuance.Issued alice = off.issued("alice");
    off.holds = true;
    CompletionStage<SessionStore.Finding> one = off.store.find(alice.session().handle());
    CompletionStage<SessionStore.Finding> other = off.store.find(alice.session().handle());
    assertThat(off.finds).isEqualTo(2);
    while (!off.held.isEmpty()) {
      off.held.remove().run();
    }
    assertThat(Desk.now(one)).isEqualTo(Desk.now(other));
  }

  private static void refusesWhatItKnowsToBeOver(Desk desk) {
    Issuance.Issued alice = desk.issued("alice");
    Issuance.Issued bob = desk.issued("bob");
    desk.mark(alice);
    assertThat(Desk.text(desk.validated(alice))).isEqualTo("deny revoked");
    assertThat(Desk.text(desk.validated(bob))).isEqualTo("allow bob");
    assertThat(desk.lost)
        .containsExactly(
            new Revoked.Tombstone(
                alice.session().handle(),
                RevocationReason.ADMIN,
                alice.session().absoluteDeadline()));
    assertThat(Desk.now(desk.store.list(desk.owner(alice))))
        .isEqualTo(new Listing.Sessions(List.of()));
  }

  @Test
  void whatThisNodeKnowsToBeOverIsOverWhateverTheStoreSays() {
    refusesWhatItKnowsToBeOver(desk);
    refusesWhatItKnowsToBeOver(new Desk(0));
  }

  @Test
  void whoeverWaitsForAnothersCallIsJudgedByWhatIsKnownWhenItIsAnswered() {
    Issuance.Issued alice = desk.issued("alice");
    desk.holds = true;
    CompletableFuture<Decision> first = asked(alice.id().reveal());
    CompletableFuture<Decision> second = asked(alice.id().reveal());
    desk.mark(alice);
    release();
    assertThat(Desk.text(first.join())).isEqualTo("deny revoked");
    assertThat(Desk.text(second.join())).isEqualTo("deny revoked");
  }
}
