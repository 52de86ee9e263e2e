package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Handle;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Revocation;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;

class SweepTest {
  private static final int SESSIONS = 400;
  private static final Evidence NO_EVIDENCE =
      new Evidence() {
        @Override
        public void append(String campaign, List<String> lines) {}

        @Override
        public String place(String campaign) {
          return "";
        }
      };

  private final MemoryCampaigns store = new MemoryCampaigns();
  private final List<Runnable> waiting = new ArrayList<>();
  private final Set<Handle> revoked = new HashSet<>();
  private final Random random = new Random(3);
  private final List<Session> sessions =
      Stream.generate(() -> People.session(random)).limit(SESSIONS).toList();
  private int sent;

  /** Answers none before three bursts wait, as a slow disk that takes them all at once. */
  private SessionStore slow() {
    return (SessionStore)
        Proxy.newProxyInstance(
            SessionStore.class.getClassLoader(),
            new Class<?>[] {SessionStore.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("revokeEach");
              List<?> sessions = (List<?>) arguments[0];
              sessions.forEach(one -> revoked.add(((SessionStore.Named) one).handle()));
              sent += sessions.size();
              CompletableFuture<Revocation> answer = new CompletableFuture<>();
              waiting.add(() -> answer.complete(new Revocation.Done(sessions.size())));
              if (waiting.size() == 3 || sent == SESSIONS) {
                waiting.forEach(Runnable::run);
                waiting.clear();
              }
              return answer;
            });
  }

  private Campaign sweeping() {
    Selection all = new Selection(Map.of(Criterion.ALL, List.of("true")), Map.of());
    Instant now = store.now;
    Campaign campaign =
        Campaign.planned("c", all, Map.of(), Terms.DEFAULT, Cause.DRILL, "T-1", "anna", now)
            .counted(
                new Count(now, SESSIONS, SESSIONS, SESSIONS, new TreeMap<>(), List.of()), "one")
            .started("anna", now, false, true, 0, Optional.empty())
            .fenced("one", now);
    store.all.put("c", new Campaign("c", campaign.revision() - 1, campaign.fields()));
    store.fence(campaign, Duration.ofHours(1));
    Campaign next = store.find("c").orElseThrow().stepped(State.Step.SWEEP, "one", now, "");
    assertThat(store.write(next)).isTrue();
    return next;
  }

  @Test
  void waitsForManyAtOnce() throws IOException {
    assertThat(sweep(SubjectSignals.NONE).pass(sweeping(), () -> false))
        .isInstanceOf(Sweep.Whole.class);
    assertThat(revoked).isEqualTo(new HashSet<>(sessions.stream().map(Session::handle).toList()));
  }

  private Sweep sweep(SubjectSignals signals) {
    SessionScan scan = (_, _) -> new SessionScan.Batch(sessions, "", store.now);
    PlainIds ids = new PlainIds();
    return new Sweep(
        store,
        slow(),
        ids,
        new Sources(slow(), ids, scan, store::now),
        ids::signalHash,
        NO_EVIDENCE,
        signals,
        Health.UNKNOWN,
        System::nanoTime,
        Health.Limits.NONE,
        Runnable::run,
        "one");
  }

  @Test
  void othersAreToldOfEachSubjectOnceBeforeItsSessionsEnd() throws IOException {
    List<Session> told = new ArrayList<>();
    SubjectSignals signals =
        (campaign, some) -> {
          assertThat(campaign.id()).isEqualTo("c");
          assertThat(some).noneMatch(session -> revoked.contains(session.handle()));
          told.addAll(some);
        };
    assertThat(sweep(signals).pass(sweeping(), () -> false)).isInstanceOf(Sweep.Whole.class);
    assertThat(told.stream().map(SweepTest::account).toList())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            sessions.stream().map(SweepTest::account).collect(Collectors.toSet()));
  }

  private static String account(Session session) {
    return session.tenant() + "/" + session.subject();
  }

  @Test
  void nothingEndsThatNobodyCanBeToldOf() {
    SubjectSignals signals =
        (_, _) -> {
          throw new OutageException("no answer");
        };
    assertThatThrownBy(() -> sweep(signals).pass(sweeping(), () -> false))
        .isInstanceOf(OutageException.class);
    assertThat(revoked).isEmpty();
  }

  /**
   * A short batch and a long one in turn: what counts is how many were looked at in all the time.
   */
  @Test
  void itsRateForetells() {
    long rate = 0;
    for (int i = 0; i < 100; i++) {
      rate = Progress.rate(rate, 200, 50_000_000);
      rate = Progress.rate(rate, 200, 950_000_000);
    }
    assertThat((double) rate).isBetween(400 * 0.8, 400 * 1.2);
  }
}
