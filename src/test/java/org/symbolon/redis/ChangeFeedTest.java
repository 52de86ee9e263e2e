package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Unavailable;

/** What the feed makes of pushes that are lost or wrong, and of a store that loses its memory. */
@ParameterizedClass
@EnumSource(RedisSettings.Mode.class)
class ChangeFeedTest {
  private static final Random RANDOM = new Random();
  private static final Map<RedisSettings.Mode, RedisServers> SERVERS =
      new EnumMap<>(RedisSettings.Mode.class);

  private final RedisServers servers;
  private final OpenStore writer;
  private final Hearing hearing;
  private final SubjectKey subject = Samples.subject(RANDOM);
  private final Lane lane = Lane.of(subject.bucket());

  ChangeFeedTest(RedisSettings.Mode mode) {
    this.servers = SERVERS.computeIfAbsent(mode, ChangeFeedTest::servers);
    this.writer = new OpenStore(servers);
    ended();
    this.hearing = new Hearing(servers, Hearing.BOUND);
    hearing.awaitCurrent();
    hearing.told.clear();
  }

  private static RedisServers servers(RedisSettings.Mode mode) {
    return switch (mode) {
      case STANDALONE -> RedisServers.standalone();
      case SENTINEL -> RedisServers.sentinel(0, 1);
      case CLUSTER -> RedisServers.cluster();
    };
  }

  @AfterEach
  void close() {
    hearing.close();
    writer.close();
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(RedisServers::close);
    SERVERS.clear();
  }

  /** A session of the subject that has just ended. */
  private Handle ended() {
    Session session = writer.created(Samples.draft(subject, RANDOM));
    writer.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    return session.handle();
  }

  private Handle someone() {
    return Samples.handle(subject, RANDOM);
  }

  private void isNothingLost() {
    assertThat(hearing.missed).hasValue(1);
    assertThat(hearing.lost).isEmpty();
  }

  /** Waits until the lane is found out, and for what is heard from then on. */
  private void losesTheLaneAndGoesOn() {
    RedisServers.await(() -> hearing.lost.contains(lane.number()));
    assertThat(hearing.missed.get()).isGreaterThan(1);
    hearing.awaitCurrent();
    Handle handle = ended();
    RedisServers.await(() -> hearing.hasHeardEnd(handle));
    hearing.awaitCurrent();
    assertThat(hearing.feed.rollbacks()).isEqualTo(hearing.lost.size());
  }

  @Test
  void hearsOfEachEndInOrderTheRevocationFirst() {
    Handle first = ended();
    Handle second = ended();
    hearing.awaitCurrent();
    assertThat(hearing.told)
        .containsExactly("end " + first, "change " + first, "end " + second, "change " + second);
    assertThat(hearing.lags).hasSize(2);
    isNothingLost();
  }

  @Test
  void provesItselfWithoutChanges() {
    hearing.awaitCurrent();
    hearing.awaitCurrent();
    assertThat(hearing.told).isEmpty();
    assertThat(hearing.feed.age()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void hearsFromTheLogWhatNoPushTold() {
    Handle handle = someone();
    try (RawLane raw = new RawLane(servers, lane)) {
      raw.log(RawLane.moved(handle));
    }
    hearing.awaitCurrent();
    assertThat(hearing.told).containsExactly("change " + handle);
    assertThat(hearing.feed.caughtUp()).isEqualTo(1);
    isNothingLost();
  }

  @Test
  void aPushThatShowsAGapMakesItReadTheLog() {
    Handle first = someone();
    Handle second = someone();
    try (RawLane raw = new RawLane(servers, lane);
        Hearing patient = new Hearing(servers, Duration.ofHours(1))) {
      patient.awaitBegin();
      raw.log(RawLane.moved(first));
      raw.publish(raw.log(RawLane.moved(second)), RawLane.moved(second));
      RedisServers.await(() -> patient.hasHeardEnd(second));
      assertThat(patient.told).endsWith("change " + first, "change " + second);
    }
  }

  @Test
  void hearsPushesOutOfOrderInOrder() {
    Handle first = someone();
    Handle second = someone();
    try (RawLane raw = new RawLane(servers, lane)) {
      long one = raw.log(RawLane.moved(first));
      long two = raw.log(RawLane.moved(second));
      raw.publish(two, RawLane.moved(second));
      raw.publish(one, RawLane.moved(first));
    }
    hearing.awaitCurrent();
    assertThat(hearing.told).containsExactly("change " + first, "change " + second);
    isNothingLost();
  }

  @Test
  void hearsARepeatedPushOnce() {
    Handle handle = someone();
    try (RawLane raw = new RawLane(servers, lane)) {
      long number = raw.log(RawLane.moved(handle));
      for (int i = 0; i < 3; i++) {
        raw.publish(number, RawLane.moved(handle));
      }
    }
    hearing.awaitCurrent();
    assertThat(hearing.told).containsExactly("change " + handle);
    isNothingLost();
  }

  @Test
  void aLogThatWasTrimmedTooFarIsMissed() {
    try (RawLane raw = new RawLane(servers, lane)) {
      raw.trim(5, RawLane.moved(someone()));
    }
    losesTheLaneAndGoesOn();
  }

  @Test
  void aLogThatHoldsOtherChangesUnderTheSameNumbersWasRolledBack() {
    try (RawLane raw = new RawLane(servers, lane)) {
      raw.rewrite(RawLane.moved(someone()));
    }
    servers.onEach(admin -> admin.commands().clientKill(KillArgs.Builder.typeNormal()));
    losesTheLaneAndGoesOn();
  }

  @Test
  void aCounterThatIsLowerWasRolledBack() {
    ended();
    hearing.awaitCurrent();
    servers.onEach(admin -> admin.commands().flushall());
    losesTheLaneAndGoesOn();
  }

  @Test
  void aStoreThatComesBackEmptyWasRolledBack() {
    servers.onEach(admin -> admin.commands().flushall());
    servers.restart();
    RedisServers.await(() -> !(writer.find(someone()) instanceof Unavailable));
    losesTheLaneAndGoesOn();
  }

  @Test
  void aChangeThatItCannotReadMayBeAboutAnySession() {
    try (RawLane raw = new RawLane(servers, lane)) {
      byte[] newer = {9, 1, 2, 3};
      raw.publish(raw.log(newer), newer);
    }
    hearing.awaitCurrent();
    assertThat(hearing.told).containsExactly("missed");
    assertThat(hearing.lost).isEmpty();
  }

  @Test
  void whoeverCannotTakeInARevocationHasNotHeardOfIt() {
    hearing.isDeaf = true;
    Handle handle = ended();
    long after = System.nanoTime();
    RedisServers.await(() -> hearing.feed.age().compareTo(Duration.ofMillis(500)) > 0);
    assertThat(hearing.isCurrent(after)).isFalse();
    assertThat(hearing.told).isEmpty();
    hearing.isDeaf = false;
    hearing.awaitCurrent();
    assertThat(hearing.told).containsExactly("end " + handle, "change " + handle);
  }

  @Test
  void isPushedToAgainAfterItsConnectionWasCut() {
    servers.onEach(admin -> admin.commands().clientKill(KillArgs.Builder.typePubsub()));
    RedisServers.await(
        () -> {
          long before = hearing.feed.caughtUp();
          Handle handle = ended();
          RedisServers.await(() -> hearing.hasHeardEnd(handle));
          return hearing.feed.caughtUp() == before;
        });
    hearing.awaitCurrent();
    isNothingLost();
  }
}
