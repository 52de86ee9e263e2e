package org.symbolon.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What every request has to keep before anything else is asked about it. */
final class RequestRules {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._~-]{1,253})(:[0-9]{1,5})?");

  /** The dead handshake for which the decoder expects 8 bytes that no length announces. */
  private static final String HIXIE_76 = "Sec-WebSocket-Key1";

  // A name that was optimised is looked up without hashing it again.
  private static final CharSequence HIXIE_76_FIELD = HttpHeaders.createOptimized(HIXIE_76);
  private static final CharSequence MARK = HttpHeaders.createOptimized(StrictRequestDecoder.MARK);

  private final Limits limits;

  RequestRules(Limits limits) {
    this.limits = limits;
  }

  static boolean isAuthority(String text) {
    return AUTHORITY.matcher(text).matches();
  }

  /**
   * Checks a request's form.
   *
   * @return host and port as the request names them
   * @throws RefusedRequest for a malformed one
   */
  String check(HttpServerRequest request, Peer peer) {
    MultiMap fields = request.headers();
    boolean http2 = request.version() == HttpVersion.HTTP_2;
    if (http2) {
      checkSizes(request);
    } else {
      String mark = fields.get(MARK);
      if (mark != null) {
        throw RefusedRequest.ending(refused(mark));
      }
    }
    String authority = http2 ? authority(request) : host(fields.getAll(HttpHeaders.HOST), peer);
    checkTarget(request, authority);
    checkFraming(fields);
    return authority;
  }

  private Problem refused(String mark) {
    return switch (mark) {
      case StrictRequestDecoder.LINE_TOO_LONG -> Problems.requestLineTooLong(limits.requestLine());
      case StrictRequestDecoder.HEAD_TOO_LARGE -> Problems.headersTooLarge(limits);
      default ->
          Problems.requestMalformed(
              mark.substring(StrictRequestDecoder.MALFORMED.length()),
              "",
              "Send a request as RFC 9112 has it");
    };
  }

  private void checkSizes(HttpServerRequest request) {
    if (request.uri().length() > limits.requestLine()) {
      throw new RefusedRequest(Problems.requestLineTooLong(limits.requestLine()));
    }
    int count = 0;
    int bytes = 0;
    for (Map.Entry<String, String> field : request.headers()) {
      count++;
      bytes += field.getKey().length() + field.getValue().length() + 2;
    }
    if (count > limits.fields() || bytes > limits.head()) {
      throw new RefusedRequest(Problems.headersTooLarge(limits));
    }
  }

  private static String authority(HttpServerRequest request) {
    HostAndPort named = request.authority();
    String text = named == null ? "" : named.toString();
    if (!isAuthority(text) || request.headers().getAll("Host").size() > 1) {
      throw malformed(":authority is missing or no host", "Host", "Send one :authority");
    }
    return text;
  }

  private static String host(List<String> hosts, Peer peer) {
    if (hosts.size() != 1) {
      throw malformed(
          hosts.isEmpty() ? "There is no Host field" : "There are several Host fields",
          "Host",
          "Send exactly one Host field");
    }
    if (!peer.isAuthority(hosts.getFirst())) {
      throw malformed("Host is no host", "Host", "Send the host and port of the URL as Host");
    }
    return hosts.getFirst();
  }

  private static void checkTarget(HttpServerRequest request, String authority) {
    String target = request.uri();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        throw malformed(
            "The request target holds a byte that no URL may", "", "Percent-encode such bytes");
      }
    }
    if (target.startsWith("/")) {
      return;
    }
    String method = request.method().name();
    boolean wholeServer = target.equals("*") && method.equals("OPTIONS");
    if (wholeServer || method.equals("CONNECT")) {
      return;
    }
    String lower = target.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
    int end = start < 0 ? -1 : endOfAuthority(target, start);
    if (start < 0 || !target.substring(start, end).equalsIgnoreCase(authority)) {
      throw malformed(
          "The request target is neither a path nor a URL of the named host",
          "Host",
          "Send the path of the URL");
    }
  }

  private static int endOfAuthority(String target, int start) {
    for (int i = start; i < target.length(); i++) {
      if (target.charAt(i) == '/' || target.charAt(i) == '?') {
        return i;
      }
    }
    return target.length();
  }

  private static void checkFraming(MultiMap fields) {
    List<String> codings = fields.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked"))) {
      throw malformed(
          "The transfer coding is not chunked alone",
          "Transfer-Encoding",
          "Send the body with a Content-Length");
    }
    if (fields.contains(HIXIE_76_FIELD)) {
      throw malformed("The handshake is of no standard", HIXIE_76, "Leave the field out");
    }
  }

  private static RefusedRequest malformed(String detail, String field, String mend) {
    return RefusedRequest.ending(Problems.requestMalformed(detail, field, mend));
  }
}
