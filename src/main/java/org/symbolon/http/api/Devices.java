package org.symbolon.http.api;

import java.util.List;
import java.util.Locale;
import org.symbolon.http.Addresses;
import org.symbolon.session.Device;
import org.symbolon.session.Device.Browser;
import org.symbolon.session.Device.Platform;
import org.symbolon.session.SessionIds;

/** Knows a device by its user agent and network, as far as people need to recognise it. */
public final class Devices {
  private record Sign<T>(String text, T family) {}

  /** In this order: most name those below them as well. */
  private static final List<Sign<Browser>> BROWSERS =
      List.of(
          new Sign<>("edg/", Browser.EDGE),
          new Sign<>("edga/", Browser.EDGE),
          new Sign<>("edgios/", Browser.EDGE),
          new Sign<>("opr/", Browser.OPERA),
          new Sign<>("opera", Browser.OPERA),
          new Sign<>("samsungbrowser/", Browser.SAMSUNG),
          new Sign<>("firefox/", Browser.FIREFOX),
          new Sign<>("fxios/", Browser.FIREFOX),
          new Sign<>("chrome/", Browser.CHROME),
          new Sign<>("chromium/", Browser.CHROME),
          new Sign<>("crios/", Browser.CHROME),
          new Sign<>("safari/", Browser.SAFARI));

  /** In this order, for the same reason. */
  private static final List<Sign<Platform>> PLATFORMS =
      List.of(
          new Sign<>("cros", Platform.CHROMEOS),
          new Sign<>("android", Platform.ANDROID),
          new Sign<>("iphone", Platform.IOS),
          new Sign<>("ipad", Platform.IOS),
          new Sign<>("ipod", Platform.IOS),
          new Sign<>("windows", Platform.WINDOWS),
          new Sign<>("macintosh", Platform.MACOS),
          new Sign<>("mac os x", Platform.MACOS),
          new Sign<>("linux", Platform.LINUX),
          new Sign<>("x11", Platform.LINUX));

  private final SessionIds ids;

  Devices(SessionIds ids) {
    this.ids = ids;
  }

  /** What is kept of a device; nothing where neither is known. */
  Device of(String userAgent, String address) {
    if (userAgent.isEmpty() && address.isEmpty()) {
      return Device.UNKNOWN;
    }
    return new Device(
        browser(userAgent),
        platform(userAgent),
        ids.signalHash(userAgent),
        ids.signalHash(Addresses.network(address)));
  }

  /** The families of browser and platform in one word; empty for an empty user agent. */
  public static String family(String userAgent) {
    return userAgent.isEmpty() ? "" : browser(userAgent).name() + '/' + platform(userAgent).name();
  }

  static Browser browser(String userAgent) {
    Browser named = first(BROWSERS, userAgent, Browser.OTHER);
    boolean program = !userAgent.isEmpty() && !userAgent.startsWith("Mozilla/");
    return named == Browser.OTHER && program ? Browser.PROGRAM : named;
  }

  static Platform platform(String userAgent) {
    return first(PLATFORMS, userAgent, Platform.OTHER);
  }

  private static <T> T first(List<Sign<T>> signs, String userAgent, T otherwise) {
    String lower = userAgent.toLowerCase(Locale.ROOT);
    return signs.stream()
        .filter(sign -> lower.contains(sign.text()))
        .map(Sign::family)
        .findFirst()
        .orElse(otherwise);
  }
}
