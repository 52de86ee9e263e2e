package org.symbolon.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to the store that all its users share; commands are pipelined over it. It
 * mends itself; while it is broken every command fails at once.
 */
public final class RedisLink implements AutoCloseable {
  private static final long CLOSE_MILLIS = 2_000;
  private static final long UPKEEP_MILLIS = 1_000;
  private final RedisSettings settings;
  private final Timer timer;
  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final StatefulConnection<byte[], byte[]> connection;
  private final RedisClusterAsyncCommands<byte[], byte[]> commands;
  private final Future<?> upkeep;

  private RedisLink(
      RedisSettings settings,
      Timer timer,
      ClientResources resources,
      AbstractRedisClient client,
      StatefulConnection<byte[], byte[]> connection,
      RedisClusterAsyncCommands<byte[], byte[]> commands,
      Runnable upkeep) {
    this.settings = settings;
    this.timer = timer;
    this.resources = resources;
    this.client = client;
    this.connection = connection;
    this.commands = commands;
    this.upkeep =
        resources
            .eventExecutorGroup()
            .scheduleAtFixedRate(upkeep, UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Connects, blocking for some seconds at most. {@link StoreCheck#open} also looks at what it
   * connects to.
   *
   * @throws io.lettuce.core.RedisException where no node can be reached or none lets us in
   */
  static RedisLink connect(RedisSettings settings) {
    Timer timer = LettuceSetup.timer();
    ClientResources resources = LettuceSetup.resources(timer);
    AbstractRedisClient client = null;
    try {
      return switch (settings.mode()) {
        case STANDALONE -> {
          var uri = LettuceSetup.uris(settings).getFirst();
          RedisClient standalone = RedisClient.create(resources, uri);
          client = standalone;
          standalone.setOptions(LettuceSetup.options(settings));
          var connection = standalone.connect(ByteArrayCodec.INSTANCE);
          yield new RedisLink(
              settings, timer, resources, standalone, connection, connection.async(), () -> {});
        }
        case CLUSTER -> {
          var uris = LettuceSetup.uris(settings);
          RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
          client = cluster;
          cluster.setOptions(LettuceSetup.clusterOptions(settings));
          var connection = cluster.connect(ByteArrayCodec.INSTANCE);
          warm(connection).join();
          yield new RedisLink(
              settings,
              timer,
              resources,
              cluster,
              connection,
              connection.async(),
              () -> startWarming(connection));
        }
      };
    } catch (RuntimeException e) {
      close(client, resources, timer);
      throw e;
    }
  }

  /**
   * Connects to the masters that are not connected to yet. A command would also bring that about,
   * but be refused itself, since nothing waits for a connection.
   */
  private static CompletableFuture<Void> warm(
      StatefulRedisClusterConnection<byte[], byte[]> connection) {
    return CompletableFuture.allOf(
        connection.getPartitions().stream()
            .filter(
                node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.getSlots().isEmpty())
            .map(RedisClusterNode::getUri)
            .map(uri -> connection.getConnectionAsync(uri.getHost(), uri.getPort()))
            .map(connecting -> connecting.exceptionally(_ -> null))
            .toArray(CompletableFuture<?>[]::new));
  }

  private static void startWarming(StatefulRedisClusterConnection<byte[], byte[]> connection) {
    CompletableFuture<Void> _ = warm(connection);
  }

  RedisClusterAsyncCommands<byte[], byte[]> commands() {
    return commands;
  }

  Duration timeout() {
    return settings.timeout();
  }

  /** For work that repeats; ends with the link. */
  ScheduledExecutorService scheduler() {
    return resources.eventExecutorGroup();
  }

  /** Ends the connection; commands under way fail. */
  @Override
  public void close() {
    upkeep.cancel(false);
    connection.close();
    close(client, resources, timer);
  }

  private static void close(
      @Nullable AbstractRedisClient client, ClientResources resources, Timer timer) {
    if (client != null) {
      client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
    resources.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    timer.stop();
  }
}
