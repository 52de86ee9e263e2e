package org.symbolon.http.gateway;

import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.symbolon.http.Exchange;

/**
 * The request that a gateway asks about, as it tells of it.
 *
 * @param isSafe whether it certainly changes nothing (RFC 9110 section 9.2.1)
 * @param targets all that it is said to ask for; empty where nothing is told that can be believed
 */
record Original(boolean isSafe, List<Target> targets) {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<String> METHODS = List.of("X-Forwarded-Method", "X-Original-Method");
  private static final List<String> TARGETS =
      List.of("X-Forwarded-Uri", "X-Original-URI", "X-Original-URL");
  private static final String HOST = "X-Forwarded-Host";

  /**
   * What is asked for.
   *
   * @param host empty where it is not told
   * @param path its plain form; empty where it is ambiguous
   */
  record Target(Optional<String> host, Optional<String> path) {}

  static Original of(Exchange exchange, Profile profile) {
    boolean passes = profile == Profile.ENVOY || profile == Profile.ISTIO;
    if (profile != Profile.DIRECT && !exchange.hop().trusted()) {
      return new Original(false, List.of());
    }
    MultiMap fields = exchange.fields();
    Optional<String> host =
        passes || fields.contains(HOST)
            ? Optional.of(exchange.hop().authority())
            : Optional.empty();
    List<Target> targets = new ArrayList<>();
    for (String name : TARGETS) {
      fields.getAll(name).forEach(value -> targets.add(target(value, host)));
    }
    String prefix = "/gw/" + profile.text() + "/validate/";
    if (exchange.path().startsWith(prefix)) {
      targets.add(target(exchange.path().substring(prefix.length() - 1), host));
    }
    return new Original(isSafe(exchange, passes), List.copyOf(targets));
  }

  private static boolean isSafe(Exchange exchange, boolean passes) {
    List<String> methods = new ArrayList<>(passes ? List.of(exchange.method()) : List.of());
    METHODS.forEach(name -> methods.addAll(exchange.fields().getAll(name)));
    return !methods.isEmpty() && SAFE.containsAll(methods);
  }

  /** An origin-form, or an absolute one whose host counts where no field tells it. */
  private static Target target(String value, Optional<String> host) {
    if (value.startsWith("/")) {
      return new Target(host, PlainPath.of(value));
    }
    try {
      URI uri = new URI(value);
      boolean isWeb =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (isWeb && uri.getRawAuthority() != null && uri.getRawUserInfo() == null) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(host.or(() -> Optional.of(uri.getRawAuthority())), PlainPath.of(path));
      }
    } catch (java.net.URISyntaxException e) {
      return new Target(host, Optional.empty());
    }
    return new Target(host, Optional.empty());
  }
}
