package org.symbolon.events;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to one address: https, or http on this machine; no redirects, and an answer within a time.
 * Its status counts, however long its body is or takes.
 */
final class Post implements AutoCloseable {
  private static final int MAX_ANSWER = 16 * 1024;
  private static final int SHOWN = 200;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** Of gateways before a service that is away, or of one that asks for time (RFC 6585). */
  private static final Set<Integer> NOT_NOW = Set.of(408, 429, 502, 503, 504);

  private final URI uri;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @throws IllegalArgumentException for any other address
   */
  Post(URI uri, Duration timeout) {
    if (!isAllowed(uri)) {
      throw new IllegalArgumentException(
          "url: use an address of the form https://host/path, without user or password");
    }
    this.uri = uri;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  private static boolean isAllowed(URI uri) {
    String host = String.valueOf(uri.getHost());
    boolean isHere = host.equals("[::1]") || host.matches("localhost|127(\\.\\d{1,3}){3}");
    return uri.getHost() != null
        && uri.getUserInfo() == null
        && uri.getFragment() == null
        && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isHere));
  }

  /** Sends a body once and judges the status of the answer. */
  Target.Answer send(String contentType, Map<String, String> fields, String body)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body));
    fields.forEach(request::header);
    CompletableFuture<HttpResponse<Beginning>> answer =
        client.sendAsync(request.build(), _ -> new Beginning(MAX_ANSWER));
    long begun = System.nanoTime();
    try {
      HttpResponse<Beginning> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      Duration left = timeout.minusNanos(System.nanoTime() - begun);
      return judge(response, response.body().text(left));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Target.NotNow("no answer within " + timeout.toMillis() + " ms", Duration.ZERO);
    } catch (ExecutionException e) {
      return new Target.NotNow(shown(String.valueOf(e.getCause())), Duration.ZERO);
    }
  }

  /** By the status: a body only helps whoever reads of a refusal. */
  private static Target.Answer judge(HttpResponse<?> response, String body) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Target.Accepted();
    }
    if (NOT_NOW.contains(status)) {
      return new Target.NotNow("status " + status, wait(response));
    }
    String what = status / 100 == 3 ? " is a redirect, which is not followed" : "";
    return new Target.Refused(shown("status " + status + what + " " + body).strip());
  }

  private static Duration wait(HttpResponse<?> response) {
    Optional<String> seconds =
        response.headers().firstValue("Retry-After").filter(text -> text.matches("\\d{1,5}"));
    Duration asked = Duration.ofSeconds(seconds.map(Long::parseLong).orElse(0L));
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[^ -~]+", " ");
    return plain.length() > SHOWN ? plain.substring(0, SHOWN) : plain;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
