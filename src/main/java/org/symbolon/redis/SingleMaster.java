package org.symbolon.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server, or the one that the Sentinels name. */
final class SingleMaster implements Masters {
  private static final long CLOSE_MILLIS = 2_000;
  private final RedisClient client;
  private final @Nullable Sentinels sentinels;
  private final Channels channels;
  private final StatefulRedisConnection<byte[], byte[]> shared;
  private final StatefulRedisConnection<byte[], byte[]> waiting;
  private final RedisURI uri;
  private final LoopConnections loops;

  private SingleMaster(
      RedisClient client, @Nullable Sentinels sentinels, Channels channels, RedisURI uri) {
    this.client = client;
    this.sentinels = sentinels;
    this.channels = channels;
    this.uri = uri;
    this.shared = client.connect(ByteArrayCodec.INSTANCE, uri);
    this.waiting = client.connect(ByteArrayCodec.INSTANCE, uri);
    this.loops = new LoopConnections(client, uri);
  }

  static SingleMaster standalone(
      RedisSettings settings, ClientResources resources, Channels channels) {
    RedisURI uri = LettuceSetup.uris(settings).getFirst();
    RedisClient client = client(settings, resources);
    try {
      return new SingleMaster(client, null, channels, uri);
    } catch (RuntimeException e) {
      close(client);
      throw e;
    }
  }

  static SingleMaster sentinel(
      RedisSettings settings,
      ClientResources resources,
      Channels channels,
      MasterResolver resolver) {
    RedisSettings.Sentinel asked = settings.sentinel().orElseThrow();
    RedisClient client = client(settings, resources);
    Sentinels sentinels =
        new Sentinels(
            LettuceSetup.sentinels(settings, asked),
            asked.master(),
            client,
            resources.eventExecutorGroup(),
            channels::close);
    try {
      sentinels.start();
      resolver.follow(sentinels);
      RedisURI uri = LettuceSetup.uri(settings, MasterResolver.HOST, 1);
      return new SingleMaster(client, sentinels, channels, uri);
    } catch (RuntimeException e) {
      sentinels.close();
      close(client);
      throw e;
    }
  }

  private static RedisClient client(RedisSettings settings, ClientResources resources) {
    RedisClient client = new LeanClient(resources);
    client.setOptions(LettuceSetup.options(settings));
    return client;
  }

  @Override
  public RedisClusterAsyncCommands<byte[], byte[]> shared() {
    requireConfirmed();
    return shared.async();
  }

  @Override
  public RedisClusterAsyncCommands<byte[], byte[]> reads() {
    requireConfirmed();
    StatefulRedisConnection<byte[], byte[]> own = loops.current();
    return own == null ? shared.async() : own.async();
  }

  @Override
  public AutoCloseable readOn(EventLoopGroup group) {
    return loops.open(group);
  }

  private void requireConfirmed() {
    long unconfirmed = sentinels == null ? 0 : sentinels.unconfirmed();
    if (unconfirmed > 0) {
      throw new RedisException(
          "no majority of the Sentinels has confirmed the master for %d ms"
              .formatted(unconfirmed / 1_000_000));
    }
  }

  @Override
  public long unsettled() {
    return sentinels == null ? 0 : sentinels.unsettled();
  }

  @Override
  public <T> CompletionStage<T> call(byte[] key, Call<T> call) {
    requireConfirmed();
    return call.on(waiting.async(), false);
  }

  @Override
  public CompletionStage<List<Reading>> read(List<byte[]> keys) {
    requireConfirmed();
    RedisAsyncCommands<byte[], byte[]> commands = shared.async();
    CompletionStage<List<Object>> role = commands.role();
    return role.thenCombine(
        commands.mget(keys.toArray(byte[][]::new)),
        (told, values) -> {
          if (isReplica(told)) {
            throw new RedisException("the master has become a replica");
          }
          return values.stream()
              .map(value -> new Reading(value.map(Masters::number).getValueOrElse(0L), this))
              .toList();
        });
  }

  @Override
  public CompletionStage<? extends StatefulRedisPubSubConnection<byte[], byte[]>> subscriber() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /**
   * A position is a cursor and the server's run ID: another server's cursor would pass over keys,
   * so there the walk begins again.
   */
  @Override
  public CompletionStage<Scanned> scan(String position, byte[] pattern, int count) {
    requireConfirmed();
    RedisAsyncCommands<byte[], byte[]> commands = shared.async();
    return commands
        .info("server")
        .thenCompose(
            info -> {
              String run = runId(info);
              int at = position.indexOf('@');
              boolean isOfThisServer = at > 0 && position.substring(at + 1).equals(run);
              ScanCursor cursor = ScanCursor.of(isOfThisServer ? position.substring(0, at) : "0");
              return commands
                  .scan(cursor, ScanArgs.Builder.matches(pattern).limit(count))
                  .thenApply(
                      keys ->
                          new Scanned(
                              keys.getKeys(),
                              keys.isFinished() ? "" : keys.getCursor() + "@" + run));
            });
  }

  private static String runId(String info) {
    return info.lines()
        .filter(line -> line.startsWith("run_id:"))
        .map(line -> line.substring("run_id:".length()).strip())
        .findFirst()
        .orElse("");
  }

  /**
   * Leaves a server that has become a replica: it goes on to answer, with what is older and older,
   * and a name or a virtual address may lead elsewhere by now. Each connection is asked, for one
   * may have been made a moment before the master was replaced.
   */
  @Override
  public void upkeep() {
    leaveReplica(shared);
    loops.all().forEach(this::leaveReplica);
  }

  private void leaveReplica(StatefulRedisConnection<byte[], byte[]> connection) {
    connection
        .async()
        .role()
        .thenAccept(
            role -> {
              if (isReplica(role)) {
                channels.closeAllBut(sentinels == null ? List.of() : sentinels.addresses());
              }
            })
        .exceptionally(_ -> null);
  }

  private static boolean isReplica(List<Object> role) {
    return role.getFirst() instanceof byte[] name
        && new String(name, StandardCharsets.US_ASCII).equals("slave");
  }

  @Override
  public void close() {
    shared.close();
    waiting.close();
    if (sentinels != null) {
      sentinels.close();
    }
    close(client);
  }

  private static void close(RedisClient client) {
    client.shutdown(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
