package org.symbolon.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.symbolon.session.Handle;
import org.symbolon.session.SessionStore;

/** Three servers and three Sentinels, all that can befall them, and the proof that it did. */
public final class Ensemble implements AutoCloseable {
  private static final int REPLICAS = 2;
  private static final List<String> AS_MASTER = List.of("replicaof no one");
  private static final String OPERATOR = "operator";
  private final RedisServers servers = RedisServers.sentinel(REPLICAS, REPLICAS + 1);
  private final RedisClient client = RedisClient.create();
  private final List<StatefulRedisSentinelConnection<String, String>> sentinels = new ArrayList<>();

  /** Starts them, and waits until all know each other. */
  public Ensemble() {
    for (RedisServers.Node sentinel : servers.sentinels()) {
      sentinels.add(client.connectSentinel(sentinel.sentinelUri()));
    }
  }

  public RedisServers servers() {
    return servers;
  }

  /** The server of the newest configuration that a Sentinel knows of. */
  public RedisServers.Node master() {
    long newest = -1;
    String port = "";
    for (StatefulRedisSentinelConnection<String, String> sentinel : sentinels) {
      var facts = sentinel.sync().master("mymaster");
      long epoch = Long.parseLong(facts.getOrDefault("config-epoch", "0"));
      if (epoch > newest) {
        newest = epoch;
        port = facts.getOrDefault("port", "");
      }
    }
    for (RedisServers.Node node : servers.nodes()) {
      if (port.equals("" + node.port())) {
        return node;
      }
    }
    throw new AssertionError("no server has the port " + port);
  }

  /** Waits until another server is the master than was before, and takes itself for one. */
  public RedisServers.Node awaitSuccessor(RedisServers.Node before) {
    RedisServers.await(() -> master() != before);
    RedisServers.Node now = master();
    RedisServers.await(() -> isMaster(now, "admin"));
    return now;
  }

  public List<RedisServers.Node> replicas() {
    RedisServers.Node master = master();
    return servers.nodes().stream().filter(node -> node != master).toList();
  }

  /** Waits until every server runs, every replica has all of the one master's writes. */
  public void awaitWhole() {
    RedisServers.await(
        () -> {
          try (RedisServers.Admin admin = master().admin()) {
            admin.commands().set("j{*}".getBytes(StandardCharsets.US_ASCII), new byte[] {1});
            return isMaster(admin)
                && admin.commands().waitForReplication(REPLICAS, 500) == REPLICAS;
          } catch (RedisException e) {
            return false;
          }
        });
    servers.awaitSentinels();
  }

  public void kill(RedisServers.Node node) {
    node.kill();
  }

  public void stop(RedisServers.Node node) {
    node.signal("STOP");
  }

  public void resume(RedisServers.Node node) {
    node.signal("CONT");
  }

  /** Starts a killed server again as the master's replica. */
  public void rejoin(RedisServers.Node node) {
    node.start(List.of("replicaof 127.0.0.1 " + master().port()));
  }

  /** Kills a server and starts it again at once with nothing in it. */
  public void restartEmpty(RedisServers.Node node) {
    node.kill();
    node.empty();
    node.start(AS_MASTER);
  }

  /** Stops a replica, and waits until the master goes on without it. */
  public void leaveBehind(RedisServers.Node replica) {
    stop(replica);
    try (RedisServers.Admin admin = master().admin()) {
      admin.commands().clientKill(KillArgs.Builder.typeSlave());
      RedisServers.await(
          () -> admin.commands().info("replication").contains("connected_slaves:1\r"));
    }
  }

  /** Cuts the master off from its replicas and from the Sentinels, and from nobody else. */
  public void isolate(RedisServers.Node master) {
    try (RedisServers.Admin admin = master.admin()) {
      admin.acl("SETUSER", OPERATOR, "on", ">" + RedisServers.adminPassword(), "~*", "&*", "+@all");
    }
    try (RedisServers.Admin operator = master.admin(OPERATOR)) {
      operator.acl("SETUSER", "admin", "off");
      operator.commands().clientKill(KillArgs.Builder.user("admin"));
    }
  }

  public void reunite(RedisServers.Node master) {
    try (RedisServers.Admin operator = master.admin(OPERATOR)) {
      operator.acl("SETUSER", "admin", "on");
    }
  }

  /** Whether a server that was cut off still takes itself for the master. */
  public boolean isIsolatedMaster(RedisServers.Node node) {
    return isMaster(node, OPERATOR);
  }

  private static boolean isMaster(RedisServers.Node node, String user) {
    try (RedisServers.Admin admin = node.admin(user)) {
      return isMaster(admin);
    } catch (RedisException e) {
      return false;
    }
  }

  private static boolean isMaster(RedisServers.Admin admin) {
    return admin.commands().info("replication").contains("role:master");
  }

  /** Whether a server's process exists and is stopped. */
  public static boolean isStopped(RedisServers.Node node) {
    return state(node).map(state -> state.startsWith("T")).orElse(false);
  }

  /** Whether a server's process is gone. */
  public static boolean isGone(RedisServers.Node node) {
    return state(node).map(state -> state.startsWith("Z")).orElse(true);
  }

  private static Optional<String> state(RedisServers.Node node) {
    try {
      Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(node.pid())).start();
      String state = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Optional.of(state.strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of what a server has on its disk, and goes on to write. */
  public Path copy(RedisServers.Node node) {
    return node.copy();
  }

  /** Kills a server and starts it again at once with what a copy holds. */
  public void restartFrom(RedisServers.Node node, Path copy) {
    node.kill();
    node.empty();
    node.restore(copy);
    node.start(AS_MASTER);
  }

  /** Those sessions that a copy holds for live, by their handles. */
  public List<String> live(Path copy, Collection<String> handles) {
    try (RedisServers other = RedisServers.standalone()) {
      RedisServers.Node node = other.nodes().getFirst();
      restartFrom(node, copy);
      return live(node, handles);
    }
  }

  /** Those sessions that a server holds for live, by their handles. */
  public List<String> live(RedisServers.Node node, Collection<String> handles) {
    List<String> asked = List.copyOf(handles);
    List<KeyValue<byte[], byte[]>> records = records(node, asked);
    return IntStream.range(0, asked.size())
        .filter(i -> isLive(asked.get(i), records.get(i)))
        .mapToObj(asked::get)
        .toList();
  }

  private static boolean isLive(String text, KeyValue<byte[], byte[]> record) {
    Handle handle = Handle.parse(text).orElseThrow();
    return record.hasValue()
        && SessionRecord.decode(handle, record.getValue(), Instant.now())
            instanceof SessionStore.Found;
  }

  /** All at once, and again where it is cut off: a server that is promoted parts with everybody. */
  private static List<KeyValue<byte[], byte[]>> records(
      RedisServers.Node node, List<String> handles) {
    byte[][] keys =
        handles.stream()
            .map(text -> Keys.session(Handle.parse(text).orElseThrow()))
            .toArray(byte[][]::new);
    List<KeyValue<byte[], byte[]>> records = new ArrayList<>();
    RedisServers.await(
        () -> {
          try (RedisServers.Admin admin = node.admin()) {
            records.addAll(admin.commands().mget(keys));
            return true;
          } catch (RedisException e) {
            return false;
          }
        });
    return records;
  }

  @Override
  public void close() {
    client.shutdown();
    servers.close();
  }
}
