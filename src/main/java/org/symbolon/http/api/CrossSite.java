package org.symbolon.http.api;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problem;
import org.symbolon.http.Problems;

/**
 * Refuses what another site made a browser send: by {@code Origin} (RFC 6454 section 7), and where
 * there is none by {@code Sec-Fetch-Site}. A request with neither comes from no browser.
 */
final class CrossSite {
  private static final Pattern ORIGIN =
      Pattern.compile("(https?)://(\\[[0-9a-f:.]+]|[a-z0-9._~-]+)(?::([0-9]{1,5}))?");
  private static final String MEND =
      "Send it from the service's own origin, or add the site to the allowed origins if it is"
          + " yours; behind a gateway, have its address trusted so that its X-Forwarded-Proto"
          + " counts";

  private final Set<String> allowed;

  /**
   * @throws IllegalArgumentException where an origin can't be read; the message names it
   */
  CrossSite(Collection<String> origins) {
    allowed =
        origins.stream()
            .map(
                origin ->
                    canonical(origin)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "allowed origin \""
                                        + origin
                                        + "\": write scheme, host and port alone, such as"
                                        + " https://app.example")))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What is wrong with where the request comes from. */
  Optional<Problem> objection(Exchange exchange) {
    List<String> origins = exchange.request().headers().getAll("Origin");
    if (!origins.isEmpty()) {
      return origins.size() == 1 && isOurs(origins.getFirst(), exchange)
          ? Optional.empty()
          : Optional.of(Problems.crossSite("The Origin is not allowed", MEND));
    }
    List<String> sites = exchange.request().headers().getAll("Sec-Fetch-Site");
    boolean near =
        sites.isEmpty() || sites.equals(List.of("same-origin")) || sites.equals(List.of("none"));
    return near
        ? Optional.empty()
        : Optional.of(Problems.crossSite("Sec-Fetch-Site is neither same-origin nor none", MEND));
  }

  private boolean isOurs(String origin, Exchange exchange) {
    Optional<String> own = canonical(exchange.hop().scheme() + "://" + exchange.hop().authority());
    return canonical(origin)
        .filter(sender -> allowed.contains(sender) || own.filter(sender::equals).isPresent())
        .isPresent();
  }

  /** Lower case, without the scheme's own port. */
  private static Optional<String> canonical(String origin) {
    Matcher matcher = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String scheme = matcher.group(1);
    String port = matcher.group(3);
    boolean usual = port == null || port.equals(scheme.equals("https") ? "443" : "80");
    return Optional.of(scheme + "://" + matcher.group(2) + (usual ? "" : ":" + port));
  }
}
