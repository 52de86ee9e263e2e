package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.api.OpenApiContract;
import org.symbolon.redis.RedisServers;

/** Rotation as a gateway meets it: the whole service, configured, over Redis. */
class RotationNodeTest {
  private static final String GATEWAY = "/gw/nginx/validate";

  @TempDir private Path folder = Path.of("");

  private final OpenApiContract contract = OpenApiContract.load();
  private Optional<RedisServers> servers = Optional.empty();
  private Optional<TestNode> node = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    servers = Optional.of(RedisServers.standalone());
    node =
        Optional.of(
            TestNode.start(
                servers.orElseThrow(),
                folder,
                Map.of(
                    "trust.addresses", "127.0.0.1",
                    "rotation.age", "1s",
                    "rotation.overlap", "0s",
                    "redis.timeout", "5s",
                    "routes.vault.path", "/vault",
                    "routes.vault.acr", "loa2",
                    "routes.vault.maxAge", "1h",
                    "acr.order", "loa1,loa2",
                    "routes.shop.path", "/shop",
                    "routes.shop.csrf", "true")));
  }

  @AfterEach
  void stop() {
    node.ifPresent(TestNode::close);
    servers.ifPresent(RedisServers::close);
  }

  private Client client() {
    return node.orElseThrow().client();
  }

  private HttpResponse<String> validate(String id, String agent, String address, String target) {
    return checked(
        "GET",
        GATEWAY,
        "",
        "Cookie",
        "__Host-sid=" + id,
        "User-Agent",
        agent,
        "X-Forwarded-For",
        address,
        "X-Original-URI",
        target,
        "X-Forwarded-Host",
        "app.example");
  }

  private HttpResponse<String> home(String id) {
    return validate(id, "Mozilla/5.0 (X11; Linux) Firefox/140.0", "192.0.2.1", "/");
  }

  private HttpResponse<String> checked(String method, String path, String body, String... headers) {
    HttpResponse<String> response = client().send(method, path, body, headers);
    contract.check(
        "public",
        method,
        path,
        response.statusCode(),
        new TreeMap<>(response.headers().map()),
        response.body());
    return response;
  }

  private static String field(HttpResponse<?> response, String name) {
    List<String> values = response.headers().allValues(name);
    assertThat(values).as(name).hasSize(1);
    return values.getFirst();
  }

  private String login(String subject) {
    return Client.sessionId(
            checked(
                "POST",
                "/v1/login",
                node.orElseThrow().assertion(subject),
                "Content-Type",
                "application/jwt",
                "User-Agent",
                "Mozilla/5.0 (X11; Linux) Firefox/140.0",
                "X-Forwarded-For",
                "192.0.2.1"))
        .orElseThrow();
  }

  /** Uses an ID until it is old enough for a successor, and gives that. */
  private String successor(String id) throws Exception {
    AtomicReference<String> next = new AtomicReference<>("");
    RedisServers.await(
        () -> {
          HttpResponse<String> response = home(id);
          assertThat(response.statusCode()).isEqualTo(200);
          Optional<String> set = Client.sessionId(response);
          assertThat(field(response, "X-Session-Rotated")).isEqualTo(set.isPresent() ? "1" : "0");
          set.ifPresent(next::set);
          return set.isPresent();
        });
    return next.get();
  }

  private List<JsonNode> audit(String action) {
    try {
      JsonMapper json = new JsonMapper();
      List<JsonNode> events = new ArrayList<>();
      for (String line : Files.readAllLines(folder.resolve("audit.jsonl"))) {
        JsonNode event = json.readTree(line);
        if (event.path("event.action").asText().equals(action)) {
          events.add(event);
        }
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String metrics() {
    return node.orElseThrow().management().send("GET", "/metrics", "").body();
  }

  @Test
  void aReplacedIdThatComesBackIsReportedWithBothPresentersAndLosesItsCookie() throws Exception {
    String first = login("alice");
    String second = successor(first);
    assertThat(home(second).statusCode()).isEqualTo(200);
    HttpResponse<String> thief = validate(first, "curl/8", "198.51.100.9", "/");
    assertThat(thief.statusCode()).isEqualTo(401);
    assertThat(field(thief, "WWW-Authenticate")).isEqualTo("Session error=\"reused\"");
    assertThat(field(thief, "Set-Cookie")).contains("__Host-sid=;", "Max-Age=0");
    HttpResponse<String> owner = home(second);
    assertThat(field(owner, "WWW-Authenticate")).isEqualTo("Session error=\"reused\"");
    assertThat(field(owner, "Set-Cookie")).contains("Max-Age=0");

    RedisServers.await(() -> !audit("session.reused").isEmpty());
    JsonNode event = audit("session.reused").getFirst();
    assertThat(event.path("client.address").asText()).isEqualTo("198.51.100.9");
    assertThat(event.path("user_agent.original").asText()).isEqualTo("curl/8");
    assertThat(event.path("gateway").asText()).isEqualTo("nginx");
    assertThat(event.path("detail.differs").asText()).isEqualTo("both");
    assertThat(event.path("detail.reaction").asText()).isEqualTo("revoke-session");
    assertThat(event.path("detail.session_browser").asText()).isEqualTo("firefox");
    assertThat(event.path("detail.session_platform").asText()).isEqualTo("linux");
    assertThat(event.path("detail.session_network_hash").asText()).matches("[0-9a-f]{8}");
    assertThat(event.toString()).doesNotContain(first).doesNotContain(second);

    assertThat(metrics())
        .contains("symbolon_replay_suspected_total{signal=\"both\"} 1.0")
        .contains("symbolon_rotation_total{gateway=\"nginx\",outcome=\"issued\"} 1.0")
        .contains("symbolon_rotation_total{gateway=\"nginx\",outcome=\"confirmed\"} 1.0")
        .contains("symbolon_rotation_total{gateway=\"nginx\",outcome=\"reuse\"} 1.0")
        .contains("symbolon_rotation_total{gateway=\"apisix\",outcome=\"issued\"} 0.0")
        .contains("symbolon_renewals_total{by=\"rotation\"} 1.0")
        .contains("symbolon_renewals_total{by=\"refresh\"} 0.0");
  }

  @Test
  void aLoginWhileLoggedInEndsTheIdBeforeAtOnce() {
    String first = login("alice");
    String second =
        Client.sessionId(
                checked(
                    "POST",
                    "/v1/login",
                    node.orElseThrow().assertion("alice"),
                    "Content-Type",
                    "application/jwt",
                    "Cookie",
                    "__Host-sid=" + first))
            .orElseThrow();
    assertThat(field(home(first), "WWW-Authenticate")).isEqualTo("Session error=\"revoked\"");
    assertThat(home(second).statusCode()).isEqualTo(200);
    assertThat(metrics()).contains("symbolon_renewals_total{by=\"login\"} 1.0");
  }

  @Test
  void aStepUpIsAskedForAndGivenAndKillsTheIdBefore() {
    String id = login("alice");
    HttpResponse<String> asked = validate(id, "Firefox", "192.0.2.1", "/vault/1");
    assertThat(asked.statusCode()).isEqualTo(401);
    assertThat(field(asked, "WWW-Authenticate"))
        .isEqualTo(
            "Session error=\"insufficient_user_authentication\", acr_values=\"loa2\","
                + " max_age=\"3600\"");
    String handle = field(home(id), "X-Session-Handle");
    HttpResponse<String> elevated =
        checked(
            "POST",
            "/v1/sessions/" + handle + "/elevate",
            "{\"auth_time\":" + (System.currentTimeMillis() / 1000 + 1) + ",\"acr\":\"loa2\"}",
            "Authorization",
            "Bearer " + TestNode.CREDENTIAL,
            "Content-Type",
            "application/json");
    assertThat(elevated.statusCode()).isEqualTo(200);
    String next = Client.sessionId(elevated).orElseThrow();
    assertThat(home(id).statusCode()).isEqualTo(401);
    assertThat(validate(next, "Firefox", "192.0.2.1", "/vault/1").statusCode()).isEqualTo(200);
    assertThat(validate(next, "Firefox", "192.0.2.1", "/vault//1").statusCode()).isEqualTo(403);
  }

  @Test
  void aCsrfTokenOutlivesRotation() throws Exception {
    String first = login("alice");
    String token =
        new JsonMapper()
            .readTree(checked("GET", "/v1/session/csrf", "", Client.cookie(first)).body())
            .path("csrf_token")
            .asText();
    String second = successor(first);
    String[] fields = {
      "Cookie", "__Host-sid=" + second,
      "X-Original-URI", "/shop",
      "X-Original-Method", "POST",
      "X-Forwarded-Host", "app.example",
      "X-CSRF-Token", token
    };
    assertThat(checked("GET", GATEWAY, "", fields).statusCode()).isEqualTo(200);
    fields[9] = token.substring(1) + "A";
    HttpResponse<String> refused = checked("GET", GATEWAY, "", fields);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(field(refused, "X-Session-Error")).contains("X-CSRF-Token");
  }
}
