package org.symbolon.http.gateway;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.symbolon.session.Demand;

/**
 * Knows what the routes of applications demand. Every route that matches counts, so a further one
 * never loosens what another demands. What is asked for in an ambiguous way, or not told, is held
 * to all of the routes that it might be of.
 */
public final class RouteDemands {
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");

  /** No route demands anything. */
  public static final RouteDemands NONE = new RouteDemands(List.of());

  private final List<Route> routes;

  /**
   * A part of an application.
   *
   * @param host without a port; all where empty
   * @param path a prefix of whole segments, in plain form
   * @param staleAllow for how long after the store stopped answering a known session is allowed
   */
  public record Route(
      String name, Optional<String> host, String path, Demand demand, Duration staleAllow) {
    /** One that allows nobody without the store. */
    public Route(String name, Optional<String> host, String path, Demand demand) {
      this(name, host, path, demand, Duration.ZERO);
    }

    public Route {
      host = host.map(RouteDemands::bare);
      path = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      path = path.toLowerCase(Locale.ROOT);
    }

    private boolean matches(Original.Target target) {
      return (host.isEmpty()
              || target.host().isEmpty()
              || target.host().map(RouteDemands::bare).equals(host))
          && (target.path().isEmpty() || isBelow(target.path().get()));
    }

    private boolean certainlyMatches(Original.Target target) {
      return target.path().isPresent()
          && (host.isEmpty() || target.host().isPresent())
          && matches(target);
    }

    /** A dot ends a segment here: many frameworks take it for a format's name. */
    private boolean isBelow(String asked) {
      return asked.startsWith(path)
          && (path.equals("/")
              || asked.length() == path.length()
              || asked.charAt(path.length()) == '/'
              || asked.charAt(path.length()) == '.');
    }
  }

  /**
   * @throws IllegalArgumentException where a route's path has no plain form
   */
  public RouteDemands(List<Route> routes) {
    for (Route route : routes) {
      if (PlainPath.of(route.path()).isEmpty()) {
        throw new IllegalArgumentException(
            "routes." + route.name() + ".path: a plain path such as /admin needed");
      }
    }
    this.routes = List.copyOf(routes);
  }

  public List<Route> routes() {
    return routes;
  }

  /** Whether any route demands anything at all. */
  boolean isEmpty() {
    return routes.isEmpty();
  }

  /** All that is demanded of a request; without a gateway, of what a program tells of it. */
  Demand of(Original original, Profile profile) {
    Demand demand = Demand.NONE;
    boolean isUntold = original.targets().isEmpty();
    if (isUntold && profile == Profile.DIRECT) {
      return demand;
    }
    for (Route route : routes) {
      if (isUntold || original.targets().stream().anyMatch(route::matches)) {
        demand = demand.and(route.demand());
      }
    }
    return demand;
  }

  /**
   * For how long a request may be allowed without the store: the shortest time of all routes that
   * it might be of, and none where it might be of no route.
   */
  Duration staleAllow(Original original) {
    return original.targets().stream()
        .map(this::staleAllow)
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private Duration staleAllow(Original.Target target) {
    return routes.stream().noneMatch(route -> route.certainlyMatches(target))
        ? Duration.ZERO
        : routes.stream()
            .filter(route -> route.matches(target))
            .map(Route::staleAllow)
            .min(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
  }

  /** A host as it is compared: in lower case, without a port or a final dot. */
  static String bare(String authority) {
    String host = PORT.matcher(authority.toLowerCase(Locale.ROOT)).replaceFirst("");
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
