package org.symbolon.redis;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** A Cluster of three masters with a replica each, whose slots move and whose masters die. */
public final class Shards implements AutoCloseable {
  private static final int BATCH = 16;
  private static final int KEYS = 10;
  private final RedisServers servers = RedisServers.cluster(1);
  private final List<String> first = List.copyOf(seen().keySet());

  /** Who has each share of the slots, by identity. */
  private final List<String> masters = new ArrayList<>(first);

  /** One master: where it is, and what it has. */
  private record Shard(RedisServers.Node server, RedisServers.Admin admin, RedisClusterNode seen) {
    private String id() {
      return seen.getNodeId();
    }

    private void forEach(
        List<Integer> slots,
        BiFunction<RedisAsyncCommands<byte[], byte[]>, Integer, RedisFuture<?>> command) {
      List<RedisFuture<?>> replies = new ArrayList<>();
      slots.forEach(slot -> replies.add(command.apply(admin.connection().async(), slot)));
      if (!LettuceFutures.awaitAll(10, TimeUnit.SECONDS, replies.toArray(RedisFuture[]::new))) {
        throw new AssertionError("the server does not answer");
      }
    }
  }

  public RedisServers servers() {
    return servers;
  }

  /** Every master by its identity, as the first server that runs sees them. */
  private Map<String, RedisClusterNode> seen() {
    for (RedisServers.Node server : servers.nodes()) {
      try (RedisServers.Admin admin = server.admin()) {
        return seenBy(admin);
      } catch (RedisException e) {
        // That one is down.
      }
    }
    throw new AssertionError("no server runs");
  }

  private static Map<String, RedisClusterNode> seenBy(RedisServers.Admin admin) {
    Map<String, RedisClusterNode> masters = new LinkedHashMap<>();
    for (RedisClusterNode node : ClusterPartitionParser.parse(admin.commands().clusterNodes())) {
      if (!node.getSlots().isEmpty()) {
        masters.put(node.getNodeId(), node);
      }
    }
    return masters;
  }

  private static RedisClusterNode named(Map<String, RedisClusterNode> nodes, String id) {
    return Objects.requireNonNull(nodes.get(id), id);
  }

  private RedisServers.Node server(RedisClusterNode node) {
    return servers.nodes().stream()
        .filter(server -> server.port() == node.getUri().getPort())
        .findFirst()
        .orElseThrow();
  }

  private List<Shard> shards() {
    return seen().values().stream()
        .map(node -> new Shard(server(node), server(node).admin(), node))
        .toList();
  }

  /**
   * Steps that move every slot to the next master, each a share of every master's, so that none is
   * ever without slots.
   */
  public List<Runnable> moves(int steps) {
    Map<String, RedisClusterNode> before = seen();
    return IntStream.range(0, steps)
        .<Runnable>mapToObj(
            step ->
                () -> {
                  for (int i = 0; i < masters.size(); i++) {
                    List<Integer> slots = named(before, first.get(i)).getSlots();
                    int size = slots.size();
                    move(slots.subList(size * step / steps, size * (step + 1) / steps), i);
                  }
                })
        .toList();
  }

  private void move(List<Integer> slots, int number) {
    String target = masters.get((number + 1) % masters.size());
    List<Shard> shards = shards();
    try {
      Shard from = named(shards, masters.get(number));
      Shard to = named(shards, target);
      for (int i = 0; i < slots.size(); i += BATCH) {
        move(slots.subList(i, Math.min(i + BATCH, slots.size())), from, to, shards);
      }
    } finally {
      shards.forEach(shard -> shard.admin().close());
    }
    // Who is asked may be a replica, which is only told by the others.
    RedisServers.await(() -> named(seen(), target).getSlots().containsAll(slots));
  }

  private static Shard named(List<Shard> shards, String id) {
    return shards.stream().filter(shard -> shard.id().equals(id)).findFirst().orElseThrow();
  }

  private static void move(List<Integer> slots, Shard from, Shard to, List<Shard> all) {
    to.forEach(slots, (commands, slot) -> commands.clusterSetSlotImporting(slot, from.id()));
    from.forEach(slots, (commands, slot) -> commands.clusterSetSlotMigrating(slot, to.id()));
    for (int slot : slots) {
      for (List<byte[]> keys = keys(from, slot); !keys.isEmpty(); keys = keys(from, slot)) {
        from.admin()
            .commands()
            .migrate(
                "127.0.0.1",
                to.server().port(),
                0,
                5000,
                new MigrateArgs<byte[]>().keys(keys).auth2("admin", RedisServers.adminPassword()));
      }
    }
    to.forEach(slots, (commands, slot) -> commands.clusterSetSlotNode(slot, to.id()));
    all.stream()
        .filter(shard -> !shard.id().equals(to.id()))
        .forEach(
            shard ->
                shard.forEach(
                    slots, (commands, slot) -> commands.clusterSetSlotNode(slot, to.id())));
  }

  private static List<byte[]> keys(Shard from, int slot) {
    return from.admin().commands().clusterGetKeysInSlot(slot, KEYS);
  }

  /**
   * Kills a master, and waits until its replica has all its slots.
   *
   * @return starts it again as a replica, and waits until all is whole
   */
  public Runnable failover(int number) {
    RedisClusterNode dying = named(seen(), masters.get(number));
    RedisServers.Node server = server(dying);
    server.kill();
    if (!Ensemble.isGone(server)) {
      throw new AssertionError("the master is not gone");
    }
    RedisServers.await(
        () ->
            seen().values().stream()
                .filter(node -> !node.getNodeId().equals(dying.getNodeId()))
                .filter(node -> node.getSlots().containsAll(dying.getSlots()))
                .peek(node -> masters.set(number, node.getNodeId()))
                .findFirst()
                .isPresent());
    return () -> {
      server.start();
      awaitWhole();
    };
  }

  /** Waits until every master has a replica that has all its writes, and all agree on the slots. */
  public void awaitWhole() {
    RedisServers.await(
        () -> {
          Set<Map<Integer, String>> views = new HashSet<>();
          for (RedisServers.Node server : servers.nodes()) {
            try (RedisServers.Admin admin = server.admin()) {
              if (!admin.commands().clusterInfo().contains("cluster_state:ok")) {
                return false;
              }
              Map<Integer, String> view = new LinkedHashMap<>();
              seenBy(admin)
                  .values()
                  .forEach(
                      node -> node.getSlots().forEach(slot -> view.put(slot, node.getNodeId())));
              views.add(view);
              String info = admin.commands().info("replication");
              boolean isFollowed =
                  info.contains("role:master")
                      && admin.info("replication", "connected_slaves") == 1
                      && admin.commands().waitForReplication(1, 500) == 1;
              if (!isFollowed && !info.contains("master_link_status:up")) {
                return false;
              }
            } catch (RedisException e) {
              return false;
            }
          }
          return views.size() == 1 && views.iterator().next().size() == RedisServers.SLOTS;
        });
  }

  @Override
  public void close() {
    servers.close();
  }
}
