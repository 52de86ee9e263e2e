package org.symbolon.http.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which kind of gateway asks, as the request's path says. The path says it because a gateway may
 * pass on its client's query.
 */
public enum Profile {
  DIRECT(false),
  NGINX(true),
  CADDY(true),
  HAPROXY(true),
  APACHE(true),
  TRAEFIK(true),
  ENVOY(true),
  ISTIO(true),
  KONG(false),
  APISIX(false),
  WORKER(true);

  private final boolean carries;
  private final String text = name().toLowerCase(Locale.ROOT);

  Profile(boolean carries) {
    this.carries = carries;
  }

  /** The name in paths, metrics and audit events. */
  public String text() {
    return text;
  }

  /**
   * Whether the {@code Set-Cookie} of an allowed answer reaches the browser where the gateway is
   * set up as its recipe says.
   */
  public boolean carries() {
    return carries;
  }

  /** All but {@code direct}. */
  static Stream<Profile> gateways() {
    return Arrays.stream(values()).filter(p -> p != DIRECT);
  }

  static String names() {
    return gateways().map(Profile::text).collect(Collectors.joining(", "));
  }
}
