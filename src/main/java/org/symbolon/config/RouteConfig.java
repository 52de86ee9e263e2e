package org.symbolon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a part of an application demands of a session, and what it allows.
 *
 * @param host every host where empty
 * @param path a path and all below it
 * @param acr one of the configured order
 * @param staleAllow for how long a known session is allowed while the store gives no answer; zero
 *     for not at all
 */
public record RouteConfig(
    String name,
    Optional<String> host,
    String path,
    Optional<Duration> maxAge,
    Optional<String> acr,
    boolean csrf,
    Duration staleAllow) {
  private static final Duration LONGEST_STALE = Duration.ofHours(1);
  static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*|\\[[0-9a-fA-F:.]+]");
  private static final Pattern PATH = Pattern.compile("/|(/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+/?");
  private static final Pattern ACR = Pattern.compile("[!#-\\[\\]-~]{1,64}");

  static List<String> readOrder(Settings settings) {
    List<String> order = settings.texts("acr.order");
    for (String acr : order) {
      if (!ACR.matcher(acr).matches()) {
        settings.fault(
            "acr.order",
            "1 to 64 visible ASCII characters without quotes and backslashes needed, not " + acr);
      }
    }
    if (new HashSet<>(order).size() < order.size()) {
      settings.fault("acr.order", "each class once needed, from the weakest to the strongest");
    }
    return order;
  }

  static List<RouteConfig> read(Settings settings, List<String> order) {
    List<RouteConfig> routes = new ArrayList<>();
    for (String name : settings.names("routes")) {
      String key = "routes." + name + ".";
      RouteConfig route =
          new RouteConfig(
              name,
              settings.find(key + "host"),
              settings.text(key + "path"),
              settings.duration(key + "maxAge"),
              settings.find(key + "acr"),
              settings.flag(key + "csrf"),
              settings.duration(key + "staleAllow").orElse(Duration.ZERO));
      route.judge(settings, key, order);
      routes.add(route);
    }
    return routes;
  }

  private void judge(Settings settings, String key, List<String> order) {
    settings.require(key + "path", "the path, or / for all of the host");
    if (!path.isEmpty() && !PATH.matcher(path).matches()) {
      settings.fault(
          key + "path",
          "a path of plain segments needed, as in /admin/users: letters, digits, . _ ~ -, not"
              + " ending in a dot");
    }
    if (host.filter(h -> !HOST.matcher(h).matches()).isPresent()) {
      settings.fault(key + "host", "one host without a port needed, as in app.example");
    }
    if (maxAge.filter(age -> age.toSeconds() < 1).isPresent()) {
      settings.fault(key + "maxAge", "1s or more needed");
    }
    if (acr.filter(a -> !order.contains(a)).isPresent()) {
      settings.fault(
          key + "acr",
          order.isEmpty()
              ? "acr.order needed: the classes from the weakest to the strongest"
              : "one of acr.order needed: " + String.join(", ", order));
    }
    boolean isOff = staleAllow.isZero();
    if (!isOff && (staleAllow.toSeconds() < 1 || staleAllow.compareTo(LONGEST_STALE) > 0)) {
      settings.fault(key + "staleAllow", "1s to 1h needed");
    }
    if (maxAge.isEmpty() && acr.isEmpty() && !csrf && isOff) {
      settings.fault(
          key + "maxAge", "needed: it, acr, csrf or staleAllow, or the route demands nothing");
    }
  }
}
