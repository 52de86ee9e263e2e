package org.symbolon.redis;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.Timer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store, and refuses one that would lose sessions or revocations. */
public final class StoreCheck {
  private static final Logger LOG = LoggerFactory.getLogger(StoreCheck.class);
  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 2;
  private static final long WAIT_MILLIS = 3_000;
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final String NEWER =
      "run Redis " + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer";

  /** How the versions of Redis begin or word that a user may not do something. */
  private static final List<String> PERMISSION =
      List.of("NOPERM", "NOAUTH", "WRONGPASS", "ACL failure", "user executing the script");

  private static final Script CHECK = Script.load("check", ScriptOutputType.INTEGER);

  private StoreCheck() {}

  /** The outcome of opening a store. */
  public sealed interface Opening permits Ready, Obstacle {}

  /** A store that is fit for sessions; the caller closes the link. */
  public record Ready(RedisLink link) implements Opening {}

  /** Looks at every configured node, then connects. Blocks for some seconds at most. */
  public static Opening open(RedisSettings settings) {
    return attempt(settings, Durability.Level.REPLICAS);
  }

  /**
   * The same, where revocations have to be somewhere before they are acknowledged. A store that
   * gives no answer, as while Redis loads or another master is chosen, is tried again for a while.
   *
   * @param patience how long; zero for once
   */
  public static Opening open(
      RedisSettings settings, Durability.Level durability, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    String told = "";
    while (true) {
      Opening opening = attempt(settings, durability);
      if (!(opening instanceof Obstacle obstacle)
          || !mayPass(obstacle, settings)
          || System.nanoTime() > end - PAUSE.toNanos()) {
        return opening;
      }
      if (!obstacle.detail().equals(told)) {
        told = obstacle.detail();
        LOG.warn(
            "{}; trying again for {} s",
            told,
            Math.ceilDiv(end - System.nanoTime(), 1_000_000_000));
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return opening;
      }
    }
  }

  /** Whether it may go away by itself; Sentinels name a master before it takes itself for one. */
  private static boolean mayPass(Obstacle obstacle, RedisSettings settings) {
    return obstacle.code() == Obstacle.Code.UNREACHABLE
        || (obstacle.code() == Obstacle.Code.REPLICA && settings.sentinel().isPresent());
  }

  private static Opening attempt(RedisSettings settings, Durability.Level durability) {
    Optional<Obstacle> found = inspect(settings, durability);
    if (found.isPresent()) {
      return found.get();
    }
    RedisLink link;
    try {
      link = RedisLink.connect(settings);
    } catch (RuntimeException e) {
      return refused(e, "the store");
    }
    Optional<Obstacle> missing = permissions(link, durability);
    if (missing.isPresent()) {
      link.close();
      return missing.get();
    }
    return new Ready(link);
  }

  /** One obstacle of the nodes; that some of a Cluster's can't be reached is none. */
  private static Optional<Obstacle> inspect(RedisSettings settings, Durability.Level durability) {
    Timer timer = LettuceSetup.timer();
    ClientResources resources = LettuceSetup.resources(timer);
    RedisClient client = new LeanClient(resources);
    client.setOptions(LettuceSetup.options(settings));
    try {
      List<RedisURI> nodes;
      try {
        nodes = nodes(settings, client, resources);
      } catch (IllegalStateException e) {
        return Optional.of(unnamed(String.valueOf(e.getMessage())));
      }
      @Nullable Obstacle unreached = null;
      boolean isReached = false;
      for (RedisURI uri : nodes) {
        String node = uri.getHost() + ":" + uri.getPort();
        try (StatefulRedisConnection<byte[], byte[]> connection =
            client.connect(ByteArrayCodec.INSTANCE, uri)) {
          isReached = true;
          Optional<Obstacle> found = inspect(node, connection, settings.mode(), durability);
          if (found.isPresent()) {
            return found;
          }
        } catch (RuntimeException e) {
          Obstacle obstacle = refused(e, node);
          if (obstacle.code() != Obstacle.Code.UNREACHABLE) {
            return Optional.of(obstacle);
          }
          unreached = obstacle;
        }
      }
      return isReached ? Optional.empty() : Optional.ofNullable(unreached);
    } finally {
      client.shutdown(0, WAIT_MILLIS, TimeUnit.MILLISECONDS);
      resources.shutdown(0, WAIT_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(WAIT_MILLIS);
      timer.stop();
    }
  }

  private static List<RedisURI> nodes(
      RedisSettings settings, RedisClient client, ClientResources resources) {
    if (settings.sentinel().isEmpty()) {
      return LettuceSetup.uris(settings);
    }
    RedisSettings.Sentinel sentinel = settings.sentinel().get();
    try (Sentinels sentinels =
        new Sentinels(
            LettuceSetup.sentinels(settings, sentinel),
            sentinel.master(),
            client,
            resources.eventExecutorGroup(),
            _ -> {})) {
      sentinels.start();
      sentinels
          .failures()
          .forEach((node, told) -> LOG.warn("the Sentinel {} gives no answer: {}", node, told));
      InetSocketAddress master = sentinels.master();
      return List.of(LettuceSetup.uri(settings, master.getHostString(), master.getPort()));
    }
  }

  private static Obstacle unnamed(String told) {
    if (told.contains("No such master")) {
      return new Obstacle(
          Obstacle.Code.MASTER, told, "set redis.master to a name that stands in sentinel.conf");
    }
    if (PERMISSION.stream().anyMatch(told::contains)) {
      return new Obstacle(
          Obstacle.Code.PERMISSION,
          told,
          "check redis.sentinelUsername and redis.sentinelPassword");
    }
    return unreachable(told);
  }

  private static Optional<Obstacle> inspect(
      String node,
      StatefulRedisConnection<byte[], byte[]> connection,
      RedisSettings.Mode mode,
      Durability.Level durability) {
    Map<String, String> facts =
        facts(
            LettuceFutures.awaitOrCancel(
                connection.async().info(),
                connection.getTimeout().toNanos(),
                TimeUnit.NANOSECONDS));
    String version = facts.getOrDefault("redis_version", "0.0");
    if (isOlder(version, OLDEST_MAJOR, OLDEST_MINOR)) {
      return Optional.of(
          new Obstacle(Obstacle.Code.VERSION, node + " runs Redis " + version, NEWER));
    }
    String policy = facts.getOrDefault("maxmemory_policy", "unknown");
    if (!"noeviction".equals(policy)) {
      return Optional.of(
          new Obstacle(
              Obstacle.Code.EVICTS,
              node + " has maxmemory-policy " + policy + ", which may drop a revocation",
              "set maxmemory-policy noeviction"));
    }
    boolean isCluster = "1".equals(facts.get("cluster_enabled"));
    if (isCluster != (mode == RedisSettings.Mode.CLUSTER)) {
      return Optional.of(
          new Obstacle(
              Obstacle.Code.MODE,
              node + (isCluster ? " is part of a Cluster" : " is not part of a Cluster"),
              "set the store's mode to " + (isCluster ? "cluster" : "standalone or sentinel")));
    }
    if (durability == Durability.Level.FSYNC) {
      if (isOlder(version, 7, 2)) {
        return Optional.of(
            new Obstacle(
                Obstacle.Code.VERSION,
                node + " runs Redis " + version + ", which can't say what is on its disk",
                "run Redis 7.2 or newer, or set revocation.durability to replicas"));
      }
      if (!"1".equals(facts.get("aof_enabled"))) {
        return Optional.of(
            new Obstacle(
                Obstacle.Code.PERSISTENCE,
                node + " writes no append-only file",
                "set appendonly yes, or revocation.durability to replicas"));
      }
    }
    return isCluster ? Optional.empty() : replication(node, facts);
  }

  private static Optional<Obstacle> replication(String node, Map<String, String> facts) {
    if ("slave".equals(facts.get("role"))) {
      return Optional.of(
          new Obstacle(
              Obstacle.Code.REPLICA,
              node + " is a replica of " + facts.get("master_host"),
              "name the master, or set redis.mode to sentinel"));
    }
    // Redis tells of it only where it is set, both of its parts.
    if (!"0".equals(facts.getOrDefault("connected_slaves", "0"))
        && !facts.containsKey("min_slaves_good_slaves")) {
      LOG.warn(
          "{} has replicas and min-replicas-to-write 0: cut off from them, it goes on to take"
              + " writes that a failover then loses; set min-replicas-to-write 1",
          node);
    }
    return Optional.empty();
  }

  private static boolean isOlder(String version, int leastMajor, int leastMinor) {
    String[] parts = version.split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    return major < leastMajor || (major == leastMajor && minor < leastMinor);
  }

  /** Tries every command that the service will use, without leaving anything behind. */
  private static Optional<Obstacle> permissions(RedisLink link, Durability.Level durability) {
    byte[][] keys =
        Stream.of("s", "u", "q", "l", "m", "c")
            .map(kind -> kind + "{" + Lane.common().tag() + "}check")
            .map(key -> key.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    byte[] replay = Keys.replay("", "check");
    // No stream takes this ID, but permission comes before the ID is looked at.
    XAddArgs never = XAddArgs.Builder.maxlen(1).id("0-0");
    try {
      await(link.commands().ping());
      await(link.commands().time());
      await(link.commands().role());
      if (durability != Durability.Level.MEMORY) {
        await(link.masters().call(keys[0], (master, _) -> master.waitForReplication(0, 1)));
      }
      await(link.masters().scan("", "check".getBytes(StandardCharsets.US_ASCII), 1));
      await(link.commands().set(replay, new byte[] {49}, SetArgs.Builder.px(1)));
      await(CHECK.<Long>run(link.commands(), keys));
      await(CHECK.<Long>send(link.commands(), keys));
      await(
          link.commands()
              .xadd(Keys.AUDIT, never, Map.of(new byte[] {'a'}, new byte[] {'a'}))
              .exceptionally(failure -> ignoreRefusedId(StoreCalls.unwrap(failure))));
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(refused(e, "the store"));
    }
  }

  private static String ignoreRefusedId(Throwable failure) {
    if (failure instanceof RedisCommandExecutionException refusal
        && String.valueOf(refusal.getMessage()).contains("0-0")) {
      return "";
    }
    throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private static Obstacle refused(Throwable failure, String node) {
    String told = "";
    boolean isTls = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      told = String.valueOf(cause.getMessage());
      if (cause instanceof RedisCommandExecutionException) {
        return refused(node + " answers: " + told, told);
      }
      if (cause instanceof CertificateException) {
        isTls = true;
        break;
      }
      isTls |= cause instanceof SSLException;
    }
    if (isTls) {
      return new Obstacle(
          Obstacle.Code.TLS,
          node + " can't be trusted: " + told,
          "check redis.ca, that the certificate names the host, and that Redis speaks TLS there");
    }
    return unreachable(node + " can't be reached: " + told);
  }

  private static Obstacle refused(String detail, String answer) {
    if (PERMISSION.stream().anyMatch(answer::contains)) {
      return new Obstacle(
          Obstacle.Code.PERMISSION,
          detail,
          "check username and password, and load the ACL file that comes with the service");
    }
    // The first command on each connection; Redis has it since 6.0.
    return answer.contains("unknown command") || answer.contains("NOPROTO")
        ? new Obstacle(Obstacle.Code.VERSION, detail, NEWER)
        : unreachable(detail);
  }

  private static Obstacle unreachable(String detail) {
    return new Obstacle(
        Obstacle.Code.UNREACHABLE, detail, "check the store's nodes, and that Redis runs there");
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> facts(String info) {
    return info.lines()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2)
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (first, _) -> first));
  }
}
