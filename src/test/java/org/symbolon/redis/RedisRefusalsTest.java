package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.RefusalReports;
import org.symbolon.session.Session;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** Counts of what enforcing would refuse, of several nodes and on the shipped user's rights. */
class RedisRefusalsTest {
  private static final Duration KEPT = Duration.ofDays(3);
  private final Random random = new Random();

  private Session session() {
    return Samples.draft(Samples.subject(random), random).issuedAt(Instant.EPOCH);
  }

  private static List<RefusalReports.Line> lines(RedisRefusals refusals, int hours) {
    return ((RefusalReports.Report) OpenStore.await(refusals.last(hours))).lines();
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void addsUpTheCountsOfAllNodes(RedisSettings.Mode mode) {
    RedisServers servers = RedisServers.shared(mode);
    try (OpenStore store = new OpenStore(servers);
        StoreClock clock = new StoreClock(store.link, InstantSource.system());
        RedisRefusals first = new RedisRefusals(store.link, clock, KEPT, Samples.NO_INDICATORS);
        RedisRefusals second = new RedisRefusals(store.link, clock, KEPT, Samples.NO_INDICATORS)) {
      String signal = "network" + random.nextInt(1_000_000);
      Session shared = session();
      for (int i = 0; i < 7; i++) {
        first.count(shared, signal);
      }
      second.count(shared, signal);
      second.count(session(), signal);
      second.count(session(), signal + "-other");
      first.write();
      second.write();
      RedisServers.await(
          () -> lines(first, 2).contains(new RefusalReports.Line(Tenant.DEFAULT, signal, 2, 9)));
      assertThat(lines(second, 72))
          .contains(new RefusalReports.Line(Tenant.DEFAULT, signal + "-other", 1, 1));
    }
  }

  @Test
  void writesByItselfAndLetsTheHourGoAfterItsTime() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers);
        StoreClock clock = new StoreClock(store.link, InstantSource.system());
        RedisRefusals refusals = new RedisRefusals(store.link, clock, KEPT, Samples.NO_INDICATORS);
        RedisServers.Admin admin = servers.admin()) {
      refusals.count(session(), "user-agent");
      RedisServers.await(() -> lines(refusals, 2).size() == 1);
      long hour = clock.instant().truncatedTo(ChronoUnit.HOURS).getEpochSecond() / 3600;
      assertThat(admin.commands().dbsize()).isEqualTo(2);
      for (String key : List.of("b{**}" + hour, "b{**}" + hour + "=default=user-agent")) {
        assertThat(admin.commands().pttl(key.getBytes(StandardCharsets.UTF_8)))
            .isBetween(Duration.ofDays(3).toMillis(), Duration.ofHours(73).toMillis());
      }
    }
  }

  @Test
  void countsRequestsOfMoreSessionsThanItNames() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers);
        StoreClock clock = new StoreClock(store.link, InstantSource.system());
        RedisRefusals refusals =
            new RedisRefusals(store.link, clock, KEPT, Samples.NO_INDICATORS)) {
      for (int i = 0; i < 900; i++) {
        refusals.count(session(), "network");
      }
      refusals.write();
      RedisServers.await(
          () -> lines(refusals, 2).stream().anyMatch(line -> line.requests() == 900));
      assertThat(lines(refusals, 2).getFirst().sessions()).isBetween(870L, 930L);
    }
  }

  @Test
  void saysThatItDoesNotKnowWhereTheStoreGivesNoAnswer() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers);
        StoreClock clock = new StoreClock(store.link, InstantSource.system());
        RedisRefusals refusals =
            new RedisRefusals(store.link, clock, KEPT, Samples.NO_INDICATORS)) {
      servers.close();
      refusals.count(session(), "network");
      refusals.write();
      assertThat(OpenStore.await(refusals.last(3))).isInstanceOf(Unavailable.class);
    }
  }
}
