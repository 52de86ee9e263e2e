package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.symbolon.session.SecretText;

/** Which stores the service refuses to start with, and the reason it names. */
class StoreCheckTest {
  private static final RedisServers STANDALONE = RedisServers.shared(RedisSettings.Mode.STANDALONE);
  private static final String ALLOWED = " ~s{* ~u{* ~q{* ~l{* ~m{* ~j{* ~audit &changes";

  @ParameterizedTest
  @EnumSource(RedisSettings.Mode.class)
  void opensAFitStoreAndLeavesNothingInIt(RedisSettings.Mode mode) {
    RedisServers servers = RedisServers.shared(mode);
    long before = keys(servers);
    new OpenStore(servers).close();
    RedisServers.await(() -> keys(servers) <= before);
  }

  @Test
  void refusesAStoreItCannotReach() throws IOException {
    assertThat(opened(at(RedisProcess.freePort(), RedisSettings.Mode.STANDALONE)))
        .isEqualTo("store-unreachable");
  }

  @Test
  void refusesAClusterOfWhichItReachesNoNode() throws IOException {
    assertThat(opened(at(RedisProcess.freePort(), RedisSettings.Mode.CLUSTER)))
        .isEqualTo("store-unreachable");
  }

  @Test
  void waitsForAStoreThatIsOnItsWay() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(StoreCheck.class);
    log.addAppender(lines);
    try (RedisServers servers = RedisServers.standalone()) {
      servers.kill();
      CompletableFuture<String> opening =
          CompletableFuture.supplyAsync(() -> opened(servers.settings(), Duration.ofMinutes(1)));
      RedisServers.await(
          () ->
              List.copyOf(lines.list).stream()
                  .anyMatch(line -> line.getFormattedMessage().contains("trying again for ")));
      assertThat(opening).isNotDone();
      servers.start();
      assertThat(opening.join()).isEqualTo("ready");
    } finally {
      log.detachAppender(lines);
    }
  }

  @Test
  void waitsForAMasterToBeChosen() {
    try (RedisServers servers = RedisServers.sentinel(1, 1)) {
      RedisServers.Node master = servers.master();
      master.kill();
      assertThat(opened(servers.settings(), Duration.ofMinutes(1))).isEqualTo("ready");
      // The Sentinel names the next one before its own facts do.
      RedisServers.await(() -> servers.master() != master);
    }
  }

  @Test
  void waitsNoLongerThanAskedToAndForNothingThatStays() throws IOException {
    RedisSettings nobody = at(RedisProcess.freePort(), RedisSettings.Mode.STANDALONE);
    assertThat(opened(nobody, Duration.ofSeconds(1))).isEqualTo("store-unreachable");
    SecretText wrong = new SecretText("not this one");
    assertThat(opened(STANDALONE.settings(Optional.of(AclFile.USER), wrong), Duration.ofDays(1)))
        .isEqualTo("store-permission");
  }

  @Test
  void refusesWrongCredentials() {
    assertThat(
            opened(STANDALONE.settings(Optional.of(AclFile.USER), new SecretText("not this one"))))
        .isEqualTo("store-permission");
  }

  @Test
  void refusesMissingCredentials() {
    RedisSettings settings = STANDALONE.settings();
    assertThat(
            opened(
                new RedisSettings(
                    settings.nodes(),
                    settings.mode(),
                    Optional.empty(),
                    Optional.empty(),
                    settings.timeout(),
                    Optional.empty())))
        .isEqualTo("store-permission");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ping",
        "time",
        "info",
        "eval",
        "evalsha",
        "get",
        "getrange",
        "set",
        "setrange",
        "exists",
        "zadd",
        "zcard",
        "zscore",
        "zrange",
        "zrem",
        "pexpire",
        "pttl",
        "incr",
        "mget",
        "hget",
        "hset",
        "hdel",
        "hgetall",
        "hrandfield",
        "xadd",
        "xrange",
        "publish"
      })
  void refusesAUserWhoMayNotDoWhatTheServiceDoes(String command) {
    limited(command, "+@all -" + command + ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"~s{*", "~u{*", "~q{*", "~l{*", "~m{*", "~j{*", "~audit", "&changes"})
  void refusesAUserWhoMayNotUseAllKeysAndTheChannel(String pattern) {
    limited("keys", "+@all" + ALLOWED.replace(" " + pattern, ""));
  }

  private static void limited(String name, String rules) {
    SecretText password = new SecretText("limited");
    try (RedisServers.Admin admin = STANDALONE.admin()) {
      admin.acl("SETUSER", "limited-" + name, ("reset on >limited " + rules).split(" ", -1));
    }
    String refused = opened(STANDALONE.settings(Optional.of("limited-" + name), password));
    assertThat(refused).isEqualTo("store-permission");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allkeys-lru", "volatile-ttl", "volatile-lru", "allkeys-random"})
  void refusesAStoreThatEvicts(String policy) {
    try (RedisServers servers = RedisServers.standalone("maxmemory-policy " + policy)) {
      assertThat(opened(servers.settings())).isEqualTo("store-evicts");
    }
  }

  @Test
  void refusesAClusterWhereAStandaloneServerWasConfigured() {
    RedisSettings cluster = RedisServers.shared(RedisSettings.Mode.CLUSTER).settings();
    assertThat(opened(with(cluster, RedisSettings.Mode.STANDALONE))).isEqualTo("store-mode");
  }

  @Test
  void refusesAStandaloneServerWhereAClusterWasConfigured() {
    assertThat(opened(with(STANDALONE.settings(), RedisSettings.Mode.CLUSTER)))
        .isEqualTo("store-mode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.0.16", "5.0.14", "2.8.0"})
  void refusesAServerThatIsTooOld(String version) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> pretend(server, version));
      RedisSettings settings = at(server.getLocalPort(), RedisSettings.Mode.STANDALONE);
      assertThat(opened(settings, Duration.ofMinutes(1))).isEqualTo("store-version");
    }
  }

  @Test
  void tellsWhatWasFoundAndWhatToDo() {
    try (RedisServers servers = RedisServers.standalone("maxmemory-policy allkeys-lru")) {
      assertThat(StoreCheck.open(servers.settings()).toString())
          .startsWith("store-evicts: 127.0.0.1:")
          .contains("maxmemory-policy allkeys-lru")
          .endsWith("set maxmemory-policy noeviction");
    }
  }

  private static String opened(RedisSettings settings) {
    return opened(settings, Duration.ZERO);
  }

  private static String opened(RedisSettings settings, Duration patience) {
    return switch (StoreCheck.open(settings, Durability.Level.REPLICAS, patience)) {
      case StoreCheck.Ready(RedisLink link) -> {
        link.close();
        yield "ready";
      }
      case Obstacle obstacle -> obstacle.code().text();
    };
  }

  private static RedisSettings at(int port, RedisSettings.Mode mode) {
    return new RedisSettings(
        List.of(URI.create("redis://127.0.0.1:" + port)),
        mode,
        Optional.empty(),
        Optional.empty(),
        RedisSettings.DEFAULT_TIMEOUT,
        Optional.empty());
  }

  private static RedisSettings with(RedisSettings settings, RedisSettings.Mode mode) {
    return new RedisSettings(
        settings.nodes().subList(0, 1),
        mode,
        settings.username(),
        settings.password(),
        settings.timeout(),
        settings.ca());
  }

  private static long keys(RedisServers servers) {
    return servers.sum(admin -> admin.commands().dbsize());
  }

  /** Answers INFO like a server of a version, and all else like one that knows nothing. */
  private static void pretend(ServerSocket server, String version) {
    while (!server.isClosed()) {
      answer(server, version);
    }
  }

  private static void answer(ServerSocket server, String version) {
    try (Socket socket = server.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String reply =
            switch (line) {
              case "INFO" -> {
                String info = "redis_version:" + version + "\r\nmaxmemory_policy:noeviction\r\n";
                yield "$" + info.length() + "\r\n" + info + "\r\n";
              }
              case "HELLO" ->
                  version.startsWith("6.")
                      ? "%1\r\n$5\r\nproto\r\n:3\r\n"
                      : "-ERR unknown command `HELLO`\r\n";
              case "PING" -> "+PONG\r\n";
              case "CLIENT" -> "+OK\r\n";
              default -> "";
            };
        socket.getOutputStream().write(reply.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The client has seen enough.
      return;
    }
  }
}
