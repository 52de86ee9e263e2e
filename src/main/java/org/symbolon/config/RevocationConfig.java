package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How safe a revocation is before it is acknowledged.
 *
 * @param minReplicas how many replicas have to have it at least
 * @param journal the folder of this node's journal
 * @param known how many revocations this node remembers
 */
public record RevocationConfig(
    Durability durability, int minReplicas, Optional<Path> journal, int known) {
  private static final int MOST_REPLICAS = 100;

  /** Where it has to be in the store. */
  public enum Durability {
    MEMORY,
    REPLICAS,
    FSYNC
  }

  static RevocationConfig read(Settings settings, Path base, RedisConfig redis) {
    Durability durability =
        settings.choice("revocation.durability", Durability.class).orElse(Durability.REPLICAS);
    int minReplicas = settings.integer("revocation.minReplicas", 0, MOST_REPLICAS, 0);
    if (durability == Durability.MEMORY && minReplicas > 0) {
      settings.fault("revocation.minReplicas", "0 where revocation.durability is memory");
    }
    return new RevocationConfig(
        durability,
        minReplicas,
        settings
            .path("journal.directory", base)
            .or(
                () ->
                    redis.mode() == RedisConfig.Mode.EMBEDDED
                        ? Optional.of(redis.directory().resolve("journal"))
                        : Optional.empty()),
        settings.integer("revocation.known", 10_000, 100_000_000, 4_000_000));
  }
}
