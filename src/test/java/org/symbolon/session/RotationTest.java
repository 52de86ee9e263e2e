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
          return new RotationPolicy(AGE, OVERLAP, onReuse);
        }
      };
  private final RotationReports reports =
      new RotationReports(ids, audit::add, counts, store::now, a -> a);
  private final IssueSession issue =
      new IssueSession(ids, store, policy, audit::add, store::now, new SecureRandom());
  private final ValidateSession validate = new ValidateSession(ids, store, policy, reports);
  private final ElevateSession elevate = new ElevateSession(ids, store, reports);

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
                    HOME)));
  }

  private Decision show(String wire, Presenter presenter) {
    return now(validate.validate(ids.parse(wire), true, presenter));
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
  void inspectionOfAReplacedIdIsReuseToo() {
    String first = login().id().reveal();
    String second = rotated(first);
    assertThat(now(validate.inspect(ids.parse(first)))).isInstanceOf(Decision.Allow.class);
    store.advance(OVERLAP);
    assertThat(now(validate.inspect(ids.parse(first)))).isEqualTo(new Decision.Deny(Reason.REUSED));
    assertThat(show(second, HOME)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void reportedReuseRefusesTheOldIdAndLeavesTheSession() {
    onReuse = RotationPolicy.OnReuse.REPORT;
    String first = login().id().reveal();
    String second = rotated(first);
    store.advance(OVERLAP);
    assertThat(show(first, HOME)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
    assertThat(show(second, HOME)).isInstanceOf(Decision.Allow.class);
    assertThat(counts.of(RotationOutcome.REUSE)).isEqualTo(1);
    assertThat(counts.suspicions).isEqualTo(Map.of("none", 1));
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
    show(first, ELSEWHERE);
    assertThat(audit.getLast().action()).isEqualTo(AuditEvent.Action.SESSION_REISSUED);
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
    Decision.Allow allow = (Decision.Allow) now(validate.refresh(ids.parse(first), HOME));
    String second = allow.successor().orElseThrow().reveal();
    assertThat(now(validate.refresh(ids.parse(second), HOME)))
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
  void nothingIsElevatedThatIsNotLive() {
    Authentication strong = new Authentication(store.now(), "aal2", List.of("otp"));
    assertThat(now(elevate.elevate(new Handle(1, 2), strong, HOME)))
        .isEqualTo(new ElevateSession.NotLive(Reason.EXPIRED));
    assertThat(Optional.of(login())).isPresent();
  }
}
