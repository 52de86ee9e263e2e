package org.symbolon.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.symbolon.redis.Ensemble;
import org.symbolon.redis.RedisServers;

/** Lets faults happen under load, one a round, and proves each time that it really did. */
final class Rounds {
  private static final int LIVE = 100;
  private static final int DOOMED = 600;
  private static final Duration CALM = Duration.ofMillis(1500);
  private final Ensemble servers;
  private final List<NodeProcess> nodes;
  private final List<Relay> ways;
  private final Load load;
  private final History history;
  private final long epoch = System.nanoTime();
  private String told = "";

  /** What happens. */
  enum Fault {
    /** The master is killed. */
    KILL,
    /** The master is stopped, and goes on when another has taken its place. */
    STOP,
    /** A replica is stopped; the master and the replica that acknowledged die, and it goes on. */
    STALE,
    /** The same, and all nodes are killed with the master. */
    CRASH,
    /** The master and one node are cut off from the rest. */
    PARTITION,
    /** The master is killed and starts again with nothing. */
    EMPTY,
    /** The master is killed and starts again with what it had a while ago. */
    RESTORE
  }

  Rounds(Ensemble servers, FaultRun run) {
    this.servers = servers;
    this.nodes = run.nodes();
    this.ways = run.ways();
    this.load = run.load();
    this.history = run.history();
  }

  void play(Fault fault) {
    servers.awaitWhole();
    List<Load.Session> sessions = load.issue(LIVE + DOOMED);
    servers.awaitWhole();
    load.end(sessions.subList(LIVE, sessions.size()));
    long start = System.nanoTime();
    pause(CALM);
    told = "";
    switch (fault) {
      case KILL -> kill();
      case STOP -> stop();
      case STALE -> stale(false);
      case CRASH -> stale(true);
      case PARTITION -> partition();
      case EMPTY -> empty();
      case RESTORE -> restore();
    }
    pause(CALM);
    load.endNoMore();
    pause(CALM);
    System.out.printf(
        "%s at %.1f s: %s; %d revocations acknowledged%n",
        fault, (start - epoch) / 1e9, told, load.acknowledgedSince(start).size());
  }

  private void kill() {
    RedisServers.Node master = servers.master();
    long began = System.nanoTime();
    servers.kill(master);
    require(Ensemble.isGone(master), "the master is not gone");
    replaced(master, began);
    servers.rejoin(master);
  }

  private void stop() {
    RedisServers.Node master = servers.master();
    long began = System.nanoTime();
    servers.stop(master);
    require(Ensemble.isStopped(master), "the master is not stopped");
    replaced(master, began);
    require(Ensemble.isStopped(master), "the master is not stopped any more");
    servers.resume(master);
  }

  private void stale(boolean isCrash) {
    RedisServers.Node master = servers.master();
    RedisServers.Node other = servers.replicas().getFirst();
    RedisServers.Node behind = servers.replicas().getLast();
    long since = System.nanoTime();
    servers.leaveBehind(behind);
    RedisServers.await(() -> load.acknowledgedSince(since).size() >= 40);
    List<String> acknowledged = load.acknowledgedSince(since);
    long began = System.nanoTime();
    servers.kill(master);
    servers.kill(other);
    if (isCrash) {
      nodes.forEach(NodeProcess::close);
    }
    servers.resume(behind);
    List<String> lacking = servers.live(behind, acknowledged);
    require(
        lacking.size() >= acknowledged.size() / 2,
        "the replica has most of what was acknowledged without it");
    if (isCrash) {
      nodes.forEach(NodeProcess::start);
    }
    RedisServers.Node now = replaced(master, began);
    require(now == behind, "another replica was promoted");
    told +=
        ", the promoted replica lacked %d of %d acknowledged revocations"
            .formatted(lacking.size(), acknowledged.size());
    if (isCrash) {
      nodes.forEach(NodeProcess::awaitReady);
      long ready = System.nanoTime();
      history.add(Event.down(began, ready + FaultRun.RECOVERY.toNanos(), Event.ALL));
      told +=
          ", all nodes were killed and ready again after %.1f s".formatted((ready - began) / 1e9);
    }
    servers.rejoin(master);
    servers.rejoin(other);
  }

  private void partition() {
    RedisServers.Node master = servers.master();
    int last = nodes.size() - 1;
    long began = System.nanoTime();
    ways.forEach(Relay::cut);
    servers.isolate(master);
    replaced(master, began);
    require(servers.isIsolatedMaster(master), "the old master knows of the new one");
    told += ", both took themselves for the master";
    pause(CALM);
    servers.reunite(master);
    ways.forEach(Relay::mend);
    long over = System.nanoTime();
    history.add(Event.outage(began, over + FaultRun.RECOVERY.toNanos(), last));
  }

  private void empty() {
    RedisServers.Node master = servers.master();
    List<String> handles = load.acknowledgedSince(0);
    long began = System.nanoTime();
    servers.restartEmpty(master);
    long over = System.nanoTime();
    history.add(Event.emptied(began, over));
    history.add(Event.outage(began, over + FaultRun.RECOVERY.toNanos(), Event.ALL));
    servers.awaitWhole();
    require(servers.master() == master, "the empty server is not the master");
    require(servers.live(master, handles).isEmpty(), "the empty server is not empty");
    told = "empty and the master again after %.2f s".formatted((over - began) / 1e9);
  }

  private void restore() {
    RedisServers.Node master = servers.master();
    long since = System.nanoTime();
    Path copy = servers.copy(master);
    RedisServers.await(() -> load.acknowledgedSince(since).size() >= 40);
    List<String> acknowledged = load.acknowledgedSince(since);
    List<String> lacking = servers.live(copy, acknowledged);
    require(
        lacking.size() >= acknowledged.size() / 2,
        "the copy has most of what was acknowledged after it was made");
    long began = System.nanoTime();
    servers.restartFrom(master, copy);
    long over = System.nanoTime();
    history.add(Event.outage(began, over + FaultRun.RECOVERY.toNanos(), Event.ALL));
    servers.awaitWhole();
    require(servers.master() == master, "the restored server is not the master");
    told =
        "restored and the master again after %.2f s; the copy lacked %d of %d acknowledged revocations"
            .formatted((over - began) / 1e9, lacking.size(), acknowledged.size());
  }

  /** Waits for another master, and gives the nodes until it is there and a while longer. */
  private RedisServers.Node replaced(RedisServers.Node before, long began) {
    RedisServers.Node now = servers.awaitSuccessor(before);
    long over = System.nanoTime();
    history.add(Event.outage(began, over + FaultRun.RECOVERY.toNanos(), Event.ALL));
    told = "another master after %.2f s".formatted((over - began) / 1e9);
    return now;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("the fault did not happen: " + otherwise);
    }
  }

  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
    }
  }
}
