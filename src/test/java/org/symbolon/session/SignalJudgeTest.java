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

/** What becomes of a request by who presents its session ID. */
class SignalJudgeTest {
  private static final Presenter ALICE = new Presenter("192.0.2.1", "firefox", "nginx", "ja4-a");
  private static final Presenter THIEF = new Presenter("198.51.100.6", "curl", "envoy", "ja4-b");
  private final PlainIds ids = new PlainIds();
  private final ReferenceStore store = new ReferenceStore();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final List<Likeness> remembered = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private final Counts counts = new Counts();
  private final Map<Signal, Rung> rungs = new EnumMap<>(Signal.class);
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
          return BindingPolicy.OFF;
        }

        @Override
        public SignalPolicy signals(Tenant tenant) {
          return new SignalPolicy(rungs);
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
          remembered.add(likeness);
        }
      };
  private final RotationReports reports =
      new RotationReports(ids, audit::add, counts, store::now, a -> a);
  private final SignalJudge judge =
      PlainSignals.of(
          policy, ids, audit::add, counts, (_, signal) -> refusals.add(signal), store::now);
  private final ValidateSession validate =
      new ValidateSession(ids, store, policy, reports, PlainBindings.of(policy), judge, known);
  private Issuance.Issued issued = issue();

  private Issuance.Issued issue() {
    IssueSession issue =
        new IssueSession(ids, store, policy, _ -> {}, store::now, new SecureRandom());
    return (Issuance.Issued) now(issue.issue(Logins.of("alice", store.now())));
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Decision ask(Presenter presenter) {
    return ask(issued.id(), presenter);
  }

  private Decision ask(SecretText id, Presenter presenter) {
    return now(validate.validate(ids.parse(id.reveal()), Evidence.NONE, false, presenter));
  }

  private SignalHashes stored() {
    return ((SessionStore.Found) now(store.find(issued.session().handle()))).session().signals();
  }

  private void hold(Rung rung, Signal... signals) {
    for (Signal signal : signals) {
      rungs.put(signal, rung);
    }
  }

  @Test
  void nothingIsRecordedOrComparedWhereAllIsOff() {
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isInstanceOf(Decision.Allow.class);
    assertThat(stored()).isEqualTo(SignalHashes.NONE);
    assertThat(remembered).containsOnly(Likeness.ANYONE);
    assertThat(audit).isEmpty();
    assertThat(counts.unproved).isEmpty();
  }

  @Test
  void onlyWhatIsOnIsRecordedOfTheFirstPresenter() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(stored().network()).isNotZero();
    assertThat(stored()).isEqualTo(SignalHashes.NONE.with(Signal.NETWORK, stored().network()));
  }

  /** Or memory would answer one gateway as another. */
  @Test
  void whatIsRememberedIsOfOneGateway() {
    hold(Rung.OBSERVE, Signal.GATEWAY);
    for (String gateway : List.of("nginx", "nginx", "caddy")) {
      ask(new Presenter("192.0.2.1", "firefox", gateway, "ja4-a"));
    }
    assertThat(remembered.get(1)).isEqualTo(remembered.get(0));
    assertThat(remembered.get(2).presenter()).isNotEqualTo(remembered.get(1).presenter());
  }

  @Test
  void whoComesByNoGatewayDiffersInNothing() {
    hold(Rung.ENFORCE, Signal.GATEWAY);
    Presenter direct = new Presenter("192.0.2.1", "firefox", "direct", "ja4-a");
    assertThat(ask(direct)).isInstanceOf(Decision.Allow.class);
    assertThat(stored().gateway()).isZero();
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(stored().gateway()).isNotZero();
    assertThat(ask(direct)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(new Presenter("192.0.2.1", "firefox", "caddy", "ja4-a")))
        .isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
  }

  @ParameterizedTest
  @EnumSource(
      value = Signal.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TRAVEL", "FAN_OUT"})
  void anotherPresenterIsRefusedByEachSignalWithOneEvent(Signal signal) {
    hold(Rung.ENFORCE, signal);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(audit)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo(AuditEvent.Action.SESSION_DIFFERED);
              assertThat(event.presenter()).isEqualTo(THIEF);
              assertThat(event.detail())
                  .containsOnly(
                      Map.entry("differs", signal.code()), Map.entry("reaction", "enforce"));
            });
    assertThat(counts.unproved).containsExactly(signal.code() + " signals-differ enforce");
    assertThat(refusals).containsExactly(signal.code());
  }

  @Test
  void whatIsLeftOutCountsAsDifferent() {
    hold(Rung.ENFORCE, Signal.USER_AGENT, Signal.FINGERPRINT);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(new Presenter(ALICE.address(), "", "nginx", "")))
        .isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(audit.getFirst().detail()).containsEntry("missing", "user-agent,fingerprint");
  }

  @Test
  void aBackendThatAsksForItselfIsNotCompared() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(Presenter.UNKNOWN)).isInstanceOf(Decision.Allow.class);
  }

  @Test
  void oneThatWasNotShownAtFirstIsRecordedWhenItIs() {
    hold(Rung.ENFORCE, Signal.NETWORK, Signal.FINGERPRINT);
    assertThat(ask(new Presenter(ALICE.address(), "", "nginx"))).isInstanceOf(Decision.Allow.class);
    assertThat(stored().fingerprint()).isZero();
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(stored().fingerprint()).isNotZero();
  }

  @Test
  void whoeverDiffersInOneTeachesNone() {
    hold(Rung.OBSERVE, Signal.NETWORK, Signal.FINGERPRINT);
    assertThat(ask(new Presenter(ALICE.address(), "", "nginx"))).isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isInstanceOf(Decision.Allow.class);
    assertThat(stored().fingerprint()).isZero();
  }

  @Test
  void observingLetsPassAndTellsEachTime() {
    hold(Rung.OBSERVE, Signal.USER_AGENT, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isInstanceOf(Decision.Allow.class);
    assertThat(audit.getFirst().detail())
        .containsOnly(Map.entry("differs", "user-agent,network"), Map.entry("reaction", "observe"));
    assertThat(counts.unproved)
        .containsExactly("user-agent signals-differ observe", "network signals-differ observe");
    assertThat(refusals).containsExactly("user-agent", "network");
    assertThat(remembered.getLast().differing())
        .containsExactlyInAnyOrder(Signal.USER_AGENT, Signal.NETWORK);
  }

  @Test
  void anotherAddressOfOneSystemAndCountryIsNoOther() {
    hold(Rung.ENFORCE, Signal.ASN, Signal.COUNTRY);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(new Presenter("192.0.77.8", "curl", "nginx")))
        .isInstanceOf(Decision.Allow.class);
    assertThat(stored().asn()).isNotZero();
    assertThat(stored().country()).isNotZero().isNotEqualTo(stored().asn());
    assertThat(stored().network()).isZero();
  }

  @Test
  void theStrictestOfWhatDiffersDecides() {
    hold(Rung.OBSERVE, Signal.NETWORK);
    hold(Rung.ENFORCE, Signal.USER_AGENT);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(new Presenter(THIEF.address(), ALICE.userAgent(), "nginx")))
        .isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
  }

  @Test
  void aStepUpMakesTheFirstPresenterOfTheNewIdTheSessionsOwn() {
    hold(Rung.STEP_UP, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    Presenter moved = new Presenter("203.0.113.9", ALICE.userAgent(), "nginx");
    assertThat(ask(moved)).isEqualTo(new Decision.Deny(Reason.STEP_UP));
    store.advance(Duration.ofMinutes(1));
    ElevateSession.Elevated elevated =
        (ElevateSession.Elevated)
            now(
                new ElevateSession(ids, store, policy, reports)
                    .elevate(
                        issued.session().handle(),
                        new Authentication(store.now(), "", List.of("pwd")),
                        Presenter.UNKNOWN));
    assertThat(stored()).isEqualTo(SignalHashes.NONE);
    assertThat(ask(elevated.id(), moved)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(elevated.id(), moved)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(elevated.id(), ALICE)).isEqualTo(new Decision.Deny(Reason.STEP_UP));
  }

  @Test
  void aRefusedPresenterNeitherProlongsNorIsRemembered() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    int before = remembered.size();
    store.advance(Duration.ofMinutes(30));
    assertThat(ask(THIEF)).isInstanceOf(Decision.Deny.class);
    assertThat(remembered).hasSize(before);
    store.advance(Duration.ofMinutes(30));
    assertThat(ask(ALICE)).isEqualTo(new Decision.Deny(Reason.EXPIRED));
  }

  /** What takes a file to tell is asked where a session is looked for, and not from memory. */
  @Test
  void whoIsRecognisedIsNotReadAgain() {
    hold(Rung.ENFORCE, Signal.COUNTRY);
    List<String> read = new ArrayList<>();
    SignalJudge reading =
        new SignalJudge(
            policy,
            ids,
            Map.of(Signal.COUNTRY, presenter -> read.add(presenter.address()) ? "DE" : ""),
            audit::add,
            counts,
            RefusalTally.NONE,
            store::now,
            new SecureRandom());
    Session session = issued.session();
    Likeness likeness = reading.compare(session, ALICE).likeness();
    assertThat(read).containsExactly(ALICE.address());
    Decision allow = new Decision.Allow(session, Optional.empty(), RotationOutcome.NONE);
    KnownAnswers.Known<String> known =
        new KnownAnswers.Known<>() {
          @Override
          public Decision decision() {
            return allow;
          }

          @Override
          public String answer() {
            return "";
          }

          @Override
          public Likeness likeness() {
            return likeness;
          }

          @Override
          public Optional<Reason> objection(Condition condition) {
            return Optional.empty();
          }

          @Override
          public boolean isRotationDue() {
            return false;
          }
        };
    assertThat(reading.recognises(known, ALICE)).isTrue();
    assertThat(reading.recognises(known, THIEF)).isFalse();
    assertThat(read).containsExactly(ALICE.address());
  }

  @Test
  void ownLogoutNeedsNoLikeness() {
    hold(Rung.ENFORCE, Signal.NETWORK);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(now(validate.recognise(ids.parse(issued.id().reveal()), THIEF)))
        .isInstanceOf(Decision.Allow.class);
  }

  private static Presenter from(String address) {
    return new Presenter(address, ALICE.userAgent(), "nginx", "ja4-a");
  }

  private void travel() {
    assertThat(ask(from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    store.advance(Duration.ofMinutes(5));
    assertThat(ask(from("198.51.100.6"))).isInstanceOf(Decision.Allow.class);
    store.advance(Duration.ofMinutes(5));
  }

  @Test
  void whoIsBackTooSoonMakesTheWholeSessionSuspect() {
    hold(Rung.ENFORCE, Signal.TRAVEL);
    travel();
    assertThat(ask(from("192.0.2.1"))).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(from("198.51.100.6"))).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(from("192.0.2.1"))).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(counts.suspicions).containsOnly(Map.entry("travel", 1));
    assertThat(refusals).containsExactly("travel", "travel", "travel");
    assertThat(audit).hasSize(3);
    assertThat(audit.getFirst().action()).isEqualTo(AuditEvent.Action.SESSION_REPLAY_SUSPECTED);
    assertThat(audit.getFirst().presenter()).isEqualTo(from("192.0.2.1"));
    assertThat(audit.getFirst().detail())
        .containsEntry("suspected", "travel")
        .containsEntry("reaction", "enforce")
        .containsKeys(
            "place", "other_place", "other_since", "session_browser", "session_last_seen");
    assertThat(audit.getFirst().detail().get("place"))
        .isNotEqualTo(audit.getFirst().detail().get("other_place"));
    assertThat(audit.getLast().detail()).containsEntry("differs", "travel");
  }

  @Test
  void whoIsBackInTimeIsATraveller() {
    hold(Rung.ENFORCE, Signal.TRAVEL);
    travel();
    store.advance(Duration.ofMinutes(30));
    assertThat(ask(from("198.51.100.6"))).isInstanceOf(Decision.Allow.class);
    store.advance(Duration.ofMinutes(25));
    assertThat(ask(from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    assertThat(audit).isEmpty();
    assertThat(counts.suspicions).isEmpty();
  }

  @Test
  void observingSuspicionsLetsPassAndCountsAll() {
    hold(Rung.OBSERVE, Signal.TRAVEL);
    travel();
    assertThat(ask(from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    assertThat(ask(from("198.51.100.6"))).isInstanceOf(Decision.Allow.class);
    assertThat(refusals).containsExactly("travel", "travel");
    assertThat(counts.unproved).containsOnly("travel signals-differ observe");
    assertThat(remembered.getLast().differing()).containsExactly(Signal.TRAVEL);
    assertThat(counts.suspicions).containsOnly(Map.entry("travel", 1));
  }

  @Test
  void aStepUpClearsASuspicionForWhoeverAuthenticated() {
    hold(Rung.STEP_UP, Signal.TRAVEL);
    travel();
    assertThat(ask(from("192.0.2.1"))).isEqualTo(new Decision.Deny(Reason.STEP_UP));
    assertThat(ask(from("198.51.100.6"))).isEqualTo(new Decision.Deny(Reason.STEP_UP));
    ElevateSession.Elevated elevated =
        (ElevateSession.Elevated)
            now(
                new ElevateSession(ids, store, policy, reports)
                    .elevate(
                        issued.session().handle(),
                        new Authentication(store.now(), "", List.of("pwd")),
                        Presenter.UNKNOWN));
    assertThat(ask(elevated.id(), from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    assertThat(stored().places().suspicions()).isEmpty();
    assertThat(ask(from("198.51.100.6"))).isInstanceOf(Decision.Deny.class);
  }

  @Test
  void whoIsRefusedForSomethingElseIsAtNoPlace() {
    hold(Rung.ENFORCE, Signal.TRAVEL, Signal.USER_AGENT);
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    assertThat(ask(THIEF)).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(ALICE)).isInstanceOf(Decision.Allow.class);
    // Else a thief could have the traveller locked out.
    assertThat(ask(from(THIEF.address()))).isInstanceOf(Decision.Allow.class);
    assertThat(ask(new Presenter(ALICE.address(), THIEF.userAgent(), "nginx")))
        .isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(from(THIEF.address()))).isInstanceOf(Decision.Allow.class);
    assertThat(counts.suspicions).isEmpty();
  }

  @Test
  void aSessionOfMoreNetworksThanAreAllowedIsSuspect() {
    hold(Rung.ENFORCE, Signal.FAN_OUT);
    for (int i = 1; i <= 5; i++) {
      assertThat(ask(from("192.0.2." + i))).isInstanceOf(Decision.Allow.class);
    }
    assertThat(ask(from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    assertThat(ask(from("192.0.2.6"))).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(ask(from("192.0.2.1"))).isEqualTo(new Decision.Deny(Reason.SIGNALS_DIFFER));
    assertThat(counts.suspicions).containsOnly(Map.entry("fan-out", 1));
    assertThat(audit.getFirst().detail())
        .containsEntry("suspected", "fan-out")
        .containsEntry("networks_before", "5");
  }

  @Test
  void aPersonWhoMovesAboutSlowlyIsNot() {
    hold(Rung.ENFORCE, Signal.FAN_OUT);
    for (int i = 1; i <= 12; i++) {
      assertThat(ask(from("192.0.2." + i))).isInstanceOf(Decision.Allow.class);
      store.advance(Duration.ofMinutes(2));
    }
    assertThat(stored().places().networks()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void nothingOfPlacesIsKeptWhereTheyAreOff() {
    hold(Rung.OBSERVE, Signal.NETWORK);
    travel();
    assertThat(stored().places()).isEqualTo(Places.NONE);
    hold(Rung.OBSERVE, Signal.TRAVEL, Signal.FAN_OUT);
    travel();
    assertThat(stored().places()).isNotEqualTo(Places.NONE);
    hold(Rung.OFF, Signal.TRAVEL, Signal.FAN_OUT);
    assertThat(ask(from("192.0.2.1"))).isInstanceOf(Decision.Allow.class);
    assertThat(stored().places()).isEqualTo(Places.NONE);
  }
}
