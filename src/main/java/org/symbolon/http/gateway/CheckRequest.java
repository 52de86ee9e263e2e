package org.symbolon.http.gateway;

import com.google.protobuf.ByteString;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * What Envoy tells of a request: {@code envoy.service.auth.v3.CheckRequest}, as far as it is of use
 * here.
 *
 * @param source the client's address, as Envoy has made it out
 * @param certificate the client's of its TLS with Envoy, in the PEM form, percent-encoded; empty
 *     where it showed none, or Envoy is not told to pass it on ({@code include_peer_certificate})
 * @param target path and query
 * @param fields the client's, without pseudo-fields
 */
record CheckRequest(
    String source,
    String certificate,
    String method,
    String target,
    String host,
    String scheme,
    MultiMap fields) {
  /** What only the client can have said: Envoy tells it otherwise. */
  private static final Set<String> CLAIMS =
      Set.of(
          "x-forwarded-host",
          "x-forwarded-method",
          "x-forwarded-uri",
          "x-original-method",
          "x-original-uri",
          "x-original-url");

  private static final String PROTO = "X-Forwarded-Proto";
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;

  /**
   * Reads one.
   *
   * @throws IOException where it is none
   */
  static CheckRequest read(byte[] message) throws IOException {
    ProtoFields attributes = ProtoFields.of(ByteString.copyFrom(message)).message(1);
    ProtoFields source = attributes.message(1);
    ProtoFields address = source.message(1).message(1);
    ProtoFields http = attributes.message(4).message(2);
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    for (ByteString entry : http.all(3)) {
      ProtoFields field = ProtoFields.of(entry);
      add(fields, field.text(1), field.text(2));
    }
    // In place of these, where Envoy is told to pass fields on as they came (encode_raw_headers).
    for (ByteString entry : http.message(13).all(1)) {
      ProtoFields field = ProtoFields.of(entry);
      String raw = field.all(3).isEmpty() ? "" : field.all(3).getLast().toString(LATIN);
      add(fields, field.text(1), raw.isEmpty() ? field.text(2) : raw);
    }
    // Of the two, the one that a client can't choose where Envoy is its first hop.
    String proto = fields.get(PROTO);
    String scheme = proto == null ? http.text(6) : proto;
    // Not its principal (4): that is a name, and proves nothing.
    return new CheckRequest(
        address.text(2), source.text(5), http.text(2), http.text(4), http.text(5), scheme, fields);
  }

  private static void add(MultiMap fields, String name, String value) {
    if (!name.startsWith(":") && !CLAIMS.contains(name.toLowerCase(Locale.ROOT))) {
      fields.add(name, value);
    }
  }
}
