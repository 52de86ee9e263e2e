package org.symbolon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the sessions are kept.
 *
 * @param timeout of a command
 * @param startTimeout how long a node that starts waits for a store that gives no answer
 */
public record RedisConfig(
    Mode mode,
    List<Node> nodes,
    String username,
    Optional<Secret> password,
    boolean tls,
    Optional<Path> authority,
    Duration timeout,
    Duration startTimeout,
    Sentinel sentinel,
    Path directory) {

  private static final Duration MOST_AT_START = Duration.ofMinutes(10);

  /** The shapes of a Redis. */
  public enum Mode {
    EMBEDDED,
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  /** What the Sentinels of mode sentinel are asked, and as whom. */
  public record Sentinel(String master, String username, Optional<Secret> password) {}

  /** One server. */
  public record Node(String host, int port) {}

  static RedisConfig read(Settings settings, Path base) {
    Mode mode =
        settings
            .choice("redis.mode", Mode.class)
            .filter(m -> settings.isSet("redis.mode") || !settings.isSet("redis.nodes"))
            .orElse(Mode.STANDALONE);
    List<Node> nodes = nodes(settings);
    boolean tls = settings.flag("redis.tls");
    if (mode == Mode.EMBEDDED && !nodes.isEmpty()) {
      settings.fault(
          "redis.nodes",
          "the embedded Redis has none; set redis.mode to standalone, sentinel or cluster");
    }
    if (mode != Mode.EMBEDDED && nodes.isEmpty()) {
      settings.fault("redis.nodes", "needed: host:port of a server");
    }
    if (!tls
        && !settings.flag("redis.plaintext")
        && nodes.stream().anyMatch(node -> !Loopback.holds(node.host()))) {
      settings.fault(
          "redis.tls",
          "plaintext beyond loopback; set redis.tls, or redis.plaintext for a network you trust");
    }
    return new RedisConfig(
        mode,
        nodes,
        settings.text("redis.username"),
        settings.find("redis.password").map(Secret::new),
        tls,
        settings.file("redis.ca", base),
        settings.duration("redis.timeout").orElse(Duration.ofMillis(200)),
        startTimeout(settings),
        sentinel(settings, mode),
        base.resolve(settings.text("redis.directory")));
  }

  private static Duration startTimeout(Settings settings) {
    Duration timeout = settings.duration("redis.startTimeout").orElse(Duration.ofSeconds(10));
    if (timeout.compareTo(MOST_AT_START) > 0) {
      settings.fault("redis.startTimeout", "0s to 10m needed");
    }
    return timeout;
  }

  private static Sentinel sentinel(Settings settings, Mode mode) {
    for (String key : List.of("redis.master", "redis.sentinelUsername", "redis.sentinelPassword")) {
      if (mode != Mode.SENTINEL && settings.isSet(key)) {
        settings.fault(key, "only with redis.mode sentinel");
      }
    }
    Optional<String> password = settings.find("redis.sentinelPassword");
    if (settings.isSet("redis.sentinelUsername") && password.isEmpty()) {
      settings.fault("redis.sentinelPassword", "needed where redis.sentinelUsername is set");
    }
    return new Sentinel(
        settings.text("redis.master"),
        settings.text("redis.sentinelUsername"),
        password.map(Secret::new));
  }

  private static List<Node> nodes(Settings settings) {
    List<Node> nodes = new ArrayList<>();
    for (String text : settings.texts("redis.nodes")) {
      int colon = text.lastIndexOf(':');
      String port = text.substring(colon + 1);
      if (colon < 1 || !port.matches("\\d{1,5}")) {
        settings.fault("redis.nodes", "host:port needed, not " + text);
      } else {
        nodes.add(new Node(text.substring(0, colon), Integer.parseInt(port)));
      }
    }
    return nodes;
  }
}
