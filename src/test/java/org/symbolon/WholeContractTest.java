package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.api.OpenApiContract;
import org.symbolon.redis.RedisServers;

/**
 * Every reply of the service is one that the API description describes, and the other way round.
 */
class WholeContractTest {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> GATEWAY_METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  @TempDir private Path folder = Path.of("");

  private final OpenApiContract contract = OpenApiContract.load();
  private int count;

  /** One listener of one node. */
  private record Side(String listener, Client client) {}

  private HttpResponse<String> ask(
      Side side, int status, String method, String path, String body, String... headers) {
    HttpResponse<String> response = side.client().send(method, path, body, headers);
    assertThat(response.statusCode())
        .as(method + " " + path + " " + response.body())
        .isEqualTo(status);
    contract.check(
        side.listener(),
        method,
        path,
        response.statusCode(),
        new TreeMap<>(response.headers().map()),
        response.body());
    count++;
    return response;
  }

  private static String[] backend(String... more) {
    return with("Bearer " + TestNode.CREDENTIAL, more);
  }

  private static String[] with(String authorization, String... more) {
    String[] headers = new String[more.length + 2];
    headers[0] = "Authorization";
    headers[1] = authorization;
    System.arraycopy(more, 0, headers, 2, more.length);
    return headers;
  }

  private static String[] cookie(String id, String... more) {
    String[] headers = new String[more.length + 2];
    headers[0] = "Cookie";
    headers[1] = "__Host-sid=" + id;
    System.arraycopy(more, 0, headers, 2, more.length);
    return headers;
  }

  @Test
  void everyReplyIsDescribedAndEveryDescribedReplyIsGiven() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, settings())) {
      Side open = new Side("public", node.client());
      Side admin = new Side("admin", node.admin());
      Side management = new Side("management", node.management());
      validates(open, node.login("alice"));
      logins(open, node);
      backends(open);
      owns(open, node);
      operators(admin, node);
      ask(management, 200, "GET", "/livez", "");
      ask(management, 200, "GET", "/readyz", "");
      ask(management, 200, "GET", "/metrics", "");
      ask(open, 404, "GET", "/nowhere", "");
      ask(open, 405, "PUT", "/v1/login", "");
      demo();
      String id = node.login("outage");
      servers.pause();
      outage(open, admin, management, node, id);
      servers.resume();
    }
    assertThat(contract.unseen())
        .as("described replies that no request here has got")
        .filteredOn(
            unseen ->
                !isUnaskable(unseen) && !unseen.contains("GET / ") && !unseen.contains("/demo/"))
        .isEmpty();
    assertThat(count).isGreaterThan(100);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("tenants.full.limit.max", "1");
    settings.put("tenants.full.limit.whenReached", "reject");
    settings.put("issuers.full.issuer", "https://issuer.test/full");
    settings.put("issuers.full.jwks", folder.resolve("jwks.json").toString());
    settings.put("issuers.full.tenant", "full");
    Map<String, String> scopes =
        Map.of("narrow", "introspect", "issuing", "issue", "tenanted", "issue,introspect,admin");
    scopes.forEach(
        (name, granted) -> {
          settings.put("services." + name + ".secretSha256", TestNode.sha256(TestNode.SECRET));
          settings.put("services." + name + ".scopes", granted);
        });
    settings.put("services.tenanted.tenants", "acme");
    return settings;
  }

  /**
   * Plaintext from beyond this machine can't be sent on it, and the policy needs the store only for
   * a signed credential: the listeners' own tests hold both.
   */
  private static boolean isUnaskable(String unseen) {
    return unseen.equals("admin GET /policy 503")
        || (unseen.endsWith(" 403")
            && (unseen.contains("validate")
                || unseen.contains("GET /v1/me")
                || unseen.contains("GET / ")
                || unseen.contains("/policy")));
  }

  private void validates(Side open, String id) {
    ask(open, 200, "GET", "/v1/validate", "", cookie(id));
    ask(open, 200, "HEAD", "/v1/validate", "", cookie(id));
    ask(open, 401, "GET", "/v1/validate", "");
    ask(open, 401, "HEAD", "/v1/validate", "");
    ask(open, 401, "GET", "/v1/validate", "", cookie("junk"));
    ask(open, 401, "GET", "/v1/validate", "", "Cookie", "__Host-sid=a; __Host-sid=b");
    for (String method : GATEWAY_METHODS) {
      String body = method.equals("POST") || method.equals("PUT") ? "body" : "";
      ask(open, 200, method, "/gw/nginx/validate", body, cookie(id));
      ask(open, 401, method, "/gw/caddy/validate", body);
      ask(open, 404, method, "/gw/unknown/validate", body);
      ask(open, 200, method, "/gw/envoy/validate/some/path", body, cookie(id));
      ask(open, 401, method, "/gw/envoy/validate/some/path", body);
    }
  }

  private void logins(Side open, TestNode node) throws Exception {
    String jwt = "application/jwt";
    ask(open, 200, "POST", "/v1/login", node.assertion("bob"), "Content-Type", jwt);
    ask(
        open,
        200,
        "POST",
        "/v1/login",
        "{\"assertion\":\"" + node.assertion("bob") + "\"}",
        "Content-Type",
        JSON);
    ask(open, 200, "POST", "/v1/login", "assertion=" + node.assertion("bob"), "Content-Type", FORM);
    ask(open, 400, "POST", "/v1/login", "{", "Content-Type", JSON);
    ask(open, 401, "POST", "/v1/login", "no.jwt.here", "Content-Type", jwt);
    String used = node.assertion("bob");
    ask(open, 200, "POST", "/v1/login", used, "Content-Type", jwt);
    ask(open, 401, "POST", "/v1/login", used, "Content-Type", jwt);
    ask(
        open,
        403,
        "POST",
        "/v1/login",
        node.assertion("bob"),
        "Content-Type",
        jwt,
        "Origin",
        "https://evil.test");
    ask(open, 413, "POST", "/v1/login", "x".repeat(20_000), "Content-Type", jwt);
    ask(open, 415, "POST", "/v1/login", "x", "Content-Type", "text/plain");
    String full = node.assertion("https://issuer.test/full", "carol");
    ask(open, 200, "POST", "/v1/login", full, "Content-Type", jwt);
    ask(
        open,
        409,
        "POST",
        "/v1/login",
        node.assertion("https://issuer.test/full", "carol"),
        "Content-Type",
        jwt);
  }

  private void backends(Side open) {
    String issue = "{\"subject\":\"dave\",\"attributes\":{\"plan\":\"gold\"},\"amr\":[\"pwd\"]}";
    HttpResponse<String> issued =
        ask(open, 201, "POST", "/v1/sessions", issue, backend("Content-Type", JSON));
    String id = Client.sessionId(issued).orElseThrow();
    String[] unknown = with("Bearer backend.wrongwrongwrongwrongwrongwrongwrong");
    ask(open, 400, "POST", "/v1/sessions", "{\"sub\":\"x\"}", backend("Content-Type", JSON));
    ask(open, 400, "POST", "/v1/sessions", "{}", backend("Content-Type", JSON));
    ask(open, 401, "POST", "/v1/sessions", issue, unknown);
    ask(
        open,
        403,
        "POST",
        "/v1/sessions",
        issue,
        with("Bearer narrow." + TestNode.SECRET, "Content-Type", JSON));
    ask(
        open,
        403,
        "POST",
        "/v1/sessions",
        issue,
        with("Bearer tenanted." + TestNode.SECRET, "Content-Type", JSON));
    String full = "{\"subject\":\"erin\",\"tenant\":\"full\"}";
    ask(open, 201, "POST", "/v1/sessions", full, backend("Content-Type", JSON));
    ask(open, 409, "POST", "/v1/sessions", full, backend("Content-Type", JSON));
    ask(open, 413, "POST", "/v1/sessions", "x".repeat(20_000), backend("Content-Type", JSON));
    ask(open, 415, "POST", "/v1/sessions", issue, backend("Content-Type", "text/plain"));

    ask(open, 200, "POST", "/v1/introspect", "token=" + id, backend("Content-Type", FORM));
    ask(open, 200, "POST", "/v1/introspect", "token=junk", backend("Content-Type", FORM));
    ask(open, 400, "POST", "/v1/introspect", "tokn=x", backend("Content-Type", FORM));
    ask(open, 401, "POST", "/v1/introspect", "token=x", with("Bearer x.y", "Content-Type", FORM));
    ask(
        open,
        403,
        "POST",
        "/v1/introspect",
        "token=x",
        with("Bearer issuing." + TestNode.SECRET, "Content-Type", FORM));
    ask(open, 413, "POST", "/v1/introspect", "x".repeat(20_000), backend("Content-Type", FORM));
    ask(open, 415, "POST", "/v1/introspect", "token=x", backend("Content-Type", "text/plain"));
  }

  private void owns(Side open, TestNode node) throws Exception {
    String first = node.login("frank");
    String second = node.login("frank");
    HttpResponse<String> listed = ask(open, 200, "GET", "/v1/me/sessions", "", cookie(first));
    assertThat(listed.body()).contains("\"current\":true").contains("\"current\":false");
    ask(open, 401, "GET", "/v1/me/sessions", "");
    ask(open, 401, "GET", "/v1/me/sessions", "", cookie("junk"));
    String handle = handle(open, second);
    String path = "/v1/me/sessions/";
    ask(open, 401, "DELETE", path + handle, "");
    ask(open, 403, "DELETE", path + handle, "", cookie(first, "Origin", "https://evil.test"));
    ask(open, 404, "DELETE", path + "nothing", "", cookie(first));
    ask(open, 413, "DELETE", path + handle, "x".repeat(20_000), cookie(first));
    ask(open, 204, "DELETE", path + handle, "", cookie(first));
    ask(open, 401, "GET", "/v1/validate", "", cookie(second));
    ask(open, 400, "POST", "/v1/logout?scope=none", "", cookie(first));
    ask(open, 403, "POST", "/v1/logout", "", cookie(first, "Sec-Fetch-Site", "cross-site"));
    ask(open, 413, "POST", "/v1/logout", "x".repeat(20_000), cookie(first));
    ask(open, 204, "POST", "/v1/logout?scope=others", "", cookie(first));
    ask(open, 204, "POST", "/v1/logout", "", cookie(first));
    ask(open, 204, "POST", "/v1/logout", "", cookie(first));
    ask(open, 401, "POST", "/v1/logout?scope=all", "", cookie(first));
    ask(open, 204, "POST", "/v1/logout?scope=all", "", cookie(node.login("frank")));
  }

  private static String handle(Side open, String id) {
    return open.client()
        .send("GET", "/v1/validate", "", Client.cookie(id))
        .headers()
        .firstValue("X-Session-Handle")
        .orElseThrow();
  }

  private void operators(Side admin, TestNode node) {
    Side open = new Side("public", node.client());
    String handle = handle(open, node.login("grace"));
    String one = "/admin/v1/sessions/" + handle;
    String all = "/admin/v1/tenants/default/subjects/grace/sessions";
    String[] narrow = with("Bearer narrow." + TestNode.SECRET);
    ask(admin, 200, "GET", one, "", backend());
    ask(admin, 200, "GET", all, "", backend());
    ask(admin, 200, "GET", "/policy", "", backend());
    for (String path : List.of(one, all)) {
      for (String method : List.of("GET", "DELETE")) {
        ask(admin, 401, method, path, "");
        ask(admin, 403, method, path, "", narrow);
      }
    }
    ask(admin, 401, "GET", "/policy", "");
    ask(admin, 403, "GET", "/policy", "", narrow);
    ask(admin, 404, "GET", "/admin/v1/sessions/nothing", "", backend());
    ask(admin, 404, "DELETE", "/admin/v1/sessions/nothing", "", backend());
    String bad = "/admin/v1/tenants/a%20b/subjects/grace/sessions";
    ask(admin, 400, "GET", bad, "", backend());
    ask(admin, 400, "DELETE", bad, "", backend());
    ask(admin, 413, "DELETE", one, "x".repeat(20_000), backend());
    ask(admin, 413, "DELETE", all, "x".repeat(20_000), backend());
    ask(admin, 204, "DELETE", one, "", backend());
    ask(admin, 200, "DELETE", all, "", backend());
  }

  private void demo() throws Exception {
    try (Node trial = Wiring.start(TestNode.trial(folder.resolve("trial")));
        Client client = new Client(trial.publicPort())) {
      Side open = new Side("public", client);
      ask(open, 200, "GET", "/", "");
      ask(open, 200, "GET", "/demo/app.js", "");
      ask(open, 200, "GET", "/demo/style.css", "");
      ask(open, 200, "GET", "/demo/assertion?subject=alice", "");
      ask(open, 400, "GET", "/demo/assertion", "");
    }
  }

  private void outage(Side open, Side admin, Side management, TestNode node, String id) {
    ask(open, 503, "GET", "/v1/validate", "", cookie(id));
    ask(open, 503, "HEAD", "/v1/validate", "", cookie(id));
    for (String method : GATEWAY_METHODS) {
      ask(open, 503, method, "/gw/nginx/validate", "", cookie(id));
      ask(open, 503, method, "/gw/envoy/validate/x", "", cookie(id));
    }
    String assertion = node.assertion("bob");
    ask(open, 503, "POST", "/v1/login", assertion, "Content-Type", "application/jwt");
    String issue = "{\"subject\":\"dave\"}";
    ask(open, 503, "POST", "/v1/sessions", issue, backend("Content-Type", JSON));
    ask(open, 503, "POST", "/v1/introspect", "token=" + id, backend("Content-Type", FORM));
    ask(open, 503, "POST", "/v1/logout", "", cookie(id));
    ask(open, 503, "GET", "/v1/me/sessions", "", cookie(id));
    ask(open, 503, "DELETE", "/v1/me/sessions/aaaaaaaaaaaaaaaa", "", cookie(id));
    String one = "/admin/v1/sessions/aaaaaaaaaaaaaaaa";
    String all = "/admin/v1/tenants/default/subjects/grace/sessions";
    for (String path : List.of(one, all)) {
      ask(admin, 503, "GET", path, "", backend());
      ask(admin, 503, "DELETE", path, "", backend());
    }
    RedisServers.await(() -> node.management().send("GET", "/readyz", "").statusCode() == 503);
    ask(management, 503, "GET", "/readyz", "");
  }
}
