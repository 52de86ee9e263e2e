package org.symbolon.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer counts by its status, whatever its body is. */
class PostTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private interface Body {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private Target.Answer answer(int status, Body body, Duration timeout)
      throws InterruptedException {
    server.createContext("/" + status, exchange -> reply(exchange, status, body));
    try (Post post =
        new Post(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + status),
            timeout)) {
      return post.send("application/json", Map.of(), "{}");
    }
  }

  private static void reply(HttpExchange exchange, int status, Body body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, 0);
      OutputStream out = exchange.getResponseBody();
      out.write("what is wrong ".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      body.write(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void isJudged(String outcome, Target.Answer answer) {
    assertThat(answer.getClass().getSimpleName()).as(String.valueOf(answer)).isEqualTo(outcome);
    if (answer instanceof Target.Refused(String why)) {
      assertThat(why).contains("status ", "what is wrong").hasSizeLessThanOrEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"200,Accepted", "404,Refused", "302,Refused", "503,NotNow"})
  void aLongBodyChangesNothing(int status, String outcome) throws Exception {
    isJudged(outcome, answer(status, out -> out.write(new byte[100_000]), LONG));
  }

  @ParameterizedTest
  @CsvSource({"200,Accepted", "404,Refused", "503,NotNow"})
  void aBodyWithoutEndIsGivenUp(int status, String outcome) throws Exception {
    Body endless =
        out -> {
          while (closed.getCount() > 0) {
            out.write(new byte[1000]);
          }
        };
    isJudged(outcome, answer(status, endless, LONG));
  }

  @ParameterizedTest
  @CsvSource({"200,Accepted", "404,Refused", "503,NotNow"})
  void aBodyThatStopsIsNotWaitedFor(int status, String outcome) throws Exception {
    isJudged(outcome, answer(status, _ -> closed.await(), Duration.ofSeconds(2)));
  }
}
