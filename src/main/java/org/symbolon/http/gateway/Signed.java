package org.symbolon.http.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.symbolon.http.Exchange;
import org.symbolon.session.Evidence;

/** What a program signed for the request that a gateway asks about (RFC 9449). */
final class Signed {
  private static final CharSequence PROOF = HttpHeaders.createOptimized("DPoP");
  private static final List<String> METHODS = List.of("X-Forwarded-Method", "X-Original-Method");
  private static final List<String> TARGETS =
      List.of("X-Forwarded-Uri", "X-Original-URI", "X-Original-URL");

  private Signed() {}

  /** True where somebody who is not believed tells of another's request. */
  static boolean isIgnored(Exchange exchange, Profile profile) {
    return profile != Profile.DIRECT
        && !exchange.hop().trusted()
        && exchange.fields().contains(PROOF);
  }

  /** What was signed for the request, as a trusted gateway tells of it, or for this one. */
  static Optional<Evidence.Sent> of(Exchange exchange, Profile profile) {
    if (isIgnored(exchange, profile)) {
      return Optional.empty();
    }
    MultiMap fields = exchange.request().headers();
    boolean isTold = TARGETS.stream().anyMatch(fields::contains);
    if (profile == Profile.DIRECT && !(exchange.hop().trusted() && isTold)) {
      return exchange.sent();
    }
    return exchange.sent(method(exchange, profile), address(exchange, profile));
  }

  /** The original request's; empty where several are told. */
  static String method(Exchange exchange, Profile profile) {
    Set<String> told = new TreeSet<>();
    METHODS.forEach(name -> told.addAll(exchange.request().headers().getAll(name)));
    boolean passes = profile == Profile.ENVOY || profile == Profile.ISTIO;
    if (passes || told.isEmpty()) {
      told.add(exchange.method());
    }
    return told.size() == 1 ? told.iterator().next() : "";
  }

  private static Optional<String> address(Exchange exchange, Profile profile) {
    String origin = exchange.hop().scheme() + "://" + exchange.hop().authority();
    Set<String> told = new TreeSet<>();
    for (String name : TARGETS) {
      exchange.request().headers().getAll(name).forEach(t -> told.add(address(origin, t)));
    }
    String prefix = "/gw/" + profile.text() + "/validate/";
    if (exchange.path().startsWith(prefix)) {
      told.add(address(origin, exchange.path().substring(prefix.length() - 1)));
    }
    return told.size() == 1 ? Optional.of(told.iterator().next()) : Optional.empty();
  }

  private static String address(String origin, String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    return path.startsWith("/") ? origin + path : path;
  }
}
