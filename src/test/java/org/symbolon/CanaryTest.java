package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;
import org.symbolon.telemetry.Logging;

/**
 * No byte of a session ID or of a secret is anywhere but in Set-Cookie and in the store's seeds.
 */
class CanaryTest {
  private static final int SESSIONS = 1000;
  private static final String[] BACKEND = {"Authorization", "Bearer " + TestNode.CREDENTIAL};

  @TempDir private Path folder = Path.of("");

  private final Canaries canaries = new Canaries();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  /** Keeps what a reply shows beside its Set-Cookie. */
  private HttpResponse<String> keep(HttpResponse<String> response) {
    seen.writeBytes(response.body().getBytes(StandardCharsets.UTF_8));
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("set-cookie")) {
                seen.writeBytes((name + values).getBytes(StandardCharsets.UTF_8));
              }
            });
    return response;
  }

  @Test
  void noneOfAThousandIdsIsAnywhere() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (RedisServers servers = RedisServers.standalone();
        TestNode service =
            TestNode.start(servers, folder, Map.of("log.level", "debug", "limit.max", "5"))) {
      for (int i = 0; i < SESSIONS; i++) {
        drive(service, i);
      }
      HttpResponse<String> metrics = keep(service.management().send("GET", "/metrics", ""));
      assertThat(metrics.body()).contains("symbolon_logins_total{result=\"issued\"} 1000.0");
      byte[] dump = Canaries.stored(servers);
      assertThat(dump.length).isGreaterThan(100 * SESSIONS);
      String id = service.login("outage");
      canaries.add(id);
      servers.pause();
      keep(service.client().send("GET", "/v1/validate", "", Client.cookie(id)));
      servers.resume();

      Canaries sure = new Canaries();
      sure.add(id);
      assertThat(sure.findIn(("x" + id + "x").getBytes(StandardCharsets.US_ASCII)))
          .as("the search finds one that is there")
          .isNotEmpty();
      assertThat(canaries.findIn(dump)).as("Redis").isEmpty();
      assertThat(canaries.findIn(seen.toByteArray())).as("replies and metrics").isEmpty();
      Logging.flush();
      RedisServers.await(() -> lines(folder.resolve("audit.jsonl")) > SESSIONS);
      assertThat(canaries.findIn(withoutHashes(folder.resolve("audit.jsonl"))))
          .as("audit lines")
          .isEmpty();
      assertThat(Files.readAllLines(folder.resolve("audit.jsonl"))).hasSizeGreaterThan(SESSIONS);
    } finally {
      System.setOut(console);
    }
    assertThat(logged.size()).isPositive();
    assertThat(canaries.findIn(logged.toByteArray())).as("logs").isEmpty();
  }

  /** In which a few characters of an ID are found by chance. */
  private static byte[] withoutHashes(Path file) throws IOException {
    return Files.readString(file)
        .replaceAll("\"audit\\.previous\":\"[0-9a-f]{64}\"", "")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void drive(TestNode service, int i) {
    String id = i % 2 == 0 ? service.login("subject" + i % 50) : issued(service, i);
    canaries.add(id);
    String[] cookie = Client.cookie(id);
    Client client = service.client();
    keep(client.send("GET", "/v1/validate", "", cookie));
    keep(client.send("GET", "/gw/nginx/validate?sid=" + i, "", cookie));
    keep(client.send("GET", "/v1/validate", "", Client.cookie(id + "A")));
    keep(client.send("GET", "/v1/validate", "", Client.cookie(id.substring(1))));
    keep(
        client.send(
            "GET", "/v1/validate", "", "Cookie", "a=b; __Host-sid=" + id + "; __Host-sid=x"));
    HttpResponse<String> mine = keep(client.send("GET", "/v1/me/sessions", "", cookie));
    assertThat(mine.statusCode()).isEqualTo(200);
    keep(
        client.send(
            "POST",
            "/v1/introspect",
            "token=" + id,
            join(BACKEND, "Content-Type", "application/x-www-form-urlencoded")));
    // Where nobody should put an ID, and some do: what it is answered with must not repeat it.
    keep(client.send("GET", "/" + id, "", cookie));
    keep(client.send("DELETE", "/v1/me/sessions/" + id, "", cookie));
    keep(client.send("POST", "/v1/login", id, "Content-Type", "application/jwt"));
    keep(
        client.send("POST", "/v1/login", "{\"" + id + "\":1}", "Content-Type", "application/json"));
    keep(client.send("POST", "/v1/logout?scope=" + id, "", cookie));
    keep(client.send("POST", "/v1/introspect", "token=x", "Authorization", "Bearer " + id));
    keep(service.admin().send("GET", "/admin/v1/sessions/" + id, "", BACKEND));
    keep(client.send("GET", "/gw/" + id + "/validate", ""));
    handle(mine.body())
        .ifPresent(
            handle ->
                keep(service.admin().send("GET", "/admin/v1/sessions/" + handle, "", BACKEND)));
    switch (i % 4) {
      case 0 -> keep(client.send("POST", "/v1/logout", "", cookie));
      case 1 -> keep(client.send("POST", "/v1/logout?scope=all", "", cookie));
      default -> keep(client.send("GET", "/v1/validate", "", cookie));
    }
  }

  private String issued(TestNode service, int i) {
    HttpResponse<String> response =
        service
            .client()
            .send(
                "POST",
                "/v1/sessions",
                "{\"subject\":\"subject" + i % 50 + "\",\"attributes\":{\"a\":\"b\"}}",
                join(BACKEND, "Content-Type", "application/json"));
    return Client.sessionId(response).orElseThrow();
  }

  private static Optional<String> handle(String body) {
    int at = body.indexOf("\"handle\":\"");
    return at < 0 ? Optional.empty() : Optional.of(body.substring(at + 10, at + 26));
  }

  private static String[] join(String[] headers, String... more) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
