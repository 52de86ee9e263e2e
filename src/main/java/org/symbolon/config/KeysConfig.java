package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where the key ring is; neither, and one is generated beside the embedded Redis. */
public record KeysConfig(Optional<Path> file, Optional<Secret> ring) {
  static KeysConfig read(Settings settings, Path base, RedisConfig redis) {
    KeysConfig keys =
        new KeysConfig(
            settings.file("keys.file", base), settings.find("keys.ring").map(Secret::new));
    if (keys.file.isPresent() && keys.ring.isPresent()) {
      settings.fault("keys.ring", "keys.file is set as well; leave one out");
    }
    if (redis.mode() != RedisConfig.Mode.EMBEDDED && keys.file.isEmpty() && keys.ring.isEmpty()) {
      settings.fault("keys.file", "needed: the key ring; `symbolon key new` prints one");
    }
    return keys;
  }
}
