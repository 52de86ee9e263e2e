package org.symbolon.browser;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TLS proxy before the service that can lose every second answer to a validate: the service has
 * answered, and the browser's stream breaks instead. Remembers which IDs went out, lost or not.
 */
public final class LossyProxy implements AutoCloseable {
  /** RFC 9113 section 7. */
  private static final int INTERNAL_ERROR = 2;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
  private final HttpServer server;
  private final int target;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<String> handedOut = new CopyOnWriteArrayList<>();
  private volatile boolean isLosing;

  /** Starts one on a free port of loopback. */
  public LossyProxy(Path chain, Path key, int target) {
    this.target = target;
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertPath(chain.toString())
                        .addKeyPath(key.toString())));
    server.requestHandler(this::pass).listen().await();
  }

  public int port() {
    return server.actualPort();
  }

  public void lose(boolean every) {
    isLosing = every;
  }

  /** How many answers were lost. */
  public int lost() {
    return lost.get();
  }

  /** The IDs that the service set, in their order. */
  public List<String> handedOut() {
    return handedOut;
  }

  /** Forgets the IDs so far. */
  public void forget() {
    handedOut.clear();
  }

  private void pass(HttpServerRequest request) {
    request
        .body()
        .compose(body -> ask(request, body))
        .onSuccess(answer -> give(request, answer))
        .onFailure(_ -> lose(request));
  }

  private Future<Answer> ask(HttpServerRequest request, Buffer body) {
    HttpMethod method = HttpMethod.valueOf(request.method().name());
    return client
        .request(method, target, "127.0.0.1", request.uri())
        .compose(
            onward -> {
              for (Map.Entry<String, String> field : request.headers()) {
                if (!field.getKey().startsWith(":")) {
                  onward.headers().add(field.getKey(), field.getValue());
                }
              }
              onward.headers().set("Host", String.valueOf(request.authority()));
              return onward.send(body);
            })
        .compose(
            response ->
                response
                    .body()
                    .map(read -> new Answer(response.statusCode(), response.headers(), read)));
  }

  private record Answer(int status, MultiMap fields, Buffer body) {}

  private void give(HttpServerRequest request, Answer answer) {
    for (String set : answer.fields().getAll("Set-Cookie")) {
      handedOut.add(set.substring(set.indexOf('=') + 1, set.indexOf(';')));
    }
    boolean isValidate = "/v1/validate".equals(request.path());
    if (isLosing && isValidate && answers.incrementAndGet() % 2 == 0) {
      lost.incrementAndGet();
      lose(request);
    } else {
      request.response().setStatusCode(answer.status()).headers().setAll(answer.fields());
      request.response().end(answer.body());
    }
  }

  /** A browser sends a request again whose connection closed, but not one whose stream failed. */
  private static void lose(HttpServerRequest request) {
    request.response().reset(INTERNAL_ERROR);
  }

  @Override
  public void close() {
    server.close().await();
    client.close().await();
    vertx.close().await();
  }
}
