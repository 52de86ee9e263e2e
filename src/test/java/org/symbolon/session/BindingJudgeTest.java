package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.BindingPolicy.Rung;

/** What becomes of a request by what its session is bound to. */
class BindingJudgeTest {
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Presenter THIEF = new Presenter("192.0.2.6", "curl/8", "nginx");
  private final PlainIds ids = new PlainIds();
  private final ReferenceStore store = new ReferenceStore();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final List<Session> remembered = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Counts counts = new Counts();
  private Rung rung = Rung.ENFORCE;
  private boolean required;
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
          return RotationPolicy.DEFAULT;
        }

        @Override
        public BindingPolicy binding(Tenant tenant) {
          Map<Binding.Kind, Rung> rungs = new EnumMap<>(Binding.Kind.class);
          rungs.put(Binding.Kind.DBSC, rung);
          return new BindingPolicy(rungs, required, GRACE, Duration.ofMinutes(10));
        }
      };
  private final KnownSessions known =
      new KnownSessions() {
        @Override
        public long version(int bucket) {
          return 0;
        }

        @Override
        public void remember(
            SessionId id,
            Session session,
            Instant rotationDue,
            long version,
            Likeness likeness,
            QuickProof proof) {
          remembered.add(session);
        }
      };
  private final ValidateSession validate =
      new ValidateSession(
          ids,
          store,
          policy,
          new RotationReports(ids, audit::add, counts, store::now, a -> a),
          new BindingJudge(
              policy,
              PlainBindings.PROOFS,
              audit::add,
              counts,
              (_, kind) -> refusals.add(kind),
              store::now),
          PlainSignals.of(policy, ids),
          known);
  private Issuance.Issued issued = issue();

  private Issuance.Issued issue() {
    IssueSession issue =
        new IssueSession(ids, store, policy, _ -> {}, store::now, new SecureRandom());
    return (Issuance.Issued) now(issue.issue(Logins.of("alice", store.now())));
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Binds the session, and lets all that was under way arrive. */
  private void bind() {
    assertThat(
            now(
                store.bind(
                    issued.session().handle(),
                    new Binding(Binding.Kind.DBSC, store.now(), "the-key"))))
        .isInstanceOf(SessionStore.Fastened.class);
    store.advance(Binding.UNDER_WAY);
  }

  private Presented shown() {
    return ids.parse(issued.id().reveal());
  }

  private Decision ask(Evidence evidence) {
    return now(validate.validate(shown(), evidence, false, THIEF));
  }

  private Session stored() {
    return ((SessionStore.Found) now(store.find(issued.session().handle()))).session();
  }

  private static Decision denied(Reason reason) {
    return new Decision.Deny(reason);
  }

  @Test
  void aProofLetsABoundSessionIn() {
    bind();
    assertThat(ask(PlainBindings.proof("the-key"))).isInstanceOf(Decision.Allow.class);
    assertThat(audit).isEmpty();
    assertThat(counts.unproved).isEmpty();
    assertThat(refusals).isEmpty();
  }

  @Test
  void aBoundSessionCannotComeBackUnbound() {
    bind();
    assertThat(ask(Evidence.NONE)).isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(ask(PlainBindings.proof("stale"))).isEqualTo(denied(Reason.BINDING_STALE));
    assertThat(ask(PlainBindings.proof("another"))).isEqualTo(denied(Reason.BINDING_WRONG));
    assertThat(now(validate.refresh(shown(), Evidence.NONE, THIEF)))
        .isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(now(validate.inspect(shown(), Evidence.NONE, THIEF)))
        .isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(now(validate.validate(shown()))).isEqualTo(denied(Reason.BINDING_MISSING));
  }

  @Test
  void eachRefusalIsOneEventThatNamesBindingReasonReactionAndPresenter() {
    bind();
    assertThat(ask(Evidence.NONE)).isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(audit)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo(AuditEvent.Action.SESSION_UNPROVED);
              assertThat(event.handle()).contains(issued.session().handle());
              assertThat(event.presenter()).isEqualTo(THIEF);
              assertThat(event.detail())
                  .isEqualTo(
                      Map.of(
                          "binding", "dbsc", "reason", "binding-missing", "reaction", "enforce"));
            });
    assertThat(counts.unproved).containsExactly("dbsc binding-missing enforce");
  }

  @Test
  void whoHasNoProofNeitherProlongsNorConfirmsNorRotatesNorEndsTheSession() {
    bind();
    store.advance(Duration.ofMinutes(20));
    Session before = stored();
    assertThat(now(validate.validate(shown(), Evidence.NONE, true, THIEF)))
        .isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(now(validate.refresh(shown(), Evidence.NONE, THIEF)))
        .isEqualTo(denied(Reason.BINDING_MISSING));
    assertThat(stored()).isEqualTo(before);
    assertThat(now(validate.validate(shown(), PlainBindings.proof("the-key"), true, THIEF)))
        .isInstanceOfSatisfying(
            Decision.Allow.class, allow -> assertThat(allow.successor()).isPresent());
    assertThat(stored().binding()).contains(before.binding().orElseThrow());
  }

  @Test
  void observeRecordsWhatEnforceWouldRefuse() {
    rung = Rung.OBSERVE;
    bind();
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    assertThat(counts.unproved).containsExactly("dbsc binding-missing observe");
    assertThat(audit)
        .singleElement()
        .extracting(e -> e.detail().get("reaction"))
        .isEqualTo("observe");
  }

  @Test
  void aRecentAuthenticationMakesUpForAProofAtStepUpAlone() {
    rung = Rung.STEP_UP;
    bind();
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    store.advance(BindingPolicy.STEP_UP_AGE);
    assertThat(ask(Evidence.NONE)).isEqualTo(denied(Reason.STEP_UP));
    assertThat(ask(PlainBindings.proof("another"))).isEqualTo(denied(Reason.STEP_UP));
    assertThat(ask(PlainBindings.proof("the-key"))).isInstanceOf(Decision.Allow.class);
    assertThat(counts.unproved).hasSize(3);
  }

  @Test
  void offAsksForNothing() {
    rung = Rung.OFF;
    required = true;
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    bind();
    store.advance(GRACE);
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    assertThat(audit).isEmpty();
  }

  @Test
  void requestsThatWereUnderWayWhenTheKeyCameAreLetIn() {
    assertThat(
            now(
                store.bind(
                    issued.session().handle(),
                    new Binding(Binding.Kind.DBSC, store.now(), "the-key"))))
        .isInstanceOf(SessionStore.Fastened.class);
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(PlainBindings.proof("another"))).isEqualTo(denied(Reason.BINDING_WRONG));
    store.advance(Binding.UNDER_WAY.minusMillis(1));
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    store.advance(Duration.ofMillis(1));
    assertThat(ask(Evidence.NONE)).isEqualTo(denied(Reason.BINDING_MISSING));
  }

  @Test
  void anUnboundSessionGoesOnWhereBindingIsOptional() {
    store.advance(Duration.ofMinutes(30));
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    assertThat(audit).isEmpty();
  }

  @Test
  void anUnboundSessionIsRefusedAfterTheGraceWhereBindingIsRequired() {
    required = true;
    store.advance(GRACE.minusMillis(1));
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    store.advance(Duration.ofMillis(1));
    assertThat(ask(PlainBindings.proof("the-key"))).isEqualTo(denied(Reason.UNBOUND));
    assertThat(counts.unproved).containsExactly("none unbound enforce");
    bind();
    assertThat(ask(PlainBindings.proof("the-key"))).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void whoseBindingCountsIsNotAnsweredFromMemory() {
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    assertThat(remembered).hasSize(1);
    required = true;
    assertThat(ask(Evidence.NONE)).isInstanceOf(Decision.Allow.class);
    required = false;
    bind();
    assertThat(ask(PlainBindings.proof("the-key"))).isInstanceOf(Decision.Allow.class);
    assertThat(remembered).hasSize(1);
  }

  @Test
  void aStepUpKeepsTheBinding() {
    bind();
    ElevateSession elevate =
        new ElevateSession(
            ids, store, policy, new RotationReports(ids, audit::add, counts, store::now, a -> a));
    ElevateSession.Outcome outcome =
        now(
            elevate.elevate(
                issued.session().handle(),
                new Authentication(store.now(), "high", List.of("hwk")),
                Presenter.UNKNOWN));
    ElevateSession.Elevated elevated = (ElevateSession.Elevated) outcome;
    assertThat(elevated.session().binding()).isPresent();
    Presented next = ids.parse(elevated.id().reveal());
    assertThat(now(validate.validate(next, Evidence.NONE, false, THIEF)))
        .isEqualTo(denied(Reason.BINDING_MISSING));
  }

  @Test
  void anEndNeedsNoProof() {
    bind();
    assertThat(now(validate.recognise(shown(), THIEF))).isInstanceOf(Decision.Allow.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"BINDING_MISSING", "BINDING_STALE", "BINDING_WRONG", "UNBOUND", "STEP_UP"})
  void noRefusalForABindingDeletesTheCookie(Reason reason) {
    assertThat(reason.isFinal()).isFalse();
  }

  @Test
  void theFirstKeyWins() {
    bind();
    Handle handle = issued.session().handle();
    assertThat(now(store.bind(handle, new Binding(Binding.Kind.DBSC, store.now(), "another"))))
        .isEqualTo(new SessionStore.Taken());
    assertThat(stored().binding()).map(Binding::key).isEqualTo(Optional.of("the-key"));
  }
}
