package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.Flag;
import org.symbolon.session.Places;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.RotationStore;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.SubjectKey;

/** What is recorded of a session's presenters, on one server and on a Cluster. */
@ParameterizedClass
@EnumSource(
    value = RedisSettings.Mode.class,
    names = {"STANDALONE", "CLUSTER"})
class LearnTest {
  private static final Instant T0 = Instant.parse("2026-11-23T12:00:00Z");
  private static final SignalHashes ALL =
      new SignalHashes(1, -2, 3, Integer.MIN_VALUE, -1).with(Signal.GATEWAY, 12);
  private static final SignalHashes NETWORK = SignalHashes.NONE.with(Signal.NETWORK, 42);
  private final Random random = new Random();
  private final OpenStore store;
  private final SubjectKey subject = Samples.subject(random);
  private SessionStore.Draft draft = Samples.draft(subject, random);
  private Session created = draft.issuedAt(T0);

  LearnTest(RedisSettings.Mode mode) {
    this.store = new OpenStore(RedisServers.shared(mode));
  }

  @BeforeEach
  void create() {
    store.at(T0);
    created = store.created(draft);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Session stored() {
    return store.live(draft.handle()).orElseThrow();
  }

  private void learn(Session read, SignalHashes signals) {
    store.store.learn(read, signals);
    // As in OpenStore#touch: commands of one connection are answered in order.
    store.find(read.handle());
    store.find(read.handle());
  }

  private Session rotated(Session read) {
    RotationStore.Rotation rotation =
        OpenStore.await(
            store.store.rotate(
                new RotationStore.Sight(
                    subject,
                    read,
                    read.generation(),
                    3,
                    RotationStore.Ask.ROTATE,
                    RotationPolicy.DEFAULT,
                    3)));
    return ((RotationStore.Accepted) rotation).session();
  }

  @Test
  void keepsWhatItLearntThroughUseRotationAndBinding() {
    learn(created, ALL);
    assertThat(stored().signals()).isEqualTo(ALL);
    assertThat(stored().withSignals(SignalHashes.NONE).attributes())
        .isEqualTo(created.attributes());
    store.at(T0.plusSeconds(400));
    store.touch(created);
    assertThat(rotated(stored()).signals()).isEqualTo(ALL);
    Binding binding = new Binding(Binding.Kind.DBSC, T0, "a-key");
    var _ = OpenStore.await(store.store.bind(draft.handle(), binding));
    assertThat(stored().signals()).isEqualTo(ALL);
    assertThat(stored().binding()).contains(binding);
    learn(stored(), NETWORK);
    assertThat(stored().signals()).isEqualTo(NETWORK);
    assertThat(stored().binding()).contains(binding);
    assertThat(store.list(subject))
        .singleElement()
        .satisfies(session -> assertThat(session.signals()).isEqualTo(NETWORK));
  }

  private static final Places THERE =
      new Places(
          Set.of(Signal.TRAVEL), 7, -8, 1_795_000_000, List.of(new Places.Seen(-9, 1_795_000_001)));

  @Test
  void keepsPlacesBesideSignalsAndEachWithoutTheOther() {
    learn(created, ALL.with(THERE));
    assertThat(stored().signals()).isEqualTo(ALL.with(THERE));
    learn(stored(), SignalHashes.NONE.with(THERE));
    assertThat(stored().signals()).isEqualTo(SignalHashes.NONE.with(THERE));
    assertThat(rotated(stored()).signals().places()).isEqualTo(THERE);
    Binding binding = new Binding(Binding.Kind.DBSC, T0, "a-key");
    var _ = OpenStore.await(store.store.bind(draft.handle(), binding));
    learn(stored(), NETWORK.with(THERE));
    assertThat(stored().signals()).isEqualTo(NETWORK.with(THERE));
    assertThat(stored().binding()).contains(binding);
    assertThat(stored().attributes()).isEqualTo(created.attributes());
    learn(created, ALL);
    assertThat(stored().signals()).isEqualTo(NETWORK.with(THERE));
    learn(stored(), SignalHashes.NONE);
    assertThat(stored().signals()).isEqualTo(SignalHashes.NONE);
    assertThat(stored().attributes()).isEqualTo(created.attributes());
  }

  @Test
  void keepsFlagsWithoutPlaces() {
    SignalHashes flagged = SignalHashes.NONE.with(Set.of(Flag.PLAINTEXT));
    learn(created, flagged);
    assertThat(stored().signals()).isEqualTo(flagged);
    learn(stored(), ALL.with(flagged.flags()));
    assertThat(rotated(stored()).signals()).isEqualTo(ALL.with(flagged.flags()));
    assertThat(stored().attributes()).isEqualTo(created.attributes());
  }

  @Test
  void aStepUpForgetsItAlsoWhenItIsRepeated() {
    learn(created, ALL.with(THERE).with(Set.of(Flag.REPLAY)));
    Authentication stronger = new Authentication(T0.plusSeconds(9), "higher", List.of("hwk"));
    for (int delivery = 0; delivery < 2; delivery++) {
      assertThat(OpenStore.await(store.store.elevate(created, stronger, RotationPolicy.DEFAULT, 3)))
          .isInstanceOfSatisfying(
              RotationStore.Elevated.class,
              elevated -> assertThat(elevated.session().signals()).isEqualTo(SignalHashes.NONE));
    }
  }

  @Test
  void learnsNothingFromWhoReadTheSessionBefore() {
    learn(created, NETWORK);
    learn(created, ALL);
    assertThat(stored().signals()).isEqualTo(NETWORK);
    Session before = stored();
    rotated(before);
    learn(before, ALL);
    assertThat(stored().signals()).isEqualTo(NETWORK);
  }

  @Test
  void aThiefWhoWasUnderWayDuringAStepUpTeachesNothing() {
    Authentication stronger = new Authentication(T0.plusSeconds(9), "higher", List.of("hwk"));
    var _ = OpenStore.await(store.store.elevate(created, stronger, RotationPolicy.DEFAULT, 3));
    learn(created, ALL);
    assertThat(stored().signals()).isEqualTo(SignalHashes.NONE);
  }

  @Test
  void bringsNoSessionBackToLife() {
    store.at(T0.plus(Duration.ofHours(1)));
    learn(created, ALL);
    store.at(T0);
    assertThat(stored().signals()).isEqualTo(SignalHashes.NONE);
    store.revoke(subject, draft.handle(), RevocationReason.LOGOUT);
    learn(created, ALL);
    assertThat(store.find(draft.handle())).isInstanceOf(SessionStore.Ended.class);
  }
}
