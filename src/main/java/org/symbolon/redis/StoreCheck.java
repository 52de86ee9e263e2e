package org.symbolon.redis;

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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens the store, and refuses one that would lose sessions or revocations. */
public final class StoreCheck {
  private static final int OLDEST_MAJOR = 6;
  private static final int OLDEST_MINOR = 2;
  private static final long WAIT_MILLIS = 3_000;
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
    Optional<Obstacle> found = inspect(settings);
    if (found.isPresent()) {
      return found.get();
    }
    RedisLink link;
    try {
      link = RedisLink.connect(settings);
    } catch (RuntimeException e) {
      return refused(e, "the store");
    }
    Optional<Obstacle> missing = permissions(link);
    if (missing.isPresent()) {
      link.close();
      return missing.get();
    }
    return new Ready(link);
  }

  /** One obstacle of the nodes; that some of a Cluster's can't be reached is none. */
  private static Optional<Obstacle> inspect(RedisSettings settings) {
    Timer timer = LettuceSetup.timer();
    ClientResources resources = LettuceSetup.resources(timer);
    RedisClient client = RedisClient.create(resources);
    client.setOptions(LettuceSetup.options(settings));
    try {
      @Nullable Obstacle unreached = null;
      boolean isReached = false;
      for (RedisURI uri : LettuceSetup.uris(settings)) {
        String node = uri.getHost() + ":" + uri.getPort();
        try (StatefulRedisConnection<byte[], byte[]> connection =
            client.connect(ByteArrayCodec.INSTANCE, uri)) {
          isReached = true;
          Optional<Obstacle> found = inspect(node, connection, settings.mode());
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

  private static Optional<Obstacle> inspect(
      String node, StatefulRedisConnection<byte[], byte[]> connection, RedisSettings.Mode mode) {
    Map<String, String> facts = facts(connection.sync().info());
    String version = facts.getOrDefault("redis_version", "0.0");
    if (isTooOld(version)) {
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
              "set the store's mode to " + (isCluster ? "cluster" : "standalone")));
    }
    return Optional.empty();
  }

  private static boolean isTooOld(String version) {
    String[] parts = version.split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
    return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
  }

  /** Tries every command that the service will use, without leaving anything behind. */
  private static Optional<Obstacle> permissions(RedisLink link) {
    byte[] session = "s{AAA}check".getBytes(StandardCharsets.US_ASCII);
    byte[] index = "u{AAA}check".getBytes(StandardCharsets.US_ASCII);
    byte[] replay = Keys.replay("", "check");
    // No stream takes this ID, but permission comes before the ID is looked at.
    XAddArgs never = XAddArgs.Builder.maxlen(1).id("0-0");
    try {
      await(link.commands().ping());
      await(link.commands().time());
      await(link.commands().set(replay, new byte[] {49}, SetArgs.Builder.px(1)));
      await(CHECK.<Long>run(link.commands(), new byte[][] {session, index}));
      await(CHECK.<Long>send(link.commands(), new byte[][] {session, index}));
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
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      told = String.valueOf(cause.getMessage());
      if (cause instanceof RedisCommandExecutionException) {
        return refused(node + " answers: " + told, told);
      }
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
