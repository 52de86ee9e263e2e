package org.symbolon.config;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is set of gateway profiles. */
public final class GatewayConfig {
  /** Every profile there is; {@code direct} is {@code /v1/validate}. */
  static final List<String> PROFILES =
      List.of(
          "direct", "nginx", "caddy", "haproxy", "apache", "traefik", "envoy", "istio", "kong",
          "apisix", "worker");

  /** Whether the {@code Set-Cookie} of an allowed answer reaches the browser. */
  public enum Rotate {
    COOKIE,
    OFF
  }

  /** The profiles of which anything is set. */
  static SortedMap<String, Rotate> read(Settings settings) {
    SortedMap<String, Rotate> rotate = new TreeMap<>();
    for (String name : settings.names("gateways")) {
      String key = "gateways." + name + ".rotate";
      if (!PROFILES.contains(name)) {
        settings.fault(
            settings.isSet(key) ? key : "gateways." + name + ".audience",
            "no such gateway profile"
                + Nearest.of(name, PROFILES)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; one of " + String.join(", ", PROFILES) + " needed"));
      } else {
        settings.choice(key, Rotate.class).ifPresent(chosen -> rotate.put(name, chosen));
      }
    }
    return rotate;
  }

  private GatewayConfig() {}
}
