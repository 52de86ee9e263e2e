package org.symbolon.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.symbolon.TestNode;
import org.symbolon.redis.RedisServers;

/**
 * Three nodes over servers that faults befall, the load on them, and what is to be said of it in
 * the end. {@code -Dfaults.clients=4} ask each node, and pause for {@code -Dfaults.pause=2} ms.
 */
final class FaultRun implements AutoCloseable {
  private static final int NODES = 3;
  private static final long BOUND = Duration.ofSeconds(1).toNanos();

  /** How long after a failover nodes may tell of an outage. */
  static final Duration RECOVERY = Duration.ofMillis(Long.getLong("faults.recovery", 10_000));

  private final Path file;
  private final History history;
  private final List<Relay> ways = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Load load;

  /**
   * Starts all of it.
   *
   * @param folder of the nodes
   * @param name of the file in {@code target/faults} for the history
   */
  FaultRun(RedisServers servers, Path folder, Build build, String name) throws IOException {
    file = Path.of("target", "faults", name + ".tsv");
    history = new History(file);
    try {
      start(servers, folder, build);
    } catch (IOException | RuntimeException | AssertionError e) {
      end();
      throw e;
    }
    load =
        new Load(
            history,
            nodes,
            Integer.getInteger("faults.clients", 4),
            Duration.ofMillis(Integer.getInteger("faults.pause", 2)).toNanos());
  }

  /** The last node hears of the Sentinels, where there are any, by ways that can be cut. */
  private void start(RedisServers servers, Path folder, Build build) throws IOException {
    Map<String, String> common = new HashMap<>(TestNode.flags(servers, folder));
    common.putAll(build.settings());
    if (common.getOrDefault("redis.mode", "").equals("sentinel")) {
      for (String sentinel : common.getOrDefault("redis.nodes", "").split(",", -1)) {
        ways.add(new Relay(Integer.parseInt(sentinel.substring(sentinel.indexOf(':') + 1))));
      }
    }
    for (int i = 0; i < NODES; i++) {
      Path own = Files.createDirectories(folder.resolve("node-" + i));
      Map<String, String> flags = new HashMap<>(common);
      flags.computeIfPresent("journal.directory", (_, name) -> own.resolve(name).toString());
      if (i == NODES - 1 && !ways.isEmpty()) {
        flags.put(
            "redis.nodes",
            ways.stream().map(way -> "127.0.0.1:" + way.port()).collect(Collectors.joining(",")));
      }
      nodes.add(new NodeProcess(own, build, flags, freePorts()));
    }
    for (NodeProcess node : nodes) {
      node.start();
      node.awaitReady();
    }
  }

  static List<Integer> freePorts() throws IOException {
    ServerSocket[] doors = new ServerSocket[3];
    for (int i = 0; i < doors.length; i++) {
      doors[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
    List<Integer> ports = Arrays.stream(doors).map(ServerSocket::getLocalPort).toList();
    for (ServerSocket door : doors) {
      door.close();
    }
    return ports;
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  /** Of the last node to the Sentinels. */
  List<Relay> ways() {
    return ways;
  }

  Load load() {
    return load;
  }

  History history() {
    return history;
  }

  /** Ends all of it, and judges what was written down. */
  Checker.Verdict verdict() throws IOException {
    close();
    List<Event> events = History.read(file);
    events.stream()
        .filter(event -> event.kind() == Event.Kind.OUTAGE)
        .forEach(outage -> System.out.println(Timing.of(events, outage, RECOVERY.toNanos())));
    Checker.Verdict verdict = Checker.judge(events, BOUND);
    System.out.printf(
        "%d validates, %d of them of sessions revoked for longer than the bound; %d revocations"
            + " acknowledged; %d validates answered 503; outside the outages %d requests, %d of"
            + " them failed; violations %s%n",
        verdict.validates(),
        verdict.proofs(),
        verdict.acknowledged(),
        verdict.refusals(),
        verdict.calm(),
        verdict.failed(),
        verdict.counts());
    return verdict;
  }

  @Override
  public void close() throws IOException {
    load.close();
    end();
  }

  private void end() throws IOException {
    nodes.forEach(NodeProcess::close);
    ways.forEach(Relay::close);
    history.close();
  }
}
