package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.SetArgs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalHashes;

/**
 * What a session costs in Redis, all in: record, TTL, subject index, its TTL, the tables they hang
 * in, measured as the difference of {@code used_memory} over 10^5 sessions of as many subjects.
 *
 * <p>The budget is for Redis as it is packaged, which is with jemalloc. The embedded server is
 * built with the C library's allocator and counts 8 bytes more for each of a session's 11
 * allocations.
 */
class SessionMemoryTest {
  private static final int SESSIONS = 100_000;
  private static final int BUDGET = 400;
  private static final int UNPACKAGED = 11 * 8;
  private static final int UNDER_WAY = 100;

  /** From one of the allocator's sizes to the next, but for what else moves in a server. */
  private static final int NEXT_SIZE = 32;

  private static final String SIGNALS = "all signals, where they are on";
  private static final SignalHashes EVERY_SIGNAL =
      new SignalHashes(1, 2, 3, 4, 5).with(Signal.GATEWAY, 6);

  @Test
  void aSessionCostsAtMostItsBudget() {
    Random random = new Random();
    try (RedisServers servers = RedisServers.packaged("appendonly no");
        OpenStore store = new OpenStore(servers);
        RedisServers.Admin admin = servers.admin()) {
      Deque<CompletionStage<SessionStore.Creation>> underWay = new ArrayDeque<>();
      double cost =
          perSession(
              admin,
              _ -> {
                SessionStore.Draft draft = Samples.draft(Samples.subject(random), random);
                underWay.add(store.store.create(draft, OpenStore.TEN));
                if (underWay.size() >= UNDER_WAY) {
                  assertThat(OpenStore.await(underWay.remove()))
                      .isInstanceOf(SessionStore.Created.class);
                }
              });
      assertThat(admin.commands().dbsize()).isEqualTo(2L * SESSIONS);
      int length = SessionRecord.encode(Samples.draft(Samples.subject(random), random)).length;
      boolean isJemalloc = admin.commands().info("memory").contains("mem_allocator:jemalloc");
      System.out.printf(
          "a session: %.1f bytes (record of %d bytes; jemalloc: %s)%n", cost, length, isJemalloc);
      Map<String, Double> parts = parts(admin, length);
      parts.forEach((part, bytes) -> System.out.printf("  %s: %.1f%n", part, bytes));
      int budget = isJemalloc ? BUDGET : BUDGET + UNPACKAGED;
      assertThat(cost).isLessThanOrEqualTo(budget);
      assertThat(parts.getOrDefault(SIGNALS, Double.NaN)).isLessThan(NEXT_SIZE + 1);
    }
  }

  /** The cost of each part alone, as the difference that leaving it out makes. */
  private static Map<String, Double> parts(RedisServers.Admin admin, int length) {
    Random random = new Random();
    byte[] record = new byte[length];
    byte[] taught = new byte[length + SessionRecord.signals(EVERY_SIGNAL).length];
    double bare = perSession(admin, _ -> set(admin, key('s', random), record));
    double withTtl = perSession(admin, _ -> setex(admin, key('s', random), record));
    double shorter = perSession(admin, _ -> set(admin, key('s', random), new byte[108]));
    double longer = perSession(admin, _ -> set(admin, key('s', random), new byte[125]));
    double withSignals = perSession(admin, _ -> set(admin, key('s', random), taught));
    double index = perSession(admin, _ -> zadd(admin, key('u', random), 1_800_000_000));
    double inMillis = perSession(admin, _ -> zadd(admin, key('u', random), 1_800_000_000_000.0));
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("record and its key", bare);
    parts.put("the record's TTL", withTtl - bare);
    parts.put("index, its key and one member", index);
    parts.put(SIGNALS, withSignals - bare);
    parts.put("if the record were of 108 bytes", shorter - bare);
    parts.put("if the record were of 125 bytes", longer - bare);
    parts.put("if the index's scores were ms", inMillis - index);
    return parts;
  }

  private static double perSession(RedisServers.Admin admin, IntConsumer create) {
    admin.commands().flushall();
    long before = admin.info("memory", "used_memory");
    for (int i = 0; i < SESSIONS; i++) {
      create.accept(i);
    }
    RedisServers.await(() -> admin.commands().dbsize() >= SESSIONS);
    return (admin.info("memory", "used_memory") - before) / (double) SESSIONS;
  }

  private static byte[] key(char kind, Random random) {
    return kind == 's'
        ? Keys.session(Samples.handle(Samples.subject(random), random))
        : Keys.index(Samples.subject(random));
  }

  private static void set(RedisServers.Admin admin, byte[] key, byte[] value) {
    admin.pipelined(commands -> commands.set(key, value));
  }

  private static void setex(RedisServers.Admin admin, byte[] key, byte[] value) {
    admin.pipelined(commands -> commands.set(key, value, SetArgs.Builder.ex(86_400)));
  }

  private static void zadd(RedisServers.Admin admin, byte[] key, double score) {
    admin.pipelined(commands -> commands.zadd(key, score, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
  }
}
