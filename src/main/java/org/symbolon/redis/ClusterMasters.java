package org.symbolon.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The masters of a Cluster. */
final class ClusterMasters implements Masters {
  private static final long CLOSE_MILLIS = 2_000;
  private final RedisClusterClient client;
  private final Duration timeout;
  private final StatefulRedisClusterConnection<byte[], byte[]> shared;
  private final StatefulRedisClusterConnection<byte[], byte[]> waiting;

  private ClusterMasters(RedisClusterClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
    this.shared = client.connect(ByteArrayCodec.INSTANCE);
    this.waiting = client.connect(ByteArrayCodec.INSTANCE);
  }

  static ClusterMasters connect(RedisSettings settings, ClientResources resources) {
    RedisClusterClient client = RedisClusterClient.create(resources, LettuceSetup.uris(settings));
    client.setOptions(LettuceSetup.clusterOptions(settings));
    try {
      ClusterMasters masters = new ClusterMasters(client, settings.timeout());
      CompletableFuture.allOf(warm(masters.shared), warm(masters.waiting)).join();
      return masters;
    } catch (RuntimeException e) {
      client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
      throw e;
    }
  }

  @Override
  public RedisClusterAsyncCommands<byte[], byte[]> shared() {
    return shared.async();
  }

  @Override
  public <T> CompletionStage<T> call(byte[] key, Call<T> call) {
    // Half, so that it is told of a slot that moves before its time is over.
    return attempt(SlotHash.getSlot(key), call, System.nanoTime() + timeout.toNanos() / 2);
  }

  private <T> CompletionStage<T> attempt(int slot, Call<T> call, long deadline) {
    @Nullable RedisClusterNode node = waiting.getPartitions().getPartitionBySlot(slot);
    return node == null
        ? CompletableFuture.failedStage(new RedisException("no master has the slot " + slot))
        : waiting
            .getConnectionAsync(node.getNodeId())
            .thenCompose(connection -> call.on(connection.async(), false))
            .exceptionallyCompose(
                failure -> redirected(StoreCalls.unwrap(failure), slot, call, deadline));
  }

  /** What the client library does by itself for calls that any of its connections may make. */
  private <T> CompletionStage<T> redirected(
      Throwable failure, int slot, Call<T> call, long deadline) {
    String told = String.valueOf(failure.getMessage());
    if (!(failure instanceof RedisCommandExecutionException) || System.nanoTime() > deadline) {
      return CompletableFuture.failedStage(failure);
    }
    if (told.startsWith(Script.MOVED)) {
      return client
          .refreshPartitionsAsync()
          .thenCompose(_ -> this.<T>attempt(slot, call, deadline));
    }
    if (told.startsWith(Script.ASK)) {
      String address = told.substring(told.lastIndexOf(' ') + 1);
      int colon = address.lastIndexOf(':');
      return waiting
          .getConnectionAsync(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))
          .thenCompose(connection -> call.on(connection.async(), true))
          .exceptionallyCompose(
              again -> redirected(StoreCalls.unwrap(again), slot, call, deadline));
    }
    return Script.isToBeTriedAgain(failure)
        ? CompletableFuture.supplyAsync(() -> slot, Script.SOON)
            .thenCompose(_ -> this.<T>attempt(slot, call, deadline))
        : CompletableFuture.failedStage(failure);
  }

  @Override
  public CompletionStage<List<Reading>> read(List<byte[]> keys) {
    Map<RedisURI, List<Get>> byMaster = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      @Nullable RedisClusterNode node =
          shared.getPartitions().getPartitionBySlot(SlotHash.getSlot(keys.get(i)));
      if (node == null) {
        return CompletableFuture.failedStage(new RedisException("a slot has no master"));
      }
      byMaster.computeIfAbsent(node.getUri(), _ -> new ArrayList<>()).add(new Get(i, keys.get(i)));
    }
    Map<Integer, Reading> readings = new ConcurrentSkipListMap<>();
    return CompletableFuture.allOf(
            byMaster.entrySet().stream()
                .map(entry -> read(entry.getKey(), entry.getValue(), readings))
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> List.copyOf(readings.values()));
  }

  /** The reading of one key, and its place among all that are read. */
  private static final class Get {
    final int place;
    final byte[] key;
    final AsyncCommand<byte[], byte[], byte[]> command;

    Get(int place, byte[] key) {
      this.place = place;
      this.key = key;
      this.command =
          new AsyncCommand<>(
              new Command<>(
                  CommandType.GET,
                  new ValueOutput<>(ByteArrayCodec.INSTANCE),
                  new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key)));
    }
  }

  /** Sends all in one write. */
  private CompletableFuture<Void> read(
      RedisURI master, List<Get> gets, Map<Integer, Reading> readings) {
    return shared
        .getConnectionAsync(master.getHost(), master.getPort())
        .thenCompose(
            connection -> {
              var _ = connection.dispatch(gets.stream().map(get -> get.command).toList());
              return CompletableFuture.allOf(
                  gets.stream()
                      .map(get -> reading(get, master).thenAccept(r -> readings.put(get.place, r)))
                      .map(CompletionStage::toCompletableFuture)
                      .toArray(CompletableFuture<?>[]::new));
            });
  }

  private CompletionStage<Reading> reading(Get get, RedisURI master) {
    return get.command
        .thenApply(value -> new Reading(Masters.number(value), (Object) master))
        .exceptionallyCompose(failure -> moved(get.key, StoreCalls.unwrap(failure)));
  }

  /** Whoever has a slot that moves counts as a server of its own each time. */
  private CompletionStage<Reading> moved(byte[] key, Throwable failure) {
    String told = String.valueOf(failure.getMessage());
    return told.startsWith(Script.MOVED) || told.startsWith(Script.ASK)
        ? shared
            .async()
            .get(key)
            .thenApply(value -> new Reading(Masters.number(value), new Object()))
        : CompletableFuture.failedStage(failure);
  }

  @Override
  public CompletionStage<? extends StatefulRedisPubSubConnection<byte[], byte[]>> subscriber() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE);
  }

  /**
   * A position is a master's ID and a cursor. Where it is no master any more, the walk begins
   * again: what its slots hold is somewhere else.
   */
  @Override
  public CompletionStage<Scanned> scan(String position, byte[] pattern, int count) {
    List<String> masters =
        shared.getPartitions().stream()
            .filter(
                node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.getSlots().isEmpty())
            .map(RedisClusterNode::getNodeId)
            .sorted()
            .toList();
    if (masters.isEmpty()) {
      return CompletableFuture.failedStage(new RedisException("no master is known"));
    }
    int at = position.indexOf('@');
    int known = at < 0 ? -1 : masters.indexOf(position.substring(at + 1));
    int node = Math.max(0, known);
    ScanCursor cursor = ScanCursor.of(known < 0 ? "0" : position.substring(0, at));
    return shared
        .getConnectionAsync(masters.get(node))
        .thenCompose(
            master ->
                master
                    .async()
                    .scan(cursor, ScanArgs.Builder.matches(pattern).limit(count))
                    .thenApply(keys -> scanned(keys, masters, node)));
  }

  private static Scanned scanned(KeyScanCursor<byte[]> keys, List<String> masters, int node) {
    if (!keys.isFinished()) {
      return new Scanned(keys.getKeys(), keys.getCursor() + "@" + masters.get(node));
    }
    boolean isLast = node == masters.size() - 1;
    return new Scanned(keys.getKeys(), isLast ? "" : "0@" + masters.get(node + 1));
  }

  /** A master that its Cluster has lost stops by itself before another takes its place. */
  @Override
  public long unsettled() {
    return 0;
  }

  @Override
  public void upkeep() {
    CompletableFuture<Void> _ = warm(shared);
    CompletableFuture<Void> _ = warm(waiting);
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

  @Override
  public void close() {
    shared.close();
    waiting.close();
    client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
