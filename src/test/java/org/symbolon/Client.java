package org.symbolon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A caller of a service on this machine that keeps no cookies by itself. */
public final class Client implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String root;

  Client(int port) {
    root = "http://127.0.0.1:" + port;
  }

  /** Logs in through the demo's issuer and gives the session ID. */
  String login(String subject) {
    String assertion = send("GET", "/demo/assertion?subject=" + subject, "").body();
    HttpResponse<String> response =
        send("POST", "/v1/login", assertion, "Content-Type", "application/jwt");
    return sessionId(response)
        .orElseThrow(() -> new IllegalStateException("no login: " + response.body()));
  }

  /** The session ID that a reply sets; empty where it sets or deletes none. */
  public static Optional<String> sessionId(HttpResponse<?> response) {
    List<String> cookies = response.headers().allValues("Set-Cookie");
    return cookies.stream()
        .filter(cookie -> !cookie.contains("Max-Age=0"))
        .map(cookie -> cookie.substring(cookie.indexOf('=') + 1).replaceAll(";.*", ""))
        .findFirst();
  }

  public static String[] cookie(String id) {
    return new String[] {"Cookie", "__Host-sid=" + id};
  }

  /**
   * Sends one request.
   *
   * @param headers names and values in turn
   */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
