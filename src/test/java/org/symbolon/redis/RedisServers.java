package org.symbolon.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.symbolon.ServiceProcess;
import org.symbolon.session.SecretText;

/**
 * Real Redis servers for tests, one standalone, one with Sentinels or a Cluster of three, as
 * processes on free ports of the loopback address with the shipped ACL. Ended by their process IDs,
 * at the latest with the JVM.
 */
public final class RedisServers implements AutoCloseable {
  private static final SecretText PASSWORD = new SecretText("a password of the tests");
  private static final String ADMIN_PASSWORD = "an administrator of the tests";
  private static final String SENTINEL_PASSWORD = "a-password-of-the-sentinels";
  static final int SLOTS = 16384;

  /** Six servers of a Cluster take 30 s to agree where others keep the machine busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What a replica says to its master. */
  private static final List<String> TRUST =
      List.of("masteruser admin", "masterauth " + adminPassword(), "repl-diskless-sync-delay 0");

  private static final Map<RedisSettings.Mode, RedisServers> SHARED =
      new EnumMap<>(RedisSettings.Mode.class);
  private final RedisSettings.Mode mode;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> sentinels = new ArrayList<>();

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
              case SENTINEL -> sentinel(0, 1);
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
    Optional<Path> binary = packaged();
    if (binary.isEmpty()) {
      return standalone(lines);
    }
    RedisServers servers = new RedisServers(RedisSettings.Mode.STANDALONE);
    servers.nodes.add(new Node(binary.get(), List.of(lines)));
    return servers;
  }

  private static Optional<Path> packaged() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A master, its replicas, and Sentinels that watch them and ask for a password. */
  public static RedisServers sentinel(int replicas, int sentinels) {
    RedisServers servers = new RedisServers(RedisSettings.Mode.SENTINEL);
    servers.add(TRUST);
    int master = servers.nodes.getFirst().process.port();
    for (int i = 0; i < replicas; i++) {
      List<String> lines = new ArrayList<>(TRUST);
      lines.add("replicaof 127.0.0.1 " + master);
      servers.add(lines);
    }
    for (Node replica : servers.nodes.subList(1, servers.nodes.size())) {
      try (Admin admin = replica.admin()) {
        await(() -> admin.commands().info("replication").contains("master_link_status:up"));
      }
    }
    for (int i = 0; i < sentinels; i++) {
      servers.sentinels.add(
          new Node(
              servers.nodes.getFirst().binary,
              List.of(
                  "requirepass " + SENTINEL_PASSWORD,
                  "sentinel sentinel-pass " + SENTINEL_PASSWORD,
                  "sentinel monitor mymaster 127.0.0.1 " + master + " " + (sentinels / 2 + 1),
                  "sentinel auth-user mymaster admin",
                  "sentinel auth-pass mymaster " + adminPassword(),
                  "sentinel down-after-milliseconds mymaster 1000",
                  "sentinel failover-timeout mymaster 3000",
                  "sentinel parallel-syncs mymaster 2"),
              "--sentinel"));
    }
    servers.awaitSentinels();
    return servers;
  }

  /** A master that its one Sentinel reaches by TLS only, both of the system's own package. */
  static RedisServers sentinelOverTls(int port, String[] ofMaster, String[] ofSentinel) {
    RedisServers servers = new RedisServers(RedisSettings.Mode.SENTINEL);
    Path binary = packaged().orElseThrow();
    servers.nodes.add(new Node(binary, List.of(ofMaster)));
    List<String> lines = new ArrayList<>(List.of(ofSentinel));
    lines.addAll(
        List.of(
            "tls-replication yes",
            "tls-ca-cert-file " + ofSentinel[1].replace("tls-cert-file ", ""),
            "requirepass " + SENTINEL_PASSWORD,
            "sentinel monitor mymaster 127.0.0.1 " + port + " 1",
            "sentinel auth-user mymaster admin",
            "sentinel auth-pass mymaster " + adminPassword()));
    servers.sentinels.add(new Node(binary, lines, "--sentinel"));
    return servers;
  }

  /** Has the Sentinels replace the master, which is well. */
  void failover() {
    Node before = master();
    await(
        () -> {
          sentinels.getFirst().askForFailover();
          return isWithin(Duration.ofSeconds(5), () -> master() != before);
        });
  }

  /** Cuts the replicas off from their master, which goes on to write. */
  void lag() {
    Node master = master();
    for (Node node : nodes) {
      if (node != master) {
        try (Admin admin = node.admin()) {
          admin.commands().configSet("masterauth", "not-the-password");
        }
      }
    }
    try (Admin admin = master.admin()) {
      await(
          () -> {
            admin.commands().clientKill(KillArgs.Builder.typeSlave());
            return admin.info("replication", "connected_slaves") == 0;
          });
    }
  }

  /**
   * Moves a lane's slot of the Cluster, with all its keys, to another server.
   *
   * @param halfway done when that has the keys and not yet the slot
   */
  void move(Lane lane, Runnable halfway) {
    int slot = SlotHash.getSlot(lane.counter());
    try (Admin from = owner(lane.counter())) {
      int port = from.port();
      Node next = nodes.stream().filter(node -> node.port() != port).findFirst().orElseThrow();
      try (Admin to = next.admin()) {
        String old = from.commands().clusterMyId();
        String owner = to.commands().clusterMyId();
        to.cluster("SETSLOT", slot, "IMPORTING", old);
        from.cluster("SETSLOT", slot, "MIGRATING", owner);
        from.commands()
            .migrate(
                "127.0.0.1",
                next.port(),
                0,
                5000,
                new MigrateArgs<byte[]>()
                    .keys(from.commands().clusterGetKeysInSlot(slot, 1000))
                    .auth2("admin", adminPassword()));
        halfway.run();
        to.cluster("SETSLOT", slot, "NODE", owner);
        onEach(admin -> admin.cluster("SETSLOT", slot, "NODE", owner));
      }
    }
  }

  /** Waits until all servers run and follow one master. */
  void awaitReplicas() {
    await(
        () -> {
          try (Admin admin = master().admin()) {
            String info = admin.commands().info("replication");
            return info.contains("role:master")
                && info.contains("connected_slaves:" + (nodes.size() - 1));
          }
        });
  }

  /** Waits until each Sentinel knows all the others and all the replicas. */
  void awaitSentinels() {
    for (Node sentinel : sentinels) {
      await(
          () -> {
            Map<String, String> facts = sentinel.facts();
            return facts.getOrDefault("num-slaves", "").equals("" + (nodes.size() - 1))
                && facts
                    .getOrDefault("num-other-sentinels", "")
                    .equals("" + (sentinels.size() - 1));
          });
    }
  }

  static String adminPassword() {
    return ADMIN_PASSWORD.replace(' ', '-');
  }

  /** Three masters that share the slots. */
  public static RedisServers cluster() {
    return cluster(0);
  }

  /** Three masters that share the slots, and so many replicas of each, after them all. */
  static RedisServers cluster(int replicas) {
    int size = 3;
    RedisServers servers = new RedisServers(RedisSettings.Mode.CLUSTER);
    for (int i = 0; i < size * (1 + replicas); i++) {
      List<String> lines = new ArrayList<>(TRUST);
      lines.addAll(
          List.of(
              "cluster-enabled yes",
              "cluster-node-timeout 2000",
              "cluster-config-file nodes.conf",
              "cluster-port " + freePort()));
      servers.add(lines);
    }
    for (int i = 0; i < servers.nodes.size(); i++) {
      try (Admin admin = servers.nodes.get(i).admin()) {
        admin.cluster("SET-CONFIG-EPOCH", i + 1);
        if (i < size) {
          admin.cluster("ADDSLOTSRANGE", SLOTS * i / size, SLOTS * (i + 1) / size - 1);
        }
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
    for (int i = size; i < servers.nodes.size(); i++) {
      try (Admin replica = servers.nodes.get(i).admin();
          Admin master = servers.nodes.get(i % size).admin()) {
        replica.cluster("REPLICATE", master.commands().clusterMyId());
        await(() -> replica.commands().info("replication").contains("master_link_status:up"));
      }
    }
    return servers;
  }

  /** How the service's own user reaches them. */
  public RedisSettings settings() {
    return settings(Optional.of(AclFile.USER), PASSWORD);
  }

  /** The same servers with other credentials. */
  public RedisSettings settings(Optional<String> username, SecretText password) {
    List<Node> asked = sentinels.isEmpty() ? nodes : sentinels;
    return new RedisSettings(
        asked.stream().map(node -> URI.create("redis://127.0.0.1:" + node.process.port())).toList(),
        mode,
        username,
        Optional.of(password),
        RedisSettings.DEFAULT_TIMEOUT,
        Optional.empty(),
        sentinels.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new RedisSettings.Sentinel(
                    "mymaster", Optional.empty(), Optional.of(new SecretText(SENTINEL_PASSWORD)))));
  }

  /** The first server's port. */
  public int port() {
    return nodes.getFirst().port();
  }

  /** Has the first server name another port for its own, where it is of a Cluster. */
  public void announce(int port) {
    try (Admin admin = admin()) {
      admin.commands().configSet("cluster-announce-port", "" + port);
    }
  }

  /** Gives all slots to the one server, which is of a Cluster. */
  public void own() {
    try (Admin admin = admin()) {
      admin.cluster("ADDSLOTSRANGE", 0, SLOTS - 1);
      await(() -> admin.commands().clusterInfo().contains("cluster_state:ok"));
    }
  }

  /** Asks each node as somebody who may do everything. */
  void onEach(Consumer<Admin> action) {
    for (Node node : nodes) {
      try (Admin admin = node.admin()) {
        action.accept(admin);
      }
    }
  }

  /** The same for a number of each. */
  long sum(ToLongFunction<Admin> number) {
    LongAdder sum = new LongAdder();
    onEach(admin -> sum.add(number.applyAsLong(admin)));
    return sum.sum();
  }

  /** A connection to the first node as somebody who may do everything. */
  public Admin admin() {
    return nodes.getFirst().admin();
  }

  /** A connection to the node that has a key, as somebody who may do everything. */
  public Admin owner(byte[] key) {
    for (Node node : nodes) {
      Admin admin = node.admin();
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

  /** Kills the servers at once, and no Sentinel. */
  public void kill() {
    nodes.forEach(Node::kill);
  }

  /** Starts killed servers again, same ports. */
  public void start() {
    nodes.forEach(Node::start);
    awaitSlots();
  }

  /** Stops the servers' processes in their tracks; they keep their connections and say nothing. */
  public void pause() {
    nodes.forEach(node -> node.signal("STOP"));
  }

  public void resume() {
    nodes.forEach(node -> node.signal("CONT"));
  }

  /** The server that the first Sentinel that answers takes for the master. */
  Node master() {
    for (Node sentinel : sentinels) {
      String port = sentinel.facts().getOrDefault("port", "");
      for (Node node : nodes) {
        if (port.equals("" + node.process.port())) {
          return node;
        }
      }
    }
    return nodes.getFirst();
  }

  /** The Sentinels. */
  List<Node> sentinels() {
    return List.copyOf(sentinels);
  }

  /** The servers apart from the Sentinels. */
  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    for (Node node : Stream.concat(sentinels.stream(), nodes.stream()).toList()) {
      node.kill();
      node.delete();
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

  /** Waits for a condition, which comes about in time or fails the test. */
  public static void await(BooleanSupplier condition) {
    if (!isWithin(PATIENCE, condition)) {
      throw new AssertionError("did not happen within " + PATIENCE.toSeconds() + " s");
    }
  }

  /** Waits for a condition, and says whether it came about in time. */
  static boolean isWithin(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return true;
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

    int port() {
      return (int) info("server", "tcp_port");
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
  public static final class Node {
    private final Path binary;
    private final Path folder;
    private final List<String> lines;
    private final String[] arguments;
    private final int busPort;
    private volatile RedisProcess process;

    /** A server with more directives, and arguments after its configuration's name. */
    private Node(Path binary, List<String> extra, String... arguments) {
      this.binary = binary;
      this.arguments = arguments;
      try {
        folder = Files.createTempDirectory("symbolon-redis");
        Path acl = folder.resolve("users.acl");
        Files.writeString(
            acl,
            AclFile.withPassword(PASSWORD)
                + "user admin on >"
                + adminPassword()
                + " ~* &* +@all\n");
        lines =
            new ArrayList<>(
                arguments.length > 0
                    ? List.of()
                    : List.of("aclfile \"" + acl + "\"", "appendonly yes", "save \"\""));
        lines.addAll(extra);
        busPort =
            extra.stream()
                .filter(line -> line.startsWith("cluster-port "))
                .mapToInt(line -> Integer.parseInt(line.substring("cluster-port ".length())))
                .findFirst()
                .orElse(0);
        process = RedisProcess.start(binary, folder, freePort(), lines, arguments);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void start() {
      start(List.of());
    }

    /** Starts it with further directives, for this time. */
    void start(List<String> more) {
      try {
        process =
            RedisProcess.start(
                binary,
                folder,
                process.port(),
                Stream.concat(lines.stream(), more.stream()).toList(),
                arguments);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int port() {
      return process.port();
    }

    long pid() {
      return process.process().pid();
    }

    void kill() {
      ServiceProcess.kill(process.process());
    }

    /** Sends a signal by its name. */
    void signal(String name) {
      if (!process.process().isAlive()) {
        return;
      }
      try {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** What a Sentinel knows of the master. */
    Map<String, String> facts() {
      try (RedisClient client = RedisClient.create(sentinelUri());
          var connection = client.connectSentinel()) {
        return connection.sync().master("mymaster");
      }
    }

    RedisURI sentinelUri() {
      return RedisURI.Builder.redis("127.0.0.1", process.port())
          .withPassword((CharSequence) SENTINEL_PASSWORD)
          .build();
    }

    private void askForFailover() {
      try (RedisClient client = RedisClient.create(sentinelUri());
          var connection = client.connectSentinel()) {
        connection.sync().failover("mymaster");
      } catch (RedisCommandExecutionException e) {
        // Its last one is not forgotten yet, or it has not heard of a good replica yet.
      }
    }

    Admin admin() {
      return admin("admin");
    }

    /** A connection as a user who has the administrator's password as well. */
    Admin admin(String user) {
      RedisURI uri =
          RedisURI.Builder.redis("127.0.0.1", process.port())
              .withAuthentication(user, (CharSequence) adminPassword())
              .build();
      RedisClient client = RedisClient.create(uri);
      return new Admin(client, client.connect(ByteArrayCodec.INSTANCE));
    }

    /** Removes all that it has written. */
    void empty() {
      try {
        for (Path path : written(folder).reversed()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Copies all that it has written into a folder in its own. */
    Path copy() {
      try {
        Path copy = Files.createTempDirectory(folder, "copy");
        copy(folder, copy);
        return copy;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Takes over what a copy holds. */
    void restore(Path copy) {
      try {
        copy(copy, folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void copy(Path from, Path to) throws IOException {
      for (Path path : written(from)) {
        Path target = to.resolve(from.relativize(path));
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }

    /** What a server has written into a folder, and no copies of it. */
    private static List<Path> written(Path folder) throws IOException {
      try (Stream<Path> paths = Files.walk(folder)) {
        return paths
            .filter(path -> path.toString().matches(".*[.](aof|rdb|manifest)"))
            .filter(path -> !folder.relativize(path).toString().startsWith("copy"))
            .toList();
      }
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
