package org.symbolon;

import java.net.URI;
import java.util.Optional;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.config.RedisConfig;
import org.symbolon.config.RevocationConfig;
import org.symbolon.config.Secret;
import org.symbolon.redis.Durability;
import org.symbolon.redis.Obstacle;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisSettings;
import org.symbolon.redis.StoreCheck;
import org.symbolon.session.SecretText;

/** The store that a configuration describes. */
final class Stores {
  /**
   * Opens it.
   *
   * @param embedded of the trial's own Redis, instead of what is configured
   */
  static RedisLink open(Configuration configuration, Optional<RedisSettings> embedded)
      throws Symbolon.StartFailure {
    RedisSettings settings = embedded.orElseGet(() -> settings(configuration.redis()));
    return switch (StoreCheck.open(
        settings,
        durability(configuration.revocation()).level(),
        configuration.redis().startTimeout())) {
      case StoreCheck.Ready(RedisLink link) -> link;
      case Obstacle obstacle -> throw new Symbolon.StartFailure(obstacle.toString());
    };
  }

  static Durability durability(RevocationConfig revocation) {
    return new Durability(
        switch (revocation.durability()) {
          case MEMORY -> Durability.Level.MEMORY;
          case REPLICAS -> Durability.Level.REPLICAS;
          case FSYNC -> Durability.Level.FSYNC;
        },
        revocation.minReplicas());
  }

  private static RedisSettings settings(RedisConfig redis) {
    String scheme = redis.tls() ? "rediss" : "redis";
    RedisSettings.Mode mode =
        switch (redis.mode()) {
          case EMBEDDED, STANDALONE -> RedisSettings.Mode.STANDALONE;
          case SENTINEL -> RedisSettings.Mode.SENTINEL;
          case CLUSTER -> RedisSettings.Mode.CLUSTER;
        };
    RedisConfig.Sentinel sentinel = redis.sentinel();
    return new RedisSettings(
        redis.nodes().stream()
            .map(n -> URI.create(scheme + "://" + n.host() + ":" + n.port()))
            .toList(),
        mode,
        redis.password().isPresent() ? Optional.of(redis.username()) : Optional.empty(),
        secret(redis.password()),
        redis.timeout(),
        redis.authority(),
        mode == RedisSettings.Mode.SENTINEL
            ? Optional.of(
                new RedisSettings.Sentinel(
                    sentinel.master(),
                    Optional.of(sentinel.username()).filter(name -> !name.isEmpty()),
                    secret(sentinel.password())))
            : Optional.empty());
  }

  private static Optional<SecretText> secret(Optional<Secret> configured) {
    return configured.map(secret -> new SecretText(secret.reveal()));
  }

  private Stores() {}
}
