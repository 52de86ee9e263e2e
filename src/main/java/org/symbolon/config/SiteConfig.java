package org.symbolon.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where browsers prove their keys for all hosts of a site.
 *
 * @param origin of this service, as browsers reach it
 * @param site the origin of the site's registrable domain
 */
public record SiteConfig(String origin, String site) {
  private static final Pattern ORIGIN = Pattern.compile("https://([a-z0-9.-]+)(:[0-9]{1,5})?");
  private static final String SHAPE =
      "https://host in small letters needed, with a port if it is not 443";

  static Optional<SiteConfig> read(Settings settings, CookieConfig cookie, PolicyConfig policy) {
    Optional<String> origin = settings.find("dbsc.origin");
    if (origin.isEmpty()) {
      if (settings.isSet("dbsc.site")) {
        settings.fault("dbsc.origin", "needed with dbsc.site: where browsers reach this service");
      }
      if (cookie.domain().isPresent() && policy.bindsBrowsers()) {
        settings.fault(
            "dbsc.origin",
            "needed with cookie.domain and binding.dbsc: where all its hosts' browsers prove their"
                + " keys, as in https://login."
                + cookie.domain().get());
      }
      return Optional.empty();
    }
    if (cookie.domain().isEmpty()) {
      settings.fault(
          "cookie.domain",
          "needed with dbsc.origin: a cookie of one host can't show another's proof; or leave"
              + " dbsc.origin out");
      return Optional.empty();
    }
    return read(settings, origin.get(), cookie.domain().get());
  }

  private static Optional<SiteConfig> read(Settings settings, String origin, String domain) {
    Matcher own = ORIGIN.matcher(origin);
    if (!own.matches() || ":443".equals(own.group(2))) {
      settings.fault("dbsc.origin", SHAPE);
      return Optional.empty();
    }
    if (!isWithin(own.group(1), domain)) {
      settings.fault(
          "dbsc.origin", "a host of cookie.domain needed, for only they set cookies of " + domain);
    }
    String port = Optional.ofNullable(own.group(2)).orElse("");
    String site = settings.find("dbsc.site").orElse("https://" + domain + port);
    Matcher whole = ORIGIN.matcher(site);
    if (!whole.matches() || ":443".equals(whole.group(2))) {
      settings.fault("dbsc.site", SHAPE);
      return Optional.empty();
    }
    if (!isWithin(domain, whole.group(1))) {
      settings.fault("dbsc.site", "cookie.domain or a domain above it needed");
    }
    if (!port.equals(Optional.ofNullable(whole.group(2)).orElse(""))) {
      settings.fault(
          "dbsc.site", "the port of dbsc.origin needed: browsers look for the site's file there");
    }
    return Optional.of(new SiteConfig(origin, site));
  }

  private static boolean isWithin(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }
}
