package org.symbolon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A receiver of posts on this machine that answers well or badly, and remembers. */
final class Ear implements AutoCloseable {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile Map<String, String> fields = Map.of();
  private volatile boolean isMute;

  /** What was posted. */
  record Heard(String path, Map<String, String> fields, String body, int answered) {
    String id() {
      return fields.getOrDefault("webhook-id", "");
    }
  }

  Ear() {
    this(0);
  }

  Ear(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::hear);
    server.start();
  }

  private void hear(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> sent.put(name, values.getFirst()));
      int answer = status;
      boolean isLeftWaiting = isMute;
      fields.forEach(exchange.getResponseHeaders()::set);
      heard.add(
          new Heard(exchange.getRequestURI().getPath(), sent, body, isLeftWaiting ? 0 : answer));
      if (isLeftWaiting) {
        closed.await();
      }
      exchange.sendResponseHeaders(answer, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  int port() {
    return server.getAddress().getPort();
  }

  void answers(int next) {
    status = next;
    fields = Map.of();
    isMute = false;
  }

  void answers(int next, String field, String value) {
    status = next;
    fields = Map.of(field, value);
    isMute = false;
  }

  /** Takes what comes and says nothing. */
  void isMute() {
    isMute = true;
  }

  List<Heard> heard() {
    return List.copyOf(heard);
  }

  /** What it has answered with 200. */
  List<Heard> taken() {
    return heard.stream().filter(one -> one.answered() == 200).toList();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
