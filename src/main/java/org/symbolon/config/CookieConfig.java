package org.symbolon.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The session cookie's name and attributes; HttpOnly and Path=/ are not to be set.
 *
 * @param domain all of whose hosts get it; only the host that set it where empty
 */
public record CookieConfig(
    String name, String sameSite, boolean secure, boolean persistent, Optional<String> domain) {
  private static final String TOKEN = "[A-Za-z0-9_-]{1,64}";
  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  static CookieConfig read(Settings settings, Configuration.Profile profile) {
    Optional<String> domain = settings.find("cookie.domain");
    boolean isNamed = settings.isSet("cookie.name") || domain.isEmpty();
    CookieConfig cookie =
        new CookieConfig(
            isNamed ? settings.text("cookie.name") : "__Secure-sid",
            settings.text("cookie.sameSite"),
            settings.flag("cookie.secure"),
            settings.flag("cookie.persistent"),
            domain);
    settings.within("cookie.sameSite", Set.of("Strict", "Lax", "None"));
    if (!cookie.name.matches(TOKEN)) {
      settings.fault("cookie.name", "1 to 64 characters of an HTTP token needed");
    }
    if (domain.filter(name -> !DOMAIN.matcher(name).matches()).isPresent()) {
      settings.fault("cookie.domain", "a domain in small letters needed, as in example.org");
    }
    cookie.judgePrefix(settings, profile);
    if (!cookie.secure && cookie.sameSite.equals("None")) {
      settings.fault("cookie.sameSite", "browsers refuse None on a cookie that is not Secure");
    }
    return cookie;
  }

  private void judgePrefix(Settings settings, Configuration.Profile profile) {
    String prefix = domain.isPresent() ? "__Secure-" : "__Host-";
    if (domain.isPresent() && name.startsWith("__Host-")) {
      settings.fault(
          "cookie.name",
          "browsers refuse a __Host- cookie with a Domain: begin it with __Secure-, or leave"
              + " cookie.domain out");
    } else if (profile == Configuration.Profile.PRODUCTION && !name.startsWith(prefix)) {
      settings.fault(
          "cookie.name", "the prefix " + prefix + " needed, or profile: development on loopback");
    }
    if (profile == Configuration.Profile.PRODUCTION && !secure) {
      settings.fault("cookie.secure", "true needed, or profile: development on loopback");
    }
    if (!secure && (name.startsWith("__Host-") || name.startsWith("__Secure-"))) {
      settings.fault(
          "cookie.secure",
          "browsers refuse a "
              + name.substring(0, name.indexOf('-') + 1)
              + " cookie that is not Secure");
    }
  }
}
