package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class UseCasesTest {
  private static final Subject ALICE = new Subject("alice");
  private static final Subject BOB = new Subject("bob");

  private final PlainIds ids = new PlainIds();
  private final ReferenceStore store = new ReferenceStore();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final TieredPolicy policy =
      new TieredPolicy(
          new TieredPolicy.Tier(
              Optional.of(Duration.ofMinutes(10)),
              Optional.of(Duration.ofHours(1)),
              Optional.of(2),
              Optional.of(SubjectLimit.WhenReached.REJECT)),
          Map.of(),
          Map.of());
  private final IssueSession issue =
      new IssueSession(ids, store, policy, audit::add, store::now, new SecureRandom());
  private final ValidateSession validate =
      new ValidateSession(
          ids,
          store,
          policy,
          new RotationReports(ids, audit::add, new Counts(), store::now, a -> a),
          PlainBindings.of(policy),
          PlainSignals.of(policy, ids),
          KnownSessions.NONE);
  private final RevokeSessions revoke = new RevokeSessions(ids, store, audit::add, store::now);
  private final ListSessions list = new ListSessions(ids, store);

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Issuance login(Subject subject, Presented presented) {
    return now(
        issue.issue(
            new Login(
                Tenant.DEFAULT,
                subject,
                new Authentication(store.now(), "", List.of("pwd")),
                ClientClass.BROWSER,
                Device.UNKNOWN,
                Attributes.NONE,
                presented,
                Presenter.UNKNOWN,
                List.of())));
  }

  private Issuance.Issued issued(Subject subject) {
    return issued(subject, new Presented.Missing());
  }

  private Issuance.Issued issued(Subject subject, Presented presented) {
    Issuance issuance = login(subject, presented);
    assertThat(issuance).isInstanceOf(Issuance.Issued.class);
    return (Issuance.Issued) issuance;
  }

  private Presented present(Issuance.Issued issued) {
    return ids.parse(issued.id().reveal());
  }

  private Decision validated(Issuance.Issued issued) {
    return now(validate.validate(present(issued)));
  }

  @Test
  void anIssuedSessionIsAllowedAndNamesItsSubject() {
    assertThat(validated(issued(ALICE)))
        .isInstanceOfSatisfying(
            Decision.Allow.class, allow -> assertThat(allow.session().subject()).isEqualTo(ALICE));
    assertThat(audit)
        .extracting(AuditEvent::action)
        .containsExactly(AuditEvent.Action.SESSION_ISSUED);
  }

  @Test
  void whatIsNoSessionIsDeniedForItsReason() {
    assertThat(now(validate.validate(new Presented.Missing())))
        .isEqualTo(new Decision.Deny(Reason.MISSING));
    assertThat(now(validate.validate(new Presented.Malformed())))
        .isEqualTo(new Decision.Deny(Reason.MALFORMED));
    assertThat(now(validate.validate(new Presented.Ambiguous())))
        .isEqualTo(new Decision.Deny(Reason.AMBIGUOUS));
  }

  @Test
  void aFalseSecretIsDenied() {
    Issuance.Issued real = issued(ALICE);
    String wire = real.id().reveal();
    String forged = wire.substring(0, wire.lastIndexOf(':') + 1) + "00".repeat(12);
    assertThat(now(validate.validate(ids.parse(forged))))
        .isEqualTo(new Decision.Deny(Reason.MALFORMED));
  }

  @Test
  void aForgedNewerGenerationIsDenied() {
    Issuance.Issued real = issued(ALICE);
    String[] parts = real.id().reveal().split(":", -1);
    assertThat(now(validate.validate(ids.parse(parts[0] + ":" + parts[1] + ":1:" + parts[3]))))
        .isEqualTo(new Decision.Deny(Reason.MALFORMED));
  }

  @Test
  void useKeepsASessionAliveUpToItsAbsoluteDeadline() {
    Issuance.Issued session = issued(ALICE);
    for (int minute = 0; minute < 59; minute++) {
      store.advance(Duration.ofMinutes(1));
      assertThat(validated(session)).isInstanceOf(Decision.Allow.class);
    }
    store.advance(Duration.ofMinutes(1));
    assertThat(validated(session)).isEqualTo(new Decision.Deny(Reason.EXPIRED));
  }

  @Test
  void inspectionIsNoUse() {
    Issuance.Issued session = issued(ALICE);
    for (int minute = 1; minute < 10; minute++) {
      store.advance(Duration.ofMinutes(1));
      assertThat(now(validate.inspect(present(session), Evidence.NONE, Presenter.UNKNOWN)))
          .isInstanceOf(Decision.Allow.class);
    }
    store.advance(Duration.ofMinutes(1));
    assertThat(validated(session)).isEqualTo(new Decision.Deny(Reason.EXPIRED));
  }

  @Test
  void aPresentedSessionIsReplacedAndNotAdopted() {
    Issuance.Issued first = issued(ALICE);
    Issuance.Issued second = issued(ALICE, present(first));
    assertThat(second.id().reveal()).isNotEqualTo(first.id().reveal());
    assertThat(validated(first)).isEqualTo(new Decision.Deny(Reason.REVOKED));
    assertThat(validated(second)).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void aReplacedSessionLeavesItsPlaceUnderTheLimit() {
    Issuance.Issued first = issued(ALICE);
    issued(ALICE);
    assertThat(login(ALICE, new Presented.Missing())).isEqualTo(new Issuance.LimitReached(2));
    assertThat(login(ALICE, present(first))).isInstanceOf(Issuance.Issued.class);
  }

  @Test
  void anotherSubjectsPresentedSessionEndsToo() {
    Issuance.Issued alice = issued(ALICE);
    Issuance.Issued bob = issued(BOB, present(alice));
    assertThat(validated(alice)).isEqualTo(new Decision.Deny(Reason.REVOKED));
    assertThat(validated(bob)).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void aForgedPresentedSessionEndsNobody() {
    Issuance.Issued alice = issued(ALICE);
    String wire = alice.id().reveal();
    Presented forged = ids.parse(wire.substring(0, wire.lastIndexOf(':') + 1) + "00".repeat(12));
    issued(BOB, forged);
    assertThat(validated(alice)).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void revocationEndsOneOthersOrAll() {
    Issuance.Issued first = issued(ALICE);
    Issuance.Issued second = issued(ALICE);
    Issuance.Issued bob = issued(BOB);
    assertThat(now(revoke.others(first.session(), RevocationReason.LOGOUT, Presenter.UNKNOWN)))
        .isEqualTo(new Revocation.Done(1));
    assertThat(validated(second)).isEqualTo(new Decision.Deny(Reason.REVOKED));
    assertThat(validated(first)).isInstanceOf(Decision.Allow.class);
    assertThat(now(revoke.all(Tenant.DEFAULT, ALICE, RevocationReason.ADMIN, Presenter.UNKNOWN)))
        .isEqualTo(new Revocation.Done(1));
    assertThat(validated(first)).isEqualTo(new Decision.Deny(Reason.REVOKED));
    assertThat(now(revoke.one(bob.session(), RevocationReason.REUSE, Presenter.UNKNOWN)))
        .isEqualTo(new Revocation.Done(1));
    assertThat(validated(bob)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(now(revoke.one(bob.session(), RevocationReason.LOGOUT, Presenter.UNKNOWN)))
        .isEqualTo(new Revocation.Done(0));
    assertThat(audit.stream().filter(e -> e.action() == AuditEvent.Action.SESSION_REVOKED))
        .hasSize(1);
  }

  @Test
  void listsTheLiveOnesOldestFirst() {
    Issuance.Issued first = issued(ALICE);
    store.advance(Duration.ofSeconds(1));
    Issuance.Issued second = issued(ALICE);
    assertThat(now(list.of(Tenant.DEFAULT, ALICE)))
        .isEqualTo(new Listing.Sessions(List.of(first.session(), second.session())));
    assertThat(now(list.of(new Tenant("acme"), ALICE))).isEqualTo(new Listing.Sessions(List.of()));
  }

  @Test
  void aSessionOfAnotherRingIsAnOutageAndNoDenial() {
    Issuance.Issued session = issued(ALICE);
    ids.changeRing();
    assertThat(validated(session)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anOutageIsNeitherYesNorNo() {
    Issuance.Issued session = issued(ALICE);
    store.setDown(true);
    assertThat(validated(session)).isInstanceOf(Unavailable.class);
    assertThat(login(ALICE, new Presented.Missing())).isInstanceOf(Unavailable.class);
    assertThat(login(ALICE, present(session))).isInstanceOf(Unavailable.class);
    assertThat(now(revoke.one(session.session(), RevocationReason.LOGOUT, Presenter.UNKNOWN)))
        .isInstanceOf(Unavailable.class);
    store.setDown(false);
    assertThat(validated(session)).isInstanceOf(Decision.Allow.class);
  }
}
