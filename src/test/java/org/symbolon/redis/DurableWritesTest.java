package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.redis.DurableWrites.Written;
import org.symbolon.session.Revocation;
import org.symbolon.session.Session;
import org.symbolon.session.SubjectKey;

/** What is said of writes when replicas are there, are stopped, or are too few. */
class DurableWritesTest {
  private static final RedisServers SERVERS = RedisServers.sentinel(2, 1);
  private static final Script REVOKE = Script.telling("revoke", ScriptOutputType.MULTI);
  private static final Random RANDOM = new Random();
  private final OpenStore store = new OpenStore(SERVERS);

  @AfterEach
  void close() {
    SERVERS.nodes().forEach(node -> node.signal("CONT"));
    store.close();
  }

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  private DurableWrites writes(Durability.Level level, int minReplicas) {
    return new DurableWrites(store.link, new Durability(level, minReplicas));
  }

  private CompletionStage<Written<List<Object>>> revoke(DurableWrites writes) {
    SubjectKey subject = Samples.subject(RANDOM);
    Session session = store.created(Samples.draft(subject, RANDOM));
    byte[][] keys = {Keys.session(session.handle()), Keys.index(subject)};
    byte[] zero = "0".getBytes(StandardCharsets.US_ASCII);
    return writes.run(REVOKE, keys, zero, Keys.name(session.handle()), zero);
  }

  private static Optional<String> shortfall(CompletionStage<Written<List<Object>>> written) {
    return OpenStore.await(written).shortfall();
  }

  @Test
  void isSafeWhenAllReplicasHaveIt() {
    assertThat(shortfall(revoke(writes(Durability.Level.REPLICAS, 2)))).isEmpty();
  }

  @Test
  void isNotSafeWhileAReplicaIsStopped() {
    SERVERS.nodes().get(2).signal("STOP");
    assertThat(shortfall(revoke(writes(Durability.Level.REPLICAS, 0))))
        .contains("1 of 2 replicas have it");
    assertThat(shortfall(revoke(writes(Durability.Level.MEMORY, 0)))).isEmpty();
    SERVERS.nodes().get(2).signal("CONT");
    RedisServers.await(() -> shortfall(revoke(writes(Durability.Level.REPLICAS, 2))).isEmpty());
  }

  @Test
  void isNotSafeWithFewerReplicasThanNeeded() {
    assertThat(shortfall(revoke(writes(Durability.Level.REPLICAS, 3))))
        .contains("2 of at least 3 replicas are connected");
  }

  @Test
  void waitsOnceForWhatComesTogether() {
    DurableWrites writes = writes(Durability.Level.REPLICAS, 2);
    try (RedisServers.Admin admin = SERVERS.admin()) {
      long before = admin.calls("wait");
      List<CompletionStage<Written<List<Object>>>> all = new ArrayList<>();
      SubjectKey subject = Samples.subject(RANDOM);
      byte[] zero = "0".getBytes(StandardCharsets.US_ASCII);
      byte[][] keys = {Keys.session(Samples.handle(subject, RANDOM)), Keys.index(subject)};
      for (int i = 0; i < 500; i++) {
        all.add(writes.run(REVOKE, keys, zero, new byte[] {1}, zero));
      }
      assertThat(all).allSatisfy(each -> assertThat(shortfall(each)).isEmpty());
      assertThat(admin.calls("wait") - before).isLessThan(100);
    }
  }

  @Test
  void isNotSafeWhereTheConnectionWasLostMeanwhile() {
    DurableWrites writes = writes(Durability.Level.REPLICAS, 0);
    SERVERS.nodes().get(2).signal("STOP");
    CompletionStage<Written<List<Object>>> cut = revoke(writes);
    try (RedisServers.Admin admin = SERVERS.admin()) {
      admin.commands().clientKill(io.lettuce.core.KillArgs.Builder.typeNormal().skipme(true));
    }
    assertThat(shortfall(cut)).isPresent();
  }

  @Test
  void insistsUntilItIsSafe() {
    SubjectKey subject = Samples.subject(RANDOM);
    Session session = store.created(Samples.draft(subject, RANDOM));
    byte[] zero = "0".getBytes(StandardCharsets.US_ASCII);
    byte[][] keys = {Keys.session(session.handle()), Keys.index(subject)};
    DurableWrites writes = writes(Durability.Level.REPLICAS, 0);
    SERVERS.nodes().get(1).signal("STOP");
    SERVERS.nodes().get(2).signal("STOP");
    Revocation first =
        OpenStore.await(
            writes.insist(
                () ->
                    writes
                        .<List<Object>>run(REVOKE, keys, zero, Keys.name(session.handle()), zero)
                        .thenApply(
                            written ->
                                written
                                    .shortfall()
                                    .<Revocation>map(left -> new Revocation.NotDurable(1, left))
                                    .orElseGet(() -> new Revocation.Done(1)))));
    assertThat(first).isInstanceOf(Revocation.NotDurable.class);
    try (RedisServers.Admin admin = SERVERS.admin()) {
      long before = admin.calls("evalsha");
      SERVERS.nodes().forEach(node -> node.signal("CONT"));
      RedisServers.await(() -> admin.calls("evalsha") > before);
      RedisServers.await(
          () -> {
            long calls = admin.calls("evalsha");
            pause();
            return admin.calls("evalsha") == calls;
          });
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1_500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void failsAsTheScriptFails() {
    byte[][] keys = {"other".getBytes(StandardCharsets.US_ASCII), new byte[] {1}};
    CompletionStage<Written<List<Object>>> refused =
        writes(Durability.Level.REPLICAS, 0).run(REVOKE, keys, new byte[] {48}, keys[0], keys[1]);
    assertThat(refused.toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
  }
}
