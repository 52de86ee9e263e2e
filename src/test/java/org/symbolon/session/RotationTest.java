package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Subject ALICE = new Subject("alice");
  private static final Presenter HOME = new Presenter("192.0.2.1", "Browser", "nginx");
  private static final Presenter ELSEWHERE = new Presenter("198.51.100.9", "Other", "envoy");
  private static final Duration AGE = Duration.ofMinutes(15);
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  private final PlainIds ids = new PlainIds();
  private final ReferenceStore store = new ReferenceStore();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final Counts counts = new Counts();
  private RotationPolicy.OnReuse onReuse = RotationPolicy.OnReuse.REVOKE_SESSION;
  private RotationPolicy.OnDifference onDifference = RotationPolicy.OnDifference.AUDIT;
  private final Policy policy =
      new Policy() {
        @Override
        public Timeouts timeouts(Tenant tenant, ClientClass clientClass) {
          return new Timeouts(Duration.ofHours(1), Duration.ofHours(24));
        }

        @Override
        public SubjectLimit limit(Tenant tenant) {
          return new SubjectLimit(10, SubjectLimit.WhenReached.REJECT);
        }

        @Override
        public RotationPolicy rotation(Tenant tenant) {
          return new RotationPolicy(AGE, OVERLAP, onReuse, onDifference);
        }

        @Override
        public BindingPolicy binding(Tenant tenant) {
          return BindingPolicy.OFF;
        }
      };
  private final RotationReports reports =
      new RotationReports(ids, audit::add, counts, store::now, a -> a);
  private final IssueSession issue =
      new IssueSession(ids, store, policy, audit::add, store::now, new SecureRandom());
  private final ValidateSession validate =
      new ValidateSession(
          ids,
          store,
          policy,
          reports,
          PlainBindings.of(policy),
          PlainSignals.of(policy, ids),
          KnownSessions.NONE);
  private final ElevateSession elevate = new ElevateSession(ids, store, policy, reports);

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Issuance.Issued login() {
    return (Issuance.Issued)
        now(
            issue.issue(
                new Login(
                    Tenant.DEFAULT,
                    ALICE,
                    new Authentication(store.now(), "", List.of("pwd")),
                    ClientClass.BROWSER,
                    new Device(
                        Device.Browser.FIREFOX,
                        Device.Platform.LINUX,
                        ids.signalHash(HOME.userAgent()),
                        ids.signalHash(HOME.address())),
                    Attributes.NONE,
                    new Presented.Missing(),
                    HOME,
                    List.of())));
  }

  private Decision show(String wire, Presenter presenter) {
    return now(validate.validate(ids.parse(wire), Evidence.NONE, true, presenter));
  }

  private RotationOutcome outcome(String wire) {
    return ((Decision.Allow) show(wire, HOME)).outcome();
  }

  private String successor(String wire, RotationOutcome expected) {
    Decision.Allow allow = (Decision.Allow) show(wire, HOME);
    assertThat(allow.outcome()).isEqualTo(expected);
    return allow.successor().orElseThrow().reveal();
  }

  /** The ID of the second generation, which has been seen. */
  private String rotated(String first) {
    store.advance(AGE);
    String second = successor(first, RotationOutcome.ISSUED);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.CONFIRMED);
    return second;
  }

  @Test
  void anAgedIdGetsOneSuccessorHoweverOftenItIsShown() {
    String first = login().id().reveal();
    assertThat(outcome(first)).isEqualTo(RotationOutcome.NONE);
    store.advance(AGE.minusMillis(1));
    assertThat(outcome(first)).isEqualTo(RotationOutcome.NONE);
    store.advance(Duration.ofMillis(1));
    String second = successor(first, RotationOutcome.ISSUED);
    store.advance(AGE.multipliedBy(2));
    assertThat(successor(first, RotationOutcome.REISSUED)).isEqualTo(second);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.CONFIRMED);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.NONE);
  }

  @Test
  void aCarrierThatTakesNoCookieCausesNoRotation() {
    String first = login().id().reveal();
    store.advance(AGE);
    assertThat(now(validate.validate(ids.parse(first))))
        .isInstanceOfSatisfying(
            Decision.Allow.class, allow -> assertThat(allow.successor()).isEmpty());
    successor(first, RotationOutcome.ISSUED);
    assertThat(now(validate.validate(ids.parse(first))))
        .isInstanceOfSatisfying(
            Decision.Allow.class, allow -> assertThat(allow.successor()).isEmpty());
  }

  @Test
  void thePredecessorIsGoodForTheOverlapAndThenItsReuseEndsTheSession() {
    String first = login().id().reveal();
    String second = rotated(first);
    store.advance(OVERLAP.minusMillis(1));
    assertThat(outcome(first)).isEqualTo(RotationOutcome.OVERLAP);
    store.advance(Duration.ofMillis(1));
    assertThat(show(first, ELSEWHERE)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(second, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(counts.suspicions).isEqualTo(Map.of("both", 1));
    AuditEvent event = audit.getLast();
    assertThat(event.action()).isEqualTo(AuditEvent.Action.SESSION_REUSED);
    assertThat(event.presenter()).isEqualTo(ELSEWHERE);
    assertThat(event.detail())
        .containsEntry("differs", "both")
        .containsEntry("session_browser", "firefox")
        .containsEntry("reaction", "revoke-session");
  }

  @Test
  void reuseOfWhichNobodyKnowsThePresenterCountsForNoDifference() {
    String first = login().id().reveal();
    rotated(first);
    store.advance(OVERLAP);
    assertThat(now(validate.inspect(ids.parse(first), Evidence.NONE, Presenter.UNKNOWN)))
        .isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(counts.suspicions).isEqualTo(Map.of("none", 1));
  }

  @Test
  void inspectionOfAReplacedIdIsReuseToo() {
    String first = login().id().reveal();
    String second = rotated(first);
    assertThat(now(validate.inspect(ids.parse(first), Evidence.NONE, Presenter.UNKNOWN)))
        .isInstanceOf(Decision.Allow.class);
    store.advance(OVERLAP);
    assertThat(now(validate.inspect(ids.parse(first), Evidence.NONE, Presenter.UNKNOWN)))
        .isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(second, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void reportedReuseRefusesTheOldIdAndLeavesTheSession() {
    onReuse = RotationPolicy.OnReuse.REPORT;
    String first = login().id().reveal();
    String second = rotated(first);
    store.advance(OVERLAP);
    assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    assertThat(flags(second)).containsExactly(Flag.REPLAY);
    assertThat(counts.of(RotationOutcome.REUSE)).isEqualTo(1);
    assertThat(counts.suspicions).isEqualTo(Map.of("none", 1));
  }

  private Set<Flag> flags(String wire) {
    return ((Decision.Allow) show(wire, HOME)).session().signals().flags();
  }

  @Test
  void aSessionWhoseIdCameInPlaintextIsFlagged() {
    Issuance.Issued login = login();
    String first = login.id().reveal();
    assertThat(flags(first)).isEmpty();
    validate.noteInPlaintext(new Presented.Missing());
    Locator locator = ((Presented.Genuine) ids.parse(first)).id().locator();
    SecretText forged = ids.encode(0, locator, 0, Seed.of(new byte[Seed.LENGTH]));
    validate.noteInPlaintext(ids.parse(forged.reveal()));
    assertThat(flags(first)).isEmpty();
    validate.noteInPlaintext(ids.parse(first));
    assertThat(flags(first)).containsExactly(Flag.PLAINTEXT);
    String second = rotated(first);
    assertThat(flags(second)).containsExactly(Flag.PLAINTEXT);
  }

  @Test
  void reuseEndsAllOfTheSubjectsSessionsWhereThePolicySaysSo() {
    onReuse = RotationPolicy.OnReuse.REVOKE_SUBJECT;
    String other = login().id().reveal();
    String first = login().id().reveal();
    String second = rotated(first);
    store.advance(OVERLAP);
    assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(second, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(other, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void aReissueToAnotherDeviceIsRecorded() {
    String first = login().id().reveal();
    store.advance(AGE);
    successor(first, RotationOutcome.ISSUED);
    successor(first, RotationOutcome.REISSUED);
    assertThat(audit.getLast().action()).isEqualTo(AuditEvent.Action.SESSION_ISSUED);
    assertThat(flags(first)).isEmpty();
    show(first, ELSEWHERE);
    assertThat(audit.getLast().action()).isEqualTo(AuditEvent.Action.SESSION_REISSUED);
    assertThat(flags(first)).containsExactly(Flag.REPLAY);
  }

  @Test
  void aReissueToAnotherDeviceIsRefusedWhereThePolicySaysSo() {
    onDifference = RotationPolicy.OnDifference.REFUSE;
    String first = login().id().reveal();
    store.advance(AGE);
    String second = successor(first, RotationOutcome.ISSUED);
    assertThat(show(first, ELSEWHERE)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    assertThat(now(validate.validate(ids.parse(first), Evidence.NONE, false, ELSEWHERE)))
        .isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    assertThat(audit.getLast().detail())
        .containsEntry("reaction", "refuse")
        .containsEntry("differs", "both");
    assertThat(counts.suspicions).isEqualTo(Map.of("both", 2));
    assertThat(successor(first, RotationOutcome.REISSUED)).isEqualTo(second);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.CONFIRMED);
  }

  @Test
  void aConditionThatIsNotMetStopsRotationAndConfirmsNonetheless() {
    Condition never = (_, _) -> Optional.of(Reason.INSUFFICIENT);
    String first = login().id().reveal();
    store.advance(AGE);
    assertThat(now(validate.validate(ids.parse(first), Evidence.NONE, true, HOME, never)))
        .isEqualTo(new Decision.Deny(Reason.INSUFFICIENT));
    String second = successor(first, RotationOutcome.ISSUED);
    assertThat(now(validate.validate(ids.parse(second), Evidence.NONE, true, HOME, never)))
        .isEqualTo(new Decision.Deny(Reason.INSUFFICIENT));
    assertThat(counts.of(RotationOutcome.CONFIRMED)).isEqualTo(1);
    store.advance(OVERLAP);
    assertThat(now(validate.validate(ids.parse(first), Evidence.NONE, true, HOME, never)))
        .isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void rotationIsAUseAndMovesNoDeadline() {
    Issuance.Issued login = login();
    store.advance(AGE);
    Decision.Allow allow = (Decision.Allow) show(login.id().reveal(), HOME);
    assertThat(allow.session().absoluteDeadline()).isEqualTo(login.session().absoluteDeadline());
    assertThat(allow.session().lastSeenAt()).isEqualTo(store.now());
  }

  @Test
  void aRefreshRotatesAtOnceButNotTwiceWithinTheOverlap() {
    String first = login().id().reveal();
    Decision.Allow allow =
        (Decision.Allow) now(validate.refresh(ids.parse(first), Evidence.NONE, HOME));
    String second = allow.successor().orElseThrow().reveal();
    assertThat(now(validate.refresh(ids.parse(second), Evidence.NONE, HOME)))
        .isInstanceOfSatisfying(
            Decision.Allow.class,
            again -> assertThat(again.outcome()).isEqualTo(RotationOutcome.CONFIRMED));
    assertThat(outcome(first)).isEqualTo(RotationOutcome.OVERLAP);
  }

  @Test
  void aNewerGenerationThanTheStoresHealsIt() {
    Issuance.Issued login = login();
    ReferenceStore.Snapshot before = store.snapshot(login.session().handle());
    String second = rotated(login.id().reveal());
    store.restore(before);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.HEALED);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.NONE);
  }

  @Test
  void aStepUpKillsThePredecessorAtOnceWithoutAFalseAlarm() {
    Issuance.Issued login = login();
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    ElevateSession.Elevated elevated =
        (ElevateSession.Elevated) now(elevate.elevate(login.session().handle(), strong, HOME));
    assertThat(now(elevate.elevate(login.session().handle(), strong, HOME)))
        .isInstanceOfSatisfying(
            ElevateSession.Elevated.class,
            again -> assertThat(again.id().reveal()).isEqualTo(elevated.id().reveal()));
    assertThat(show(login.id().reveal(), HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    assertThat(show(elevated.id().reveal(), HOME))
        .isInstanceOfSatisfying(
            Decision.Allow.class,
            allow -> assertThat(allow.session().authentication()).isEqualTo(strong));
    assertThat(show(login.id().reveal(), HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    store.advance(OVERLAP);
    assertThat(show(login.id().reveal(), HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void anIdLongDeadRaisesAnAlarmAlthoughAStepUpHasNotBeenSeenYet() {
    Issuance.Issued login = login();
    String first = login.id().reveal();
    rotated(first);
    store.advance(OVERLAP);
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    now(elevate.elevate(login.session().handle(), strong, HOME));
    assertThat(show(first, ELSEWHERE)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void stepUpsWhoseIdsWereLostAreNoAlarmForWhoHasTheIdFromBeforeThem() {
    Issuance.Issued login = login();
    String first = login.id().reveal();
    String second = rotated(first);
    for (int i = 0; i < 5; i++) {
      Authentication strong =
          new Authentication(store.now().plusSeconds(i), "aal2", List.of("otp"));
      now(elevate.elevate(login.session().handle(), strong, HOME));
      assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
      assertThat(show(second, HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    }
  }

  @Test
  void aSuccessorWhoseKeyIsRetiredBeforeItIsSeenGoesOutUnderTheNext() {
    Issuance.Issued login = login();
    String first = login.id().reveal();
    ids.signWith(2);
    store.advance(AGE);
    String lost = successor(first, RotationOutcome.ISSUED);
    ids.signWith(3);
    ids.retire(2);
    assertThat(show(lost, HOME)).isEqualTo(new Decision.Deny(Reason.MALFORMED));
    String second = successor(first, RotationOutcome.REISSUED);
    assertThat(outcome(second)).isEqualTo(RotationOutcome.CONFIRMED);
    store.advance(OVERLAP);
    assertThat(((Decision.Allow) show(second, HOME)).session().key()).isEqualTo(3);
    assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void aStepUpAskedForAgainAfterItsKeyWasRetiredGivesAnIdUnderTheNext() {
    Issuance.Issued login = login();
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    ids.signWith(2);
    now(elevate.elevate(login.session().handle(), strong, HOME));
    ids.signWith(3);
    ids.retire(2);
    ElevateSession.Elevated again =
        (ElevateSession.Elevated) now(elevate.elevate(login.session().handle(), strong, HOME));
    assertThat(again.session().generation()).isEqualTo(1);
    assertThat(outcome(again.id().reveal())).isEqualTo(RotationOutcome.CONFIRMED);
  }

  @Test
  void aThiefWhoConfirmsTheSuccessorFirstIsCaughtAtTheOwnersNextUse() {
    String first = login().id().reveal();
    store.advance(AGE);
    String stolen = successor(first, RotationOutcome.ISSUED);
    assertThat(show(stolen, ELSEWHERE)).isInstanceOf(Decision.Allow.class);
    assertThat(outcome(first)).isEqualTo(RotationOutcome.OVERLAP);
    store.advance(OVERLAP);
    assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(stolen, ELSEWHERE)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void aStepUpThatTheStoreForgotLeavesTheOldAuthentication() {
    Issuance.Issued login = login();
    ReferenceStore.Snapshot before = store.snapshot(login.session().handle());
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    ElevateSession.Elevated elevated =
        (ElevateSession.Elevated) now(elevate.elevate(login.session().handle(), strong, HOME));
    store.restore(before);
    assertThat(show(elevated.id().reveal(), HOME))
        .isInstanceOfSatisfying(
            Decision.Allow.class,
            allow -> {
              assertThat(allow.outcome()).isEqualTo(RotationOutcome.HEALED);
              assertThat(allow.session().authentication())
                  .isEqualTo(login.session().authentication());
            });
    store.advance(OVERLAP);
    assertThat(show(login.id().reveal(), HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void nothingIsElevatedThatIsNotLive() {
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    assertThat(now(elevate.elevate(new Handle(1, 2), strong, HOME)))
        .isEqualTo(new ElevateSession.NotLive(Reason.EXPIRED));
    assertThat(Optional.of(login())).isPresent();
  }
}
