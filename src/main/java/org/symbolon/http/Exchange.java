package org.symbolon.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.symbolon.session.Evidence;
import org.symbolon.session.Presenter;

/** A well-formed request, who sent it, and the way back to its event loop. */
public final class Exchange {
  private static final int MAX_USER_AGENT = 256;

  private final HttpServerRequest request;
  private final String method;
  private final String path;
  private final MultiMap fields;
  private final Hop hop;
  private final Context context;
  private final Limits limits;

  Exchange(HttpServerRequest request, Hop hop, Context context, Limits limits) {
    this(
        request,
        request.method().name(),
        Optional.ofNullable(request.path()).filter(path -> !path.isEmpty()).orElse("/"),
        request.headers(),
        hop,
        context,
        limits);
  }

  private Exchange(
      HttpServerRequest request,
      String method,
      String path,
      MultiMap fields,
      Hop hop,
      Context context,
      Limits limits) {
    this.request = request;
    this.method = method;
    this.path = path;
    this.fields = fields;
    this.hop = hop;
    this.context = context;
    this.limits = limits;
  }

  /** The request that the body of this one tells of. */
  public Exchange telling(String ofMethod, String ofPath, MultiMap withFields, Hop over) {
    return new Exchange(request, ofMethod, ofPath, withFields, over, context, limits);
  }

  public HttpServerRequest request() {
    return request;
  }

  public Hop hop() {
    return hop;
  }

  public String method() {
    return method;
  }

  /** The path, percent-encoded as it came. */
  public String path() {
    return path;
  }

  public MultiMap fields() {
    return fields;
  }

  /** The raw values of the {@code Cookie} fields. */
  public List<String> cookieFields() {
    return fields.getAll(HttpHeaders.COOKIE);
  }

  /** The value of a field that stands there exactly once. */
  public Optional<String> field(String name) {
    List<String> values = fields.getAll(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /** The query's parameters. */
  public Form query() {
    String query = request.query();
    return Form.parse(query == null ? "" : query, "query");
  }

  /** The certificate that the client itself has shown, and whose chain was verified. */
  public Optional<X509Certificate> clientCertificate() {
    return Peer.of(request).tls().shown();
  }

  /** What the request shows beside its session ID, for itself. */
  public Evidence evidence() {
    return evidence(sent());
  }

  /**
   * What the request shows beside its session ID.
   *
   * @param sent what was signed for the request that it is about
   */
  public Evidence evidence(Optional<Evidence.Sent> sent) {
    return new Evidence(cookieFields(), sent, hop.certificate(), hop.channel());
  }

  /** What was signed for this very request; empty where nothing was. */
  public Optional<Evidence.Sent> sent() {
    return sent(method(), Optional.of(hop.scheme() + "://" + hop.authority() + path()));
  }

  /**
   * What was signed for a request; empty where nothing was.
   *
   * @param address empty where it is not told in one way
   */
  public Optional<Evidence.Sent> sent(String asked, Optional<String> address) {
    List<String> proofs = fields.getAll("DPoP");
    return proofs.isEmpty()
        ? Optional.empty()
        : Optional.of(new Evidence.Sent(proofs, asked, address));
  }

  public Presenter presenter(String gateway) {
    return new Presenter(hop.address(), userAgent(), gateway, hop.fingerprint());
  }

  public String userAgent() {
    return field("User-Agent").map(Exchange::cut).orElse("");
  }

  public static String cut(String userAgent) {
    return userAgent.length() <= MAX_USER_AGENT
        ? userAgent
        : userAgent.substring(0, MAX_USER_AGENT);
  }

  /** Goes on with the outcome on this request's event loop, whichever thread has it. */
  public <T> Future<T> await(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, context);
  }

  /**
   * Reads the body; must be called before the request's handler returns. Fails with {@link
   * RefusedRequest} where it is too large.
   */
  public Future<Buffer> body() {
    return Bodies.read(request, context, limits);
  }
}
