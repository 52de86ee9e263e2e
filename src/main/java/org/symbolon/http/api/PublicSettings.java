package org.symbolon.http.api;

import java.util.Set;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.gateway.Audiences;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.RouteDemands;

/**
 * What is set about the public listener.
 *
 * @param allowedOrigins from which log in and log out are taken beside the service's own
 */
public record PublicSettings(
    ListenerSettings listener,
    CookieAttributes cookie,
    Set<String> allowedOrigins,
    ClearSiteData clearSiteData,
    Carriers carriers,
    RouteDemands routes,
    Audiences audiences) {

  /** What a logout makes the browser clear beside the cookie (W3C Clear Site Data section 3.1). */
  public enum ClearSiteData {
    NONE(""),
    STORAGE("\"cache\", \"storage\""),
    ALL("\"cache\", \"storage\", \"cookies\"");

    private final String value;

    ClearSiteData(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }
  }

  /** Those by which no application gets assertions. */
  public PublicSettings(
      ListenerSettings listener,
      CookieAttributes cookie,
      Set<String> allowedOrigins,
      ClearSiteData clearSiteData,
      Carriers carriers,
      RouteDemands routes) {
    this(listener, cookie, allowedOrigins, clearSiteData, carriers, routes, Audiences.NONE);
  }

  /**
   * @throws IllegalArgumentException where the cookie would travel in the clear
   */
  public PublicSettings {
    allowedOrigins = Set.copyOf(allowedOrigins);
    if (!cookie.secure() && !listener.isLoopback()) {
      throw new IllegalArgumentException(
          "cookie Secure: without it the public listener must listen on loopback; set its host to"
              + " 127.0.0.1 or keep Secure");
    }
  }
}
