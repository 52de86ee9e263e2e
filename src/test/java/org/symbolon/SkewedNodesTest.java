package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/**
 * Three nodes over one store: of one the clock is right, of one it is five minutes fast, of one it
 * is five minutes slow. They differ in nothing but what they say of their readiness.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkewedNodesTest {
  private static final Duration ABSOLUTE = Duration.ofSeconds(20);
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration TOLERANCE = Duration.ofSeconds(1);
  private static final Pattern READY =
      Pattern.compile("ready: public (\\d+), admin (\\d+), management (\\d+)");

  @TempDir private static Path folder = Path.of("");

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final List<Skewed> nodes = new ArrayList<>();
  private Optional<TestNode> right = Optional.empty();

  /**
   * A node.
   *
   * @param seconds how far its clock is ahead
   */
  private record Skewed(long seconds, Client open, Client management) {}

  @BeforeAll
  void start() throws Exception {
    Map<String, String> settings =
        Map.of(
            "trust.addresses", "127.0.0.1",
            "timeouts.absolute", ABSOLUTE.toSeconds() + "s",
            "timeouts.idle", ABSOLUTE.toSeconds() + "s",
            "clients.idler.idle", IDLE.toSeconds() + "s",
            "redis.timeout", "5s",
            "routes.vault.path", "/vault",
            "routes.vault.maxAge", "1m");
    RedisServers servers = RedisServers.standalone();
    parts.add(servers);
    TestNode node = TestNode.start(servers, folder, settings);
    parts.add(node);
    right = Optional.of(node);
    nodes.add(new Skewed(0, node.client(), node.management()));
    for (int seconds : new int[] {300, -300}) {
      Map<String, String> further = TestNode.flags(servers, folder);
      further.putAll(settings);
      further.put("log.level", "info");
      further.put("audit.file", folder.resolve("audit" + seconds).toString());
      // A real clock goes wrong without its monotonic companion.
      List<String> through =
          List.of("faketime", "--exclude-monotonic", "-f", "%+d".formatted(seconds));
      ServiceProcess process =
          new ServiceProcess(
              folder, through, further, printed -> READY.matcher(printed.getLast()).find());
      parts.add(process);
      Matcher ports = READY.matcher(process.printed().getLast());
      assertThat(ports.find()).as(String.join("\n", process.printed())).isTrue();
      nodes.add(new Skewed(seconds, client(ports.group(1)), client(ports.group(3))));
    }
  }

  private Client client(String port) {
    Client client = new Client(Integer.parseInt(port));
    parts.add(client);
    return client;
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  private TestNode right() {
    return right.orElseThrow();
  }

  private static HttpResponse<String> login(Skewed node, String assertion) {
    return node.open.send("POST", "/v1/login", assertion, "Content-Type", "application/jwt");
  }

  private static int validate(Skewed node, String id, String target) {
    return node.open
        .send(
            "GET",
            "/gw/nginx/validate",
            "",
            "Cookie",
            "__Host-sid=" + id,
            "X-Original-URI",
            target,
            "X-Forwarded-Host",
            "app.example")
        .statusCode();
  }

  /** A session, and between which instants it began. */
  private record Begun(String id, Instant after, Instant before) {
    static Begun on(Skewed node, String clientClass) {
      Instant after = Instant.now();
      String id = issue(node, "\"client_class\":\"" + clientClass + "\"", 201);
      return new Begun(id, after, Instant.now());
    }
  }

  @Test
  void noLifeIsLongerOrShorterForIt() {
    List<Begun> used = new ArrayList<>();
    List<Begun> idle = new ArrayList<>();
    for (Skewed node : nodes) {
      used.add(Begun.on(node, "browser"));
      idle.add(Begun.on(node, "idler"));
    }
    Set<String> allowed = new HashSet<>();
    Set<String> over = new HashSet<>();
    RedisServers.await(
        () -> {
          for (Begun session : used) {
            for (Skewed node : nodes) {
              (isOver(node, session, ABSOLUTE) ? over : allowed).add(session.id + node.seconds);
            }
          }
          return over.size() == used.size() * nodes.size();
        });
    assertThat(allowed).isEqualTo(over);
    for (Begun session : idle) {
      nodes.forEach(node -> assertThat(isOver(node, session, IDLE)).isTrue());
    }
  }

  /** Asks, and holds the answer against the life that the session has by a right clock. */
  private static boolean isOver(Skewed node, Begun session, Duration life) {
    Instant asked = Instant.now();
    int status = validate(node, session.id, "/");
    Instant answered = Instant.now();
    assertThat(status).isIn(200, 401);
    String told = "status " + status + " from the node " + node.seconds + " s ahead";
    if (status == 200) {
      assertThat(asked).as(told).isBefore(session.before.plus(life).plus(TOLERANCE));
    } else {
      assertThat(answered).as(told).isAfterOrEqualTo(session.after.plus(life));
    }
    return status == 401;
  }

  @Test
  void anAssertionIsAsOldOnEachAndGoodOnce() throws Exception {
    String old = right().assertion("carol", Instant.now().minusSeconds(360));
    String early = right().assertion("carol", Instant.now().plusSeconds(120));
    for (Skewed node : nodes) {
      assertThat(login(node, old).statusCode()).as("%s", node).isEqualTo(401);
      assertThat(login(node, early).statusCode()).as("%s", node).isEqualTo(401);
      String fresh = right().assertion("carol");
      assertThat(login(node, fresh).statusCode()).as("%s", node).isEqualTo(200);
      for (Skewed other : nodes) {
        assertThat(login(other, fresh).statusCode()).as("%s", other).isEqualTo(401);
      }
    }
  }

  @Test
  void anAuthenticationIsAsOldOnEach() {
    long now = Instant.now().getEpochSecond();
    for (Skewed node : nodes) {
      String old = issue(node, "\"auth_time\":" + (now - 120), 201);
      String fresh = issue(node, "\"auth_time\":" + now, 201);
      String _ = issue(node, "\"auth_time\":" + (now + 120), 400);
      for (Skewed other : nodes) {
        assertThat(validate(other, old, "/vault")).as("%s", other).isEqualTo(401);
        assertThat(validate(other, old, "/")).as("%s", other).isEqualTo(200);
        assertThat(validate(other, fresh, "/vault")).as("%s", other).isEqualTo(200);
      }
    }
  }

  private static String issue(Skewed node, String member, int status) {
    HttpResponse<String> response =
        node.open.send(
            "POST",
            "/v1/sessions",
            "{\"subject\":\"dave\"," + member + "}",
            "Authorization",
            "Bearer " + TestNode.CREDENTIAL,
            "Content-Type",
            "application/json");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return Client.sessionId(response).orElse("");
  }

  @Test
  void onlyTheOneThatIsRightIsReady() {
    for (Skewed node : nodes) {
      HttpResponse<String> ready = node.management.send("GET", "/readyz", "");
      if (node.seconds == 0) {
        assertThat(ready.statusCode()).isEqualTo(200);
      } else {
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
            .contains(node.seconds > 0 ? "behind" : "ahead of")
            .contains("synchronise both with NTP");
      }
      assertThat(skew(node)).isBetween(-node.seconds - 2.0, -node.seconds + 2.0);
    }
  }

  private static double skew(Skewed node) {
    String name = "symbolon_store_clock_skew_seconds ";
    return node.management
        .send("GET", "/metrics", "")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .findFirst()
        .orElseThrow();
  }
}
