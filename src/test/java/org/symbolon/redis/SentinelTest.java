package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.symbolon.redis.Sentinels.Report;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Unavailable;

/** How the store is found through Sentinels, and found again after a failover. */
class SentinelTest {
  private static final RedisServers SERVERS = RedisServers.sentinel(2, 3);
  private static final Random RANDOM = new Random();
  private static final InetSocketAddress A = InetSocketAddress.createUnresolved("a", 1);
  private static final InetSocketAddress B = InetSocketAddress.createUnresolved("b", 1);
  private final SubjectKey subject = Samples.subject(RANDOM);

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  private static Report report(InetSocketAddress master, long epoch, long asked) {
    return new Report(master, epoch, asked, 1);
  }

  @Test
  void believesTheNewestConfiguration() {
    assertThat(Sentinels.newest(List.of(report(A, 1, 0), report(A, 1, 0), report(B, 2, 0))))
        .contains(B);
    assertThat(Sentinels.newest(List.of(report(A, 1, 0), report(B, 1, 0), report(B, 1, 0))))
        .contains(B);
    assertThat(Sentinels.newest(List.of())).isEmpty();
  }

  @Test
  void aMajorityHasToNameTheMaster() {
    List<Report> reports = List.of(report(A, 1, 10), report(A, 1, 30), report(B, 1, 40));
    assertThat(Sentinels.confirmed(reports, A, 3)).isEqualTo(OptionalLong.of(10));
    assertThat(Sentinels.confirmed(reports, B, 3)).isEmpty();
    assertThat(Sentinels.confirmed(reports, A, 5)).isEmpty();
    assertThat(Sentinels.confirmed(List.of(report(A, 1, 7)), A, 1)).isEqualTo(OptionalLong.of(7));
  }

  @Test
  void followsAfterAKill() {
    follows(RedisServers.Node::kill, RedisServers.Node::start);
  }

  @Test
  void followsAfterAPause() {
    follows(node -> node.signal("STOP"), node -> node.signal("CONT"));
  }

  @Test
  void followsWhileTheOldMasterAnswers() {
    follows(_ -> SERVERS.failover(), _ -> {});
  }

  private void follows(Consumer<RedisServers.Node> fault, Consumer<RedisServers.Node> mend) {
    RedisServers.Node before = SERVERS.master();
    try (OpenStore store = new OpenStore(SERVERS.settings())) {
      Session session = store.created(Samples.draft(subject, RANDOM));
      long started = System.nanoTime();
      fault.accept(before);
      long moved = 0;
      double longest = 0;
      while (moved == 0 || store.find(session.handle()) instanceof Unavailable) {
        long asked = System.nanoTime();
        store.find(session.handle());
        longest = Math.max(longest, (System.nanoTime() - asked) / 1e6);
        if (moved == 0 && SERVERS.master() != before) {
          moved = System.nanoTime();
        }
        assertThat(System.nanoTime() - started).isLessThan(60_000_000_000L);
      }
      long healed = System.nanoTime();
      assertThat(store.live(session.handle())).isPresent();
      RedisServers.await(
          () ->
              store.create(Samples.draft(subject, RANDOM), OpenStore.TEN)
                  instanceof org.symbolon.session.SessionStore.Created);
      System.out.printf(
          "failover %.2f s, answers again after %.2f s more, writes after %.2f s; slowest answer"
              + " %.0f ms%n",
          (moved - started) / 1e9,
          (healed - moved) / 1e9,
          (System.nanoTime() - moved) / 1e9,
          longest);
      mend.accept(before);
      SERVERS.awaitReplicas();
      assertThat(store.live(session.handle())).isPresent();
    }
  }

  @Test
  void refusesAMasterThatNoSentinelKnows() {
    RedisSettings settings = SERVERS.settings();
    RedisSettings other =
        with(
            settings,
            new RedisSettings.Sentinel(
                "other", Optional.empty(), settings.sentinel().orElseThrow().password()));
    assertThat(StoreCheck.open(other).toString())
        .startsWith("store-master: ")
        .contains("No such master")
        .contains("redis.master");
  }

  @Test
  void refusesAWrongPasswordOfTheSentinels() {
    RedisSettings other =
        with(
            SERVERS.settings(),
            new RedisSettings.Sentinel(
                "mymaster", Optional.empty(), Optional.of(new SecretText("wrong"))));
    assertThat(StoreCheck.open(other).toString())
        .startsWith("store-permission: ")
        .contains("redis.sentinelPassword");
  }

  @Test
  void refusesAReplicaThatIsNamedAsTheServer() {
    RedisSettings settings = SERVERS.settings();
    RedisServers.Node replica =
        SERVERS.nodes().stream().filter(node -> node != SERVERS.master()).findFirst().orElseThrow();
    RedisSettings direct =
        new RedisSettings(
            List.of(java.net.URI.create("redis://127.0.0.1:" + replica.port())),
            RedisSettings.Mode.STANDALONE,
            settings.username(),
            settings.password(),
            settings.timeout(),
            settings.ca());
    assertThat(StoreCheck.open(direct).toString()).startsWith("store-replica: ");
  }

  private static RedisSettings with(RedisSettings settings, RedisSettings.Sentinel sentinel) {
    return new RedisSettings(
        settings.nodes(),
        settings.mode(),
        settings.username(),
        settings.password(),
        settings.timeout(),
        settings.ca(),
        Optional.of(sentinel));
  }
}
