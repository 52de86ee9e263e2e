package org.symbolon.config;

import java.util.Set;

/** The session cookie's name and attributes; HttpOnly, Path=/ and no Domain are not to be set. */
public record CookieConfig(String name, String sameSite, boolean secure, boolean persistent) {
  private static final String TOKEN = "[A-Za-z0-9_-]{1,64}";

  static CookieConfig read(Settings settings, Configuration.Profile profile) {
    CookieConfig cookie =
        new CookieConfig(
            settings.text("cookie.name"),
            settings.text("cookie.sameSite"),
            settings.flag("cookie.secure"),
            settings.flag("cookie.persistent"));
    settings.within("cookie.sameSite", Set.of("Strict", "Lax", "None"));
    if (!cookie.name.matches(TOKEN)) {
      settings.fault("cookie.name", "1 to 64 characters of an HTTP token needed");
    }
    boolean prefixed = cookie.name.startsWith("__Host-");
    if (profile == Configuration.Profile.PRODUCTION) {
      if (!prefixed) {
        settings.fault(
            "cookie.name", "the prefix __Host- needed, or profile: development on loopback");
      }
      if (!cookie.secure) {
        settings.fault("cookie.secure", "true needed, or profile: development on loopback");
      }
    }
    if (!cookie.secure && prefixed) {
      settings.fault("cookie.secure", "browsers refuse a __Host- cookie that is not Secure");
    }
    if (!cookie.secure && cookie.sameSite.equals("None")) {
      settings.fault("cookie.sameSite", "browsers refuse None on a cookie that is not Secure");
    }
    return cookie;
  }
}
