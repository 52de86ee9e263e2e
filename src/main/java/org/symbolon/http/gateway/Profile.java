package org.symbolon.http.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which kind of gateway asks, as the request's path says. The path says it because a gateway may
 * pass on its client's query.
 */
public enum Profile {
  DIRECT,
  NGINX,
  CADDY,
  HAPROXY,
  APACHE,
  TRAEFIK,
  ENVOY,
  ISTIO,
  KONG,
  APISIX,
  WORKER;

  /** The name in paths, metrics and audit events. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The gateway of a name; {@code direct} is none. */
  static Optional<Profile> gateway(String text) {
    return Arrays.stream(values()).filter(p -> p != DIRECT && p.text().equals(text)).findFirst();
  }

  static String names() {
    return Arrays.stream(values())
        .filter(p -> p != DIRECT)
        .map(Profile::text)
        .collect(Collectors.joining(", "));
  }
}
