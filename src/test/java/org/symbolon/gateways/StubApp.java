package org.symbolon.gateways;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An application that writes down what it is sent and answers as the query asks: {@code status},
 * {@code cache} for its Cache-Control. Echoes on WebSockets.
 */
final class StubApp implements AutoCloseable {
  /** A request that arrived. */
  record Seen(String method, String uri, List<Map.Entry<String, String>> fields, long body) {
    List<String> all(String name) {
      return fields.stream()
          .filter(field -> field.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }
  }

  /** A page of twenty images, each fetched anew. */
  private static final String PAGE =
      IntStream.range(0, 20)
          .mapToObj(i -> "<img src='/image?" + i + "&" + UUID.randomUUID() + "'>")
          .collect(Collectors.joining("", "<!doctype html><title>page</title>", ""));

  private static final byte[] IMAGE =
      Base64.getDecoder().decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==");

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  StubApp() throws Exception {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setMaxHeaderSize(128_000))
            .webSocketHandler(this::echo)
            .requestHandler(this::answer);
    server.listen(0).await(10, TimeUnit.SECONDS);
  }

  int port() {
    return server.actualPort();
  }

  /** The request that arrived under a path. */
  Optional<Seen> seen(String path) {
    return seen.stream().filter(s -> s.uri().startsWith(path)).findFirst();
  }

  private void answer(HttpServerRequest request) {
    if (request.headers().contains("Upgrade", "websocket", true)) {
      return;
    }
    if ("/page".equals(request.path())) {
      request
          .response()
          .putHeader("Content-Type", "text/html")
          .putHeader("Cache-Control", "no-store")
          .end(PAGE);
      return;
    }
    if (Objects.requireNonNull(request.path()).equals("/image")) {
      request
          .response()
          .putHeader("Content-Type", "image/gif")
          .putHeader("Cache-Control", "no-store")
          .end(Buffer.buffer(IMAGE));
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              seen.add(
                  new Seen(
                      request.method().name(),
                      request.uri(),
                      List.copyOf(request.headers().entries()),
                      body.length()));
              String status = request.getParam("status", "200");
              request.response().setStatusCode(Integer.parseInt(status));
              request.response().putHeader("Set-Cookie", "app=1; Path=/");
              Optional.ofNullable(request.getParam("cache"))
                  .ifPresent(cache -> request.response().putHeader("Cache-Control", cache));
              String text = "/echo".equals(request.path()) ? echo(request) : "app\n";
              request.response().end(status.equals("304") ? "" : text);
            });
  }

  private static String echo(HttpServerRequest request) {
    return request.headers().entries().stream()
        .map(field -> field.getKey() + ": " + field.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private void echo(ServerWebSocket socket) {
    seen.add(new Seen("GET", socket.uri(), List.copyOf(socket.headers().entries()), 0));
    socket.textMessageHandler(socket::writeTextMessage);
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
