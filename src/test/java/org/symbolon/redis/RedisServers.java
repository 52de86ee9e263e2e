package org.symbolon.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.symbolon.session.SecretText;

/**
 * Real Redis servers for tests, one standalone or a Cluster of three, as processes on free ports of
 * the loopback address with the shipped ACL. Ended by their process IDs, at the latest with the
 * JVM.
 */
public final class RedisServers implements AutoCloseable {
  private static final SecretText PASSWORD = new SecretText("a password of the tests");
  private static final String ADMIN_PASSWORD = "an administrator of the tests";
  private static final int SLOTS = 16384;
  private static final Map<RedisSettings.Mode, RedisServers> SHARED =
      new EnumMap<>(RedisSettings.Mode.class);
  private final RedisSettings.Mode mode;
  private final List<Node> nodes = new ArrayList<>();

  private RedisServers(RedisSettings.Mode mode) {
    this.mode = mode;
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** Servers that all tests share which leave them running as they are. */
  static synchronized RedisServers shared(RedisSettings.Mode mode) {
    return SHARED.computeIfAbsent(
        mode,
        wanted ->
            switch (wanted) {
              case STANDALONE -> standalone();
              case CLUSTER -> cluster();
            });
  }

  /** One server, with more directives of its configuration where given. */
  public static RedisServers standalone(String... lines) {
    RedisServers servers = new RedisServers(RedisSettings.Mode.STANDALONE);
    servers.add(List.of(lines));
    return servers;
  }

  /** One server of the system's own package where it has one, else as {@link #standalone}. */
  static RedisServers packaged(String... lines) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path binary = Path.of(folder, "redis-server");
      if (Files.isExecutable(binary)) {
        RedisServers servers = new RedisServers(RedisSettings.Mode.STANDALONE);
        servers.nodes.add(new Node(binary, List.of(lines)));
        return servers;
      }
    }
    return standalone(lines);
  }

  /** Three masters that share the slots. */
  public static RedisServers cluster() {
    int size = 3;
    RedisServers servers = new RedisServers(RedisSettings.Mode.CLUSTER);
    for (int i = 0; i < size; i++) {
      servers.add(
          List.of(
              "cluster-enabled yes",
              "cluster-node-timeout 2000",
              "cluster-config-file nodes.conf",
              "cluster-port " + freePort()));
    }
    for (int i = 0; i < size; i++) {
      int first = SLOTS * i / size;
      int last = SLOTS * (i + 1) / size - 1;
      Node node = servers.nodes.get(i);
      try (Admin admin = node.admin()) {
        admin.cluster("SET-CONFIG-EPOCH", i + 1);
        admin.cluster("ADDSLOTSRANGE", first, last);
      }
    }
    for (Node node : servers.nodes) {
      try (Admin admin = node.admin()) {
        for (Node other : servers.nodes) {
          if (other != node) {
            admin.cluster("MEET", "127.0.0.1", other.process.port(), other.busPort);
          }
        }
      }
    }
    servers.awaitSlots();
    return servers;
  }

  /** How the service's own user reaches them. */
  public RedisSettings settings() {
    return settings(Optional.of(AclFile.USER), PASSWORD);
  }

  /** The same servers with other credentials. */
  public RedisSettings settings(Optional<String> username, SecretText password) {
    return new RedisSettings(
        nodes.stream().map(node -> URI.create("redis://127.0.0.1:" + node.process.port())).toList(),
        mode,
        username,
        Optional.of(password),
        RedisSettings.DEFAULT_TIMEOUT,
        Optional.empty());
  }

  /** A connection to each node as somebody who may do everything. */
  public List<Admin> admins() {
    return nodes.stream().map(Node::admin).toList();
  }

  /** A connection to the first node as somebody who may do everything. */
  public Admin admin() {
    return nodes.getFirst().admin();
  }

  /** A connection to the node that has a key, as somebody who may do everything. */
  public Admin owner(byte[] key) {
    for (Admin admin : admins()) {
      try {
        admin.commands().exists(key);
        return admin;
      } catch (RedisCommandExecutionException e) {
        // MOVED: another node has it.
        admin.close();
      }
    }
    throw new AssertionError("no node has the key's slot");
  }

  /** Ends the servers in good order and starts them again, same ports, same data. */
  public void restart() {
    nodes.forEach(node -> node.process.stop());
    nodes.forEach(Node::start);
    awaitSlots();
  }

  /** Kills the servers at once. */
  public void kill() {
    nodes.forEach(
        node ->
            ProcessHandle.of(node.process.pid())
                .ifPresent(
                    process -> {
                      process.destroyForcibly();
                      process.onExit().join();
                    }));
  }

  /** Starts killed servers again, same ports. */
  public void start() {
    nodes.forEach(Node::start);
    awaitSlots();
  }

  /** Stops the servers' processes in their tracks; they keep their connections and say nothing. */
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    kill();
    nodes.forEach(Node::delete);
  }

  private void signal(String name) {
    for (Node node : nodes) {
      if (ProcessHandle.of(node.process.pid()).isEmpty()) {
        continue;
      }
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(node.process.pid()))
            .inheritIO()
            .start()
            .waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void add(List<String> lines) {
    try {
      nodes.add(new Node(Node.embedded(), lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitSlots() {
    if (mode == RedisSettings.Mode.CLUSTER) {
      for (Node node : nodes) {
        try (Admin admin = node.admin()) {
          await(
              () -> {
                String info = admin.commands().clusterInfo();
                return info.contains("cluster_state:ok")
                    && info.contains("cluster_known_nodes:" + nodes.size());
              });
        }
      }
    }
  }

  /** Waits for a condition, for half a minute at most. */
  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not happen within 30 s");
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static int freePort() {
    try {
      return RedisProcess.freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection that may do everything; blocks. */
  public record Admin(RedisClient client, StatefulRedisConnection<byte[], byte[]> connection)
      implements AutoCloseable {
    public RedisCommands<byte[], byte[]> commands() {
      return connection.sync();
    }

    /** Sends a command without waiting for its answer. */
    void pipelined(Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<?>> command) {
      RedisFuture<?> _ = command.apply(connection.async());
    }

    /** A subcommand of {@code CLUSTER}. */
    void cluster(Object... words) {
      dispatch(CommandType.CLUSTER, List.of(words));
    }

    /** A subcommand of {@code ACL}. */
    void acl(String subcommand, String user, String... rules) {
      dispatch(
          CommandType.ACL, Stream.concat(Stream.of(subcommand, user), Stream.of(rules)).toList());
    }

    private void dispatch(CommandType type, List<?> words) {
      CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
      words.forEach(word -> arguments.add(word.toString()));
      commands().dispatch(type, new StatusOutput<>(ByteArrayCodec.INSTANCE), arguments);
    }

    /** One number of {@code INFO}. */
    public long info(String section, String name) {
      for (String line : commands().info(section).lines().toList()) {
        if (line.startsWith(name + ":")) {
          return Long.parseLong(line.substring(name.length() + 1));
        }
      }
      throw new AssertionError("INFO " + section + " has no " + name);
    }

    /** How often a command ran, by {@code INFO commandstats}. */
    public long calls(String command) {
      for (String line : commands().info("commandstats").lines().toList()) {
        if (line.startsWith("cmdstat_" + command + ":calls=")) {
          return Long.parseLong(line.substring(line.indexOf("=") + 1, line.indexOf(",")));
        }
      }
      return 0;
    }

    @Override
    public void close() {
      connection.close();
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  /** One server: its folder, and the process that runs over it now. */
  private static final class Node {
    private final Path binary;
    private final Path folder;
    private final List<String> lines;
    private final int busPort;
    private RedisProcess process;

    Node(Path binary, List<String> extra) {
      this.binary = binary;
      try {
        folder = Files.createTempDirectory("symbolon-redis");
        Path acl = folder.resolve("users.acl");
        Files.writeString(
            acl,
            AclFile.withPassword(PASSWORD)
                + "user admin on >"
                + ADMIN_PASSWORD.replace(' ', '-')
                + " ~* &* +@all\n");
        lines = new ArrayList<>(List.of("aclfile \"" + acl + "\"", "appendonly yes", "save \"\""));
        lines.addAll(extra);
        busPort =
            extra.stream()
                .filter(line -> line.startsWith("cluster-port "))
                .mapToInt(line -> Integer.parseInt(line.substring("cluster-port ".length())))
                .findFirst()
                .orElse(0);
        process = RedisProcess.start(binary, folder, freePort(), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void start() {
      try {
        process = RedisProcess.start(binary, folder, process.port(), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Admin admin() {
      RedisURI uri =
          RedisURI.Builder.redis("127.0.0.1", process.port())
              .withAuthentication("admin", (CharSequence) ADMIN_PASSWORD.replace(' ', '-'))
              .build();
      RedisClient client = RedisClient.create(uri);
      return new Admin(client, client.connect(ByteArrayCodec.INSTANCE));
    }

    void delete() {
      if (!Files.exists(folder)) {
        return;
      }
      try (var paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static synchronized Path embedded() throws IOException {
      Path folder = Path.of("target", "redis").toAbsolutePath();
      Files.createDirectories(folder);
      return RedisProcess.binary(folder);
    }
  }
}
