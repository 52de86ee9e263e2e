package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Event loops that read over connections of their own. */
class LoopConnectionsTest {
  private static final byte[] KEY = "s{*}loops".getBytes(StandardCharsets.US_ASCII);
  private static final int LOOPS = 2;
  private final RedisServers servers = RedisServers.standalone();
  private final RedisLink link = RedisLink.connect(servers.settings());
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
  private AutoCloseable connections = () -> {};

  @BeforeEach
  void open() {
    connections = link.readOn(group);
  }

  @AfterEach
  void close() throws Exception {
    connections.close();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    link.close();
    servers.close();
  }

  /** The thread that asks, and the one that its reply comes on. */
  private record Ways(Thread asked, Thread replied) {}

  private CompletableFuture<Ways> ask() {
    CompletableFuture<Ways> ways = new CompletableFuture<>();
    group
        .next()
        .execute(
            () -> {
              Thread asked = Thread.currentThread();
              try {
                link.reads()
                    .get(KEY)
                    .thenAccept(_ -> ways.complete(new Ways(asked, Thread.currentThread())))
                    .whenComplete((_, failure) -> fail(ways, failure));
              } catch (RedisException e) {
                ways.completeExceptionally(e);
              }
            });
    return ways.orTimeout(10, TimeUnit.SECONDS);
  }

  private static void fail(CompletableFuture<?> future, @Nullable Throwable failure) {
    if (failure != null) {
      future.completeExceptionally(failure);
    }
  }

  private List<Ways> askOnEach() {
    return Stream.generate(this::ask).limit(LOOPS).map(CompletableFuture::join).toList();
  }

  @Test
  void whatALoopAsksComesBackToIt() {
    assertThat(askOnEach())
        .allSatisfy(ways -> assertThat(ways.replied()).isSameAs(ways.asked()))
        .doesNotHaveDuplicates();
  }

  private long count() {
    try (RedisServers.Admin admin = servers.admin()) {
      return admin.commands().clientList().lines().filter(l -> l.contains(AclFile.USER)).count();
    }
  }

  @Test
  void whoeverHasNoneAnyMoreSharesOne() throws Exception {
    long before = count();
    connections.close();
    connections = () -> {};
    RedisServers.await(() -> count() == before - LOOPS);
    assertThat(askOnEach()).hasSize(LOOPS);
  }

  @Test
  void aBrokenOneMendsItself() {
    askOnEach();
    try (RedisServers.Admin admin = servers.admin()) {
      admin.commands().clientKill(KillArgs.Builder.user(AclFile.USER));
    }
    RedisServers.await(
        () -> {
          try {
            return askOnEach().stream().allMatch(ways -> ways.replied() == ways.asked());
          } catch (CompletionException e) {
            return false;
          }
        });
  }

  @Test
  void anOutageIsAFailure() {
    servers.kill();
    assertThatThrownBy(() -> ask().join()).isInstanceOf(CompletionException.class);
  }
}
