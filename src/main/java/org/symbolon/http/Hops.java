package org.symbolon.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.symbolon.session.Indicators;

/** Tells who speaks; believes {@code X-Forwarded-*} of trusted peers alone. */
final class Hops {
  private static final String FOR = "X-Forwarded-For";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";

  private final TrustedPeers trusted;
  private final Indicators indicators;

  Hops(TrustedPeers trusted, Indicators indicators) {
    this.trusted = trusted;
    this.indicators = indicators;
  }

  /**
   * @throws RefusedRequest where a trusted peer's forwarded fields contradict themselves
   */
  Hop of(HttpServerRequest request, String authority) {
    Optional<byte[]> bytes = peer(request);
    String peer = bytes.map(Addresses::text).orElse("");
    boolean loopback = bytes.filter(Addresses::isLoopback).isPresent();
    boolean believed = trusted.includes(peer);
    boolean tls = request.isSSL();
    boolean acceptable = tls || loopback || believed;
    String scheme = tls ? "https" : "http";
    MultiMap fields = request.headers();
    if (!believed) {
      if (fields.contains(FOR) || fields.contains(PROTO) || fields.contains(HOST)) {
        indicators.forwardedIgnored();
      }
      return new Hop(acceptable, tls, loopback, scheme, authority, peer, false);
    }
    Optional<String> told = single(fields, PROTO).map(Hops::scheme);
    return new Hop(
        acceptable,
        tls,
        loopback,
        told.orElse(scheme),
        single(fields, HOST).map(Hops::authority).orElse(authority),
        client(fields.getAll(FOR), peer),
        told.filter("http"::equals).isPresent());
  }

  private static Optional<byte[]> peer(HttpServerRequest request) {
    SocketAddress address = request.remoteAddress();
    return address == null || address.hostAddress() == null
        ? Optional.empty()
        : Addresses.parse(address.hostAddress().replaceFirst("%.*", ""));
  }

  private static Optional<String> single(MultiMap fields, String name) {
    List<String> values = fields.getAll(name);
    if (values.size() > 1) {
      throw new RefusedRequest(
          Problems.requestMalformed(
              "There are several fields " + name,
              name,
              "Let the gateway set " + name + " instead of adding to it"));
    }
    return values.stream().findFirst();
  }

  private static String scheme(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "https", "wss" -> "https";
      case "http", "ws" -> "http";
      default ->
          throw new RefusedRequest(
              Problems.requestMalformed(
                  PROTO + " is neither http nor https",
                  PROTO,
                  "Let the gateway set " + PROTO + " to the one scheme its client used"));
    };
  }

  private static String authority(String value) {
    if (!RequestRules.isAuthority(value)) {
      throw new RefusedRequest(
          Problems.requestMalformed(
              HOST + " is no host",
              HOST,
              "Let the gateway set " + HOST + " to the one host its client named"));
    }
    return value;
  }

  /** The last address that no trusted gateway has; every one to its left may be invented. */
  private String client(List<String> fields, String peer) {
    String client = peer;
    String[] hops = String.join(",", fields).split(",", -1);
    for (int i = hops.length - 1; i >= 0 && !fields.isEmpty(); i--) {
      Optional<byte[]> hop = Addresses.parse(withoutPort(hops[i].strip()));
      if (hop.isEmpty()) {
        return client;
      }
      client = hop.map(Addresses::text).orElseThrow();
      if (!trusted.includes(client)) {
        return client;
      }
    }
    return client;
  }

  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end > 0 ? hop.substring(0, end + 1) : hop;
    }
    int colon = hop.indexOf(':');
    return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
