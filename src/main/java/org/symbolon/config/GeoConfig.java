package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files of the MaxMind DB format that tell of addresses.
 *
 * @param asn the autonomous system
 * @param country the country
 */
public record GeoConfig(Optional<Path> asn, Optional<Path> country) {
  static GeoConfig read(Settings settings, Path base) {
    return new GeoConfig(settings.path("geo.asn", base), settings.path("geo.country", base));
  }
}
