package org.symbolon.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.symbolon.session.Evidence;
import org.symbolon.session.Indicators;

/** Tells who speaks; believes {@code X-Forwarded-*} of trusted peers alone. */
final class Hops {
  private static final CharSequence FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  private static final CharSequence PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
  private static final CharSequence HOST = HttpHeaders.createOptimized("X-Forwarded-Host");

  /** JA4 has 36 characters, JA3 32, and JA4 in its raw form some hundred. */
  private static final int MAX_FINGERPRINT = 1024;

  private final TrustedPeers trusted;
  private final Optional<CharSequence> fingerprint;
  private final Indicators indicators;

  Hops(TrustedPeers trusted, Indicators indicators) {
    this.trusted = trusted;
    this.fingerprint = trusted.fingerprint();
    this.indicators = indicators;
  }

  /**
   * @throws RefusedRequest where a trusted peer's forwarded fields contradict themselves
   */
  Hop of(HttpServerRequest request, Peer peer, String authority) {
    boolean believed = peer.isTrusted();
    boolean tls = request.isSSL();
    boolean loopback = peer.isLoopback();
    boolean acceptable = tls || loopback || believed;
    String scheme = tls ? "https" : "http";
    MultiMap fields = request.headers();
    if (!believed) {
      if (fields.contains(FOR)
          || fields.contains(PROTO)
          || fields.contains(HOST)
          || fields.contains(ClientCertificate.FIELD)
          || (fingerprint.isPresent() && fields.contains(fingerprint.get()))) {
        indicators.forwardedIgnored();
      }
      return new Hop(
          acceptable,
          tls,
          loopback,
          scheme,
          authority,
          peer.address(),
          false,
          false,
          false,
          peer.tls().certificate(),
          peer.tls()::channel,
          "");
    }
    Optional<String> told = single(fields, PROTO).map(Hops::scheme);
    return new Hop(
        acceptable,
        tls,
        loopback,
        told.orElse(scheme),
        single(fields, HOST).map(host -> authority(host, peer)).orElse(authority),
        client(fields.getAll(FOR), peer.address()),
        true,
        trusted.tellsCertificates(),
        told.filter("http"::equals).isPresent(),
        certificate(fields),
        Optional::empty,
        fingerprint.flatMap(name -> single(fields, name)).map(Hops::fingerprint).orElse(""));
  }

  /** A gateway's own certificate is none of its client's. */
  private Optional<Evidence.Certificate> certificate(MultiMap fields) {
    List<String> told = fields.getAll(ClientCertificate.FIELD);
    if (trusted.tellsCertificates()) {
      return ClientCertificate.told(told);
    }
    if (!told.isEmpty()) {
      indicators.forwardedIgnored();
    }
    return Optional.empty();
  }

  private static Optional<String> single(MultiMap fields, CharSequence name) {
    List<String> values = fields.getAll(name);
    if (values.size() > 1) {
      throw new RefusedRequest(
          Problems.requestMalformed(
              "There are several fields " + name,
              name.toString(),
              "Let the gateway set " + name + " instead of adding to it"));
    }
    return values.stream().findFirst();
  }

  private static String fingerprint(String value) {
    if (value.length() > MAX_FINGERPRINT) {
      throw new RefusedRequest(
          Problems.requestMalformed(
              "A TLS fingerprint has more than " + MAX_FINGERPRINT + " characters",
              "fingerprint",
              "Let the gateway send a hash, such as JA4 or JA3"));
    }
    return value.strip();
  }

  private static String scheme(String value) {
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "https", "wss" -> "https";
      case "http", "ws" -> "http";
      default ->
          throw new RefusedRequest(
              Problems.requestMalformed(
                  PROTO + " is neither http nor https",
                  PROTO.toString(),
                  "Let the gateway set " + PROTO + " to the one scheme its client used"));
    };
  }

  private static String authority(String value, Peer peer) {
    if (!peer.isAuthority(value)) {
      throw new RefusedRequest(
          Problems.requestMalformed(
              HOST + " is no host",
              HOST.toString(),
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
