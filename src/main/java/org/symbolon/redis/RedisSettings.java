package org.symbolon.redis;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.symbolon.session.SecretText;

/**
 * Where the store is and how to reach it.
 *
 * @param nodes {@code redis://host:port} or {@code rediss://host:port} for TLS; of a Cluster at
 *     least one node, of a standalone server exactly one, and with Sentinel the Sentinels
 * @param username the ACL user; without one, the password alone is sent
 * @param timeout how long one call may take, 10 ms to 5 s
 * @param ca the certificates to trust for TLS, PEM; those of the JDK without it
 * @param sentinel in mode sentinel, and only there
 */
public record RedisSettings(
    List<URI> nodes,
    Mode mode,
    Optional<String> username,
    Optional<SecretText> password,
    Duration timeout,
    Optional<Path> ca,
    Optional<Sentinel> sentinel) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(200);
  static final int DEFAULT_PORT = 6379;
  static final int DEFAULT_SENTINEL_PORT = 26379;
  private static final Set<String> SCHEMES = Set.of("redis", "rediss");

  /** How the servers are arranged. */
  public enum Mode {
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  /**
   * What is to be asked of Sentinels.
   *
   * @param master the name that they know the master by
   * @param username their ACL user; without one, the password alone is sent
   */
  public record Sentinel(String master, Optional<String> username, Optional<SecretText> password) {}

  /** Servers without Sentinels. */
  public RedisSettings(
      List<URI> nodes,
      Mode mode,
      Optional<String> username,
      Optional<SecretText> password,
      Duration timeout,
      Optional<Path> ca) {
    this(nodes, mode, username, password, timeout, ca, Optional.empty());
  }

  /**
   * @throws IllegalArgumentException where a part has another shape; the message names the field
   */
  public RedisSettings {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("nodes: at least one redis://host:port needed");
    }
    if (mode == Mode.STANDALONE && nodes.size() > 1) {
      throw new IllegalArgumentException(
          "nodes: exactly one for mode standalone, or mode sentinel or cluster");
    }
    if ((mode == Mode.SENTINEL) != sentinel.isPresent()) {
      throw new IllegalArgumentException("master: needed in mode sentinel, and only there");
    }
    nodes.forEach(RedisSettings::check);
    if (nodes.stream().map(URI::getScheme).distinct().count() > 1) {
      throw new IllegalArgumentException("nodes: redis:// or rediss:// for all of them");
    }
    if (username.isPresent() && password.isEmpty()) {
      throw new IllegalArgumentException("password: needed where a username is set");
    }
    if (timeout.compareTo(Duration.ofMillis(10)) < 0
        || timeout.compareTo(Duration.ofSeconds(5)) > 0) {
      throw new IllegalArgumentException("timeout: 10 ms to 5 s needed");
    }
    if (ca.isPresent() && !"rediss".equals(nodes.getFirst().getScheme())) {
      throw new IllegalArgumentException("ca: only with rediss:// nodes");
    }
  }

  private static void check(URI node) {
    // The URI itself is not repeated: a password written into it would be.
    if (node.getScheme() == null || !SCHEMES.contains(node.getScheme())) {
      throw new IllegalArgumentException("nodes: redis:// or rediss:// needed");
    }
    if (node.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "nodes: no user or password in the URI; set username and password");
    }
    if (node.getHost() == null) {
      throw new IllegalArgumentException("nodes: a host needed, as in redis://host:port");
    }
    boolean hasPath = node.getRawPath() != null && !node.getRawPath().replace("/", "").isEmpty();
    if (hasPath || node.getRawQuery() != null || node.getRawFragment() != null) {
      throw new IllegalArgumentException("nodes: nothing after the port; database 0 is used");
    }
  }

  boolean isTls() {
    return "rediss".equals(nodes.getFirst().getScheme());
  }
}
