package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.faults.Impostor.Ending.CLOSED;
import static org.symbolon.faults.Impostor.Ending.DUMB;
import static org.symbolon.faults.Impostor.Ending.OPEN;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.Client;
import org.symbolon.EventSender;
import org.symbolon.TestNode;
import org.symbolon.api.OpenApiContract;
import org.symbolon.proof.SoftDevice;
import org.symbolon.redis.RedisServers;

/**
 * Whatever Redis says instead of an answer, at every operation that needs it: 503 with {@code
 * Retry-After}, the cookie untouched, and all is well again when Redis is.
 */
class RedisErrorsTest {
  private static final String POLL = "{\"returnImmediately\":true}";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  /** Asked for only to verify a signed credential, or told by the silence of some seconds. */
  private static final Set<String> ELSEWHERE =
      Set.of("admin GET /policy", "management GET /readyz");

  private static final List<String> ERRORS =
      List.of(
          "READONLY You can't write against a read only replica.",
          "LOADING Redis is loading the dataset in memory",
          "OOM command not allowed when used memory > 'maxmemory'.",
          "NOAUTH Authentication required.",
          "WRONGPASS invalid username-password pair or user is disabled.",
          "NOPERM this user has no permissions to run this command",
          "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
          "MISCONF Redis is configured to save RDB snapshots, but it can't persist on disk.",
          "CLUSTERDOWN The cluster is down",
          "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
          "NOREPLICAS Not enough good replicas to write.",
          "TRYAGAIN Multiple keys request during rehashing of slot",
          "CROSSSLOT Keys in request don't hash to the same slot",
          "EXECABORT Transaction discarded because of previous errors.",
          "NOSCRIPT No matching script. Please use EVAL.",
          "UNKILLABLE Sorry the script already executed write commands",
          "WRONGTYPE Operation against a key holding the wrong kind of value",
          "ERR unknown command",
          "ERR max number of clients reached",
          "");

  private static final List<String> OF_WRITES =
      ERRORS.stream()
          .filter(e -> e.matches("(READONLY|OOM|NOREPLICAS|TRYAGAIN|NOSCRIPT).*"))
          .toList();

  /** Those that its client acts upon by itself. */
  private static final Pattern OF_CLUSTERS =
      Pattern.compile("MOVED|ASK|-(READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN)|silence|a closed");

  private static final Map<String, String> BEARER =
      Map.of("Authorization", "Bearer " + TestNode.CREDENTIAL);

  /** Of somebody else: an end that was asked for may come when Redis is well again. */
  private static final String SUBJECT = "/admin/v1/tenants/default/subjects/bob/sessions";

  private static final int AT_ONCE = 8;

  @TempDir private Path folder = Path.of("");

  private final OpenApiContract contract = OpenApiContract.load();
  private final Queue<String> breaches = new ConcurrentLinkedQueue<>();

  /** A request to an operation. */
  private record Ask(
      String listener, String method, String path, String body, Map<String, String> headers) {}

  /** Everything that is said instead of an answer, by its name. */
  private static Map<String, Impostor.Lie> lies(int port) {
    Map<String, String> replies = new LinkedHashMap<>();
    ERRORS.forEach(error -> replies.put("-" + error, "-" + error + "\r\n"));
    for (String kind : List.of("MOVED", "ASK")) {
      replies.put(kind + " to itself", "-" + kind + " 1234 127.0.0.1:" + port + "\r\n");
      replies.put(kind + " to nobody", "-" + kind + " 1234 127.0.0.1:1\r\n");
      replies.put(kind + " to nonsense", "-" + kind + " x\r\n");
    }
    replies.put("another error type", "!5\r\nSYNTA\r\n");
    replies.put("a status", "+OK\r\n");
    replies.put("a number", ":77\r\n");
    replies.put("a short string", "$5\r\nhello\r\n");
    replies.put("a list of nonsense", "*3\r\n$5\r\nhello\r\n:1\r\n_\r\n");
    replies.put("a map", "%1\r\n+a\r\n+b\r\n");
    replies.put("a boolean", "#t\r\n");
    replies.put("garbage", "\u0000\u0001\u00ffgarbage\r\n\r\n");
    replies.put("HTTP", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    Map<String, Impostor.Lie> lies = new LinkedHashMap<>();
    replies.forEach((name, reply) -> lies.put(name, new Impostor.Lie(reply, OPEN, true)));
    lies.put("silence", new Impostor.Lie("", DUMB, true));
    lies.put("half a reply", new Impostor.Lie("$100\r\nhal", DUMB, true));
    lies.put("a closed connection", new Impostor.Lie("", CLOSED, true));
    lies.put("half a reply, closed", new Impostor.Lie("*2\r\n$5\r\nhe", CLOSED, true));
    return lies;
  }

  @Test
  void everyErrorIsAnOutageEverywhere() throws Exception {
    try (RedisServers servers = RedisServers.standalone()) {
      holds(servers, Map.of(), Pattern.compile(".*"));
    }
  }

  @Test
  void everyErrorIsAnOutageEverywhereInACluster() throws Exception {
    try (RedisServers servers = RedisServers.standalone("cluster-enabled yes")) {
      servers.own();
      holds(servers, Map.of("redis.mode", "cluster"), OF_CLUSTERS);
    }
  }

  /** Reading goes well meanwhile, as on a replica or a server that is full. */
  @Test
  void anErrorOfEveryWriteIsAnOutageOfAllThatWrites() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        Impostor impostor = new Impostor(servers.port());
        TestNode node = TestNode.start(servers, folder, settings(impostor))) {
      for (String error : OF_WRITES) {
        String id = node.login("alice");
        String other = handle(node, node.login("alice"));
        impostor.lie(new Impostor.Lie("-" + error + "\r\n", OPEN, false));
        assertThat(validates(node, id)).as(error).isTrue();
        for (Ask ask : writes(node, id, other)) {
          check(node, error, ask);
        }
        assertThat(impostor.answered()).as(error).isGreaterThan(9);
        impostor.stop();
        RedisServers.await(() -> isLoggedIn(node));
      }
      for (String error : OF_WRITES) {
        endsNothing(node, impostor, error, new Impostor.Lie("-" + error + "\r\n", OPEN, false));
      }
    }
    assertThat(breaches).isEmpty();
  }

  /** Its name is taken only with its effect. */
  @Test
  void anEventThatCouldNotTakeEffectDoesWhenItComesAgain() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        Impostor impostor = new Impostor(servers.port());
        TestNode node = TestNode.start(servers, folder, settings(impostor))) {
      String id = node.login("bob");
      String logout = "logout_token=" + EventSender.of(folder).logout("bob");
      impostor.lie(new Impostor.Lie("-" + OF_WRITES.getFirst() + "\r\n", OPEN, false));
      check(
          node,
          "",
          new Ask("public", "POST", "/v1/backchannel-logout", logout, with(Map.of(), FORM)));
      assertThat(breaches).isEmpty();
      impostor.stop();
      RedisServers.await(() -> isLoggedIn(node));
      assertThat(
              node.client()
                  .send("POST", "/v1/backchannel-logout", logout, "Content-Type", FORM)
                  .statusCode())
          .isEqualTo(200);
      assertThat(validates(node, id)).isFalse();
    }
  }

  /** An end of everything, by itself: one that failed may yet come, while the next lie is told. */
  private void endsNothing(TestNode node, Impostor impostor, String name, Impostor.Lie lie) {
    impostor.lie(lie);
    check(node, name, new Ask("admin", "POST", "/admin/v1/logout", "", BEARER));
    impostor.stop();
    RedisServers.await(() -> isLoggedIn(node));
  }

  private static boolean isLoggedIn(TestNode node) {
    String assertion = node.assertion("alice");
    return node.client()
            .send("POST", "/v1/login", assertion, "Content-Type", "application/jwt")
            .statusCode()
        < 300;
  }

  private Map<String, String> settings(Impostor impostor) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("redis.nodes", "127.0.0.1:" + impostor.port());
    settings.put("redis.timeout", "250ms");
    settings.put("nearCache.enabled", "false");
    settings.put("binding.dbsc", "enforce");
    settings.put("issuers.test.logoutAudience", "client");
    settings.put("events.idp.issuer", "https://transmitter.test");
    settings.put("events.idp.jwks", folder.resolve("jwks.json").toString());
    settings.put("events.idp.audience", "https://app.example");
    settings.put("services.backend.scopes", "issue,introspect,revoke,admin,events");
    settings.put("streams.polled.service", "backend");
    settings.put("streams.polled.audience", "https://shop.example");
    settings.put("webhooks.ear.url", "http://127.0.0.1:1/");
    settings.put("webhooks.ear.secret", "whsec_" + "A".repeat(43) + "=");
    return settings;
  }

  private void holds(RedisServers servers, Map<String, String> settings, Pattern told)
      throws Exception {
    try (Impostor impostor = new Impostor(servers.port())) {
      servers.announce(impostor.port());
      Map<String, String> further = new TreeMap<>(settings);
      further.putAll(settings(impostor));
      try (TestNode node = TestNode.start(servers, folder, further)) {
        String id = node.login("alice");
        String registration = registration(node);
        Map<String, Impostor.Lie> lies = lies(impostor.port());
        lies.keySet().removeIf(name -> !told.matcher(name).lookingAt());
        for (Map.Entry<String, Impostor.Lie> each : lies.entrySet()) {
          impostor.lie(each.getValue());
          try (ExecutorService all = Executors.newFixedThreadPool(AT_ONCE)) {
            asks(node, id, registration)
                .forEach(ask -> all.execute(() -> check(node, each.getKey(), ask)));
          }
          assertThat(impostor.answered()).as(each.getKey()).isPositive();
          impostor.stop();
          RedisServers.await(() -> validates(node, id));
        }
        lies.forEach((name, lie) -> endsNothing(node, impostor, name, lie));
        assertThat(breaches).isEmpty();
        assertThat(contract.unseen().stream().filter(RedisErrorsTest::isNeedy)).isEmpty();
        assertThat(node.login("alice")).isNotEmpty();
      }
    }
  }

  private static boolean isNeedy(String operation) {
    return operation.endsWith(" 503") && !ELSEWHERE.contains(operation.replace(" 503", ""));
  }

  private static boolean validates(TestNode node, String id) {
    return node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode() == 200;
  }

  private void check(TestNode node, String lie, Ask ask) {
    Client client = ask.listener().equals("admin") ? node.admin() : node.client();
    String[] headers =
        ask.headers().entrySet().stream()
            .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
            .toArray(String[]::new);
    HttpResponse<String> response;
    try {
      response = client.send(ask.method(), ask.path(), ask.body(), headers);
    } catch (UncheckedIOException e) {
      breaches.add("%s: %s %s -> %s".formatted(lie, ask.method(), ask.path(), e.getMessage()));
      return;
    }
    Set<String> fields =
        response.headers().map().keySet().stream()
            .map(name -> name.toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    boolean isOutage =
        response.statusCode() == 503
            && fields.contains("retry-after")
            && !fields.contains("set-cookie")
            && !fields.contains("clear-site-data")
            && !fields.contains("www-authenticate");
    if (!isOutage) {
      breaches.add(
          "%s: %s %s -> %d %s"
              .formatted(lie, ask.method(), ask.path(), response.statusCode(), fields));
    }
    try {
      contract.check(
          ask.listener(),
          ask.method(),
          ask.path(),
          response.statusCode(),
          new TreeMap<>(response.headers().map()),
          response.body());
    } catch (AssertionError e) {
      breaches.add(lie + ": " + e.getMessage());
    }
  }

  private static String handle(TestNode node, String id) {
    return node.client()
        .send("GET", "/v1/validate", "", Client.cookie(id))
        .headers()
        .firstValue("X-Session-Handle")
        .orElseThrow();
  }

  /** A browser's key for a session of its own, ready to be sent. */
  private static String registration(TestNode node) {
    String assertion = node.assertion("carol");
    String offer =
        node.client()
            .send("POST", "/v1/login", assertion, "Content-Type", "application/jwt")
            .headers()
            .firstValue("Secure-Session-Registration")
            .orElseThrow();
    String challenge = offer.replaceFirst(".*\"([A-Za-z0-9_-]{60})\".*", "$1");
    return SoftDevice.ec().registration(challenge);
  }

  private List<Ask> asks(TestNode node, String id, String registration) {
    Map<String, String> cookie = cookie(id);
    List<Ask> asks = writes(node, id, "aaaaaaaaaaaaaaaa");
    asks.add(new Ask("public", "GET", "/v1/validate", "", cookie));
    asks.add(new Ask("public", "HEAD", "/v1/validate", "", cookie));
    for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
      asks.add(new Ask("public", method, "/gw/nginx/validate", "", cookie));
      asks.add(new Ask("public", method, "/gw/envoy/validate/a/path", "", cookie));
    }
    asks.add(new Ask("public", "POST", "/v1/introspect", "token=" + id, with(BEARER, FORM)));
    asks.add(new Ask("public", "GET", "/v1/session/csrf", "", cookie));
    Map<String, String> device = Map.of("Sec-Secure-Session-Id", "aaaaaaaaaaaaaaaa");
    asks.add(new Ask("public", "POST", "/.session/dbsc/refresh", "", device));
    Map<String, String> key = Map.of("Secure-Session-Response", registration);
    asks.add(new Ask("public", "POST", "/.session/dbsc/register", "", key));
    asks.add(new Ask("public", "GET", "/v1/me/sessions", "", cookie));
    asks.add(new Ask("admin", "GET", "/admin/v1/sessions/aaaaaaaaaaaaaaaa", "", BEARER));
    asks.add(new Ask("admin", "GET", SUBJECT, "", BEARER));
    asks.add(new Ask("admin", "GET", "/admin/v1/bindings/report", "", BEARER));
    String campaigns = "/admin/v1/campaigns";
    String unknown = campaigns + "/20260101-aaaaaa";
    String told = EventSender.of(folder).verification();
    Map<String, String> set = Map.of("Content-Type", "application/secevent+jwt");
    asks.add(new Ask("public", "POST", "/v1/events", told, set));
    String receivers = "/admin/v1/receivers";
    String refused = receivers + "/ear/refused";
    for (String path :
        List.of(campaigns, unknown, unknown + "/report", unknown + "/events", receivers, refused)) {
      asks.add(new Ask("admin", "GET", path, "", BEARER));
    }
    for (String method : List.of("POST", "DELETE")) {
      asks.add(new Ask("admin", method, refused + "/1-0", "", BEARER));
    }
    String pause = "{\"step\":\"pause\"}";
    asks.add(new Ask("admin", "POST", unknown + "/steps", pause, with(BEARER, JSON)));
    return asks;
  }

  /**
   * Those that can't be answered well without a write.
   *
   * @param handle of a session that goes on when they fail
   */
  private List<Ask> writes(TestNode node, String id, String handle) {
    Map<String, String> cookie = cookie(id);
    Map<String, String> jwt = Map.of("Content-Type", "application/jwt");
    String step = "{\"auth_time\":" + (System.currentTimeMillis() / 1000 + 5) + "}";
    List<Ask> asks = new ArrayList<>();
    asks.add(new Ask("public", "POST", "/v1/login", node.assertion("alice"), jwt));
    asks.add(new Ask("public", "POST", "/v1/sessions", "{\"subject\":\"a\"}", with(BEARER, JSON)));
    String elevate = "/v1/sessions/" + handle + "/elevate";
    asks.add(new Ask("public", "POST", elevate, step, with(BEARER, JSON)));
    String logout = "logout_token=" + EventSender.of(folder).logout("bob");
    asks.add(new Ask("public", "POST", "/v1/backchannel-logout", logout, with(Map.of(), FORM)));
    String bob =
        "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://issuer.test\",\"sub\":\"bob\"}}";
    String gtr = "/v1/global-token-revocation";
    asks.add(new Ask("public", "POST", gtr, bob, with(BEARER, JSON)));
    asks.add(new Ask("public", "POST", "/v1/streams/polled/poll", POLL, with(BEARER, JSON)));
    asks.add(new Ask("public", "POST", "/v1/session/refresh", "", cookie));
    for (String scope : List.of("", "?scope=others", "?scope=all")) {
      asks.add(new Ask("public", "POST", "/v1/logout" + scope, "", cookie));
    }
    asks.add(new Ask("public", "DELETE", "/v1/me/sessions/" + handle, "", cookie));
    asks.add(new Ask("admin", "DELETE", "/admin/v1/sessions/" + handle, "", BEARER));
    asks.add(new Ask("admin", "DELETE", SUBJECT, "", BEARER));
    asks.add(new Ask("admin", "POST", "/admin/v1/tenants/another/logout", "", BEARER));
    String campaigns = "/admin/v1/campaigns";
    String order = "{\"criteria\":{\"all\":true},\"cause\":\"drill\",\"ticket\":\"T-1\"}";
    asks.add(new Ask("admin", "POST", campaigns, order, with(BEARER, JSON)));
    return asks;
  }

  private static Map<String, String> cookie(String id) {
    return Map.of("Cookie", "__Host-sid=" + id);
  }

  private static Map<String, String> with(Map<String, String> headers, String type) {
    Map<String, String> both = new TreeMap<>(headers);
    both.put("Content-Type", type);
    return both;
  }
}
