package org.symbolon.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.symbolon.session.Presenter;

/** A well-formed request, who sent it, and the way back to its event loop. */
public final class Exchange {
  private static final int MAX_USER_AGENT = 256;

  private final HttpServerRequest request;
  private final Hop hop;
  private final Context context;
  private final Limits limits;

  Exchange(HttpServerRequest request, Hop hop, Context context, Limits limits) {
    this.request = request;
    this.hop = hop;
    this.context = context;
    this.limits = limits;
  }

  public HttpServerRequest request() {
    return request;
  }

  public Hop hop() {
    return hop;
  }

  public String method() {
    return request.method().name();
  }

  /** The path, percent-encoded as it came. */
  public String path() {
    String path = request.path();
    return path == null || path.isEmpty() ? "/" : path;
  }

  /** The raw values of the {@code Cookie} fields. */
  public List<String> cookieFields() {
    return request.headers().getAll("Cookie");
  }

  /** The value of a field that stands there exactly once. */
  public Optional<String> field(String name) {
    List<String> values = request.headers().getAll(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /** The query's parameters. */
  public Form query() {
    String query = request.query();
    return Form.parse(query == null ? "" : query, "query");
  }

  public Presenter presenter(String gateway) {
    return new Presenter(hop.address(), userAgent(), gateway);
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
