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
import org.symbolon.proof.SoftClient;
import org.symbolon.proof.SoftDevice;
import org.symbolon.redis.RedisServers;

/**
 * Every reply of the service is one that the API description describes, and the other way round.
 */
class WholeContractTest {
  private static final String POLL = "{\"returnImmediately\":true}";
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> GATEWAY_METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  @TempDir private Path folder = Path.of("");

  private final OpenApiContract contract = OpenApiContract.load();
  private int count;

  /** A browser's good proof that was not sent yet. */
  private String registration = "";

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
        Ear ear = new Ear();
        TestNode node = TestNode.start(servers, folder, settings(ear))) {
      Side open = new Side("public", node.client());
      Side admin = new Side("admin", node.admin());
      Side management = new Side("management", node.management());
      validates(open, node.login("alice"));
      logins(open, node);
      devices(open, node);
      programs(open, node);
      backends(open);
      owns(open, node);
      operators(admin, node);
      campaigns(admin);
      refusals(admin);
      events(open);
      receivers(admin, ear);
      ask(management, 200, "GET", "/livez", "");
      ask(management, 200, "GET", "/readyz", "");
      ask(management, 200, "GET", "/metrics", "");
      ask(open, 404, "GET", "/nowhere", "");
      ask(open, 405, "PUT", "/v1/login", "");
      demo();
      site(servers);
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

  private Map<String, String> settings(Ear ear) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("tenants.full.limit.max", "1");
    settings.put("tenants.full.limit.whenReached", "reject");
    settings.put("issuers.full.issuer", "https://issuer.test/full");
    settings.put("issuers.full.jwks", folder.resolve("jwks.json").toString());
    settings.put("issuers.full.tenant", "full");
    settings.put("issuers.test.logoutAudience", "client");
    settings.put("webhooks.ear.url", ear.url());
    settings.put("webhooks.ear.secret", Ear.SECRET);
    settings.put("webhooks.ear.events", "everything.revoked");
    settings.put("webhooks.ear.attempts", "1");
    settings.put("events.idp.issuer", "https://transmitter.test");
    settings.put("events.idp.jwks", folder.resolve("jwks.json").toString());
    settings.put("events.idp.audience", "https://app.example");
    settings.put("binding.dbsc", "enforce");
    settings.put("binding.dpop", "enforce");
    Map<String, String> scopes =
        Map.of(
            "narrow",
            "introspect",
            "issuing",
            "issue",
            "tenanted",
            "issue,introspect,revoke,admin");
    scopes.forEach(
        (name, granted) -> {
          settings.put("services." + name + ".secretSha256", TestNode.sha256(TestNode.SECRET));
          settings.put("services." + name + ".scopes", granted);
        });
    settings.put("services.tenanted.tenants", "acme");
    settings.put("services.backend.scopes", "issue,introspect,revoke,admin,events");
    settings.put("streams.polled.service", "backend");
    settings.put("streams.polled.audience", "https://shop.example");
    settings.put("trust.addresses", "127.0.0.1");
    settings.put("gateways.nginx.audience", "https://app.example");
    return settings;
  }

  /**
   * Plaintext from beyond this machine can't be sent on it, the policy needs the store only for a
   * signed credential, and nobody rotates 65,535 times here: the parts' own tests hold these.
   */
  private static boolean isUnaskable(String unseen) {
    return unseen.equals("admin GET /policy 503")
        || unseen.equals("public POST /v1/sessions/{handle}/elevate 409")
        || (unseen.endsWith(" 403")
            && (unseen.contains("validate")
                || unseen.contains("dbsc/register")
                || unseen.contains("dbsc/again")
                || unseen.contains("GET /v1/me")
                || unseen.contains("GET / ")
                || unseen.contains("/.well-known/")
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
      ask(open, 401, method, "/gw/istio/validate/some/path", body);
    }
    ask(open, 200, "GET", "/.well-known/jwks.json", "");
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

  private void devices(Side open, TestNode node) {
    String register = "/.session/dbsc/register";
    String refresh = "/.session/dbsc/refresh";
    String proof = "Secure-Session-Response";
    SoftDevice device = SoftDevice.ec();
    HttpResponse<String> login =
        ask(
            open,
            200,
            "POST",
            "/v1/login",
            node.assertion("ivan"),
            "Content-Type",
            "application/jwt");
    String id = Client.sessionId(login).orElseThrow();
    String offer = challenge(login, "Secure-Session-Registration");
    ask(open, 200, "GET", "/.session/dbsc/again", "");
    ask(open, 200, "GET", "/.session/dbsc/again.js", "");
    ask(open, 400, "POST", register, "");
    ask(open, 413, "POST", register, "x".repeat(20_000));
    HttpResponse<String> registered =
        ask(open, 200, "POST", register, "", proof, device.registration(offer));
    String[] session = {"Sec-Secure-Session-Id", handle(open, id)};
    ask(open, 400, "POST", refresh, "");
    ask(open, 413, "POST", refresh, "x".repeat(20_000), session);
    ask(open, 403, "POST", refresh, "", session);
    String next = challenge(registered, "Secure-Session-Challenge");
    ask(open, 200, "POST", refresh, "", session[0], session[1], proof, device.proof(next));
    ask(open, 204, "POST", "/v1/logout", "", cookie(id));
    ask(open, 200, "POST", refresh, "", session);
    HttpResponse<String> another =
        open.client()
            .send("POST", "/v1/login", node.assertion("ivan"), "Content-Type", "application/jwt");
    registration = device.registration(challenge(another, "Secure-Session-Registration"));
  }

  /** A program's login and its requests, each with a proof. */
  private void programs(Side open, TestNode node) {
    SoftClient client = new SoftClient();
    String login = "http://127.0.0.1:" + node.port() + "/v1/login";
    long now = System.currentTimeMillis() / 1000;
    String[] jwt = {"Content-Type", "application/jwt", "DPoP", ""};
    jwt[3] = client.proof("POST", login, now, "", "");
    String nonce =
        ask(open, 401, "POST", "/v1/login", node.assertion("judy"), jwt)
            .headers()
            .firstValue("DPoP-Nonce")
            .orElseThrow();
    jwt[3] = client.proof("POST", login, now, nonce, "");
    String id =
        Client.sessionId(ask(open, 200, "POST", "/v1/login", node.assertion("judy"), jwt))
            .orElseThrow();
    for (String path : List.of("/v1/validate", "/v1/me/sessions")) {
      String url = "http://127.0.0.1:" + node.port() + path;
      ask(open, 401, "GET", path, "", cookie(id));
      String old = client.proof("GET", url, now, "", id);
      ask(open, 401, "GET", path, "", cookie(id, "DPoP", old));
      String good = client.proof("GET", url, now, nonce, id);
      ask(open, 200, "GET", path, "", cookie(id, "DPoP", good));
      ask(open, 401, "GET", path, "", cookie(id, "DPoP", good));
    }
    ask(open, 200, "POST", "/v1/introspect", "token=" + id, backend("Content-Type", FORM));
  }

  private static String challenge(HttpResponse<String> response, String field) {
    return response
        .headers()
        .firstValue(field)
        .orElseThrow()
        .replaceFirst(".*\"([A-Za-z0-9_-]{60})\".*", "$1");
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

    elevates(open, id);
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

  private void elevates(Side open, String id) {
    String path = "/v1/sessions/" + handle(open, id) + "/elevate";
    String body = "{\"auth_time\":" + (System.currentTimeMillis() / 1000 + 5) + "}";
    String[] json = backend("Content-Type", JSON);
    ask(open, 200, "POST", path, body, json);
    ask(open, 400, "POST", path, "{}", json);
    ask(open, 401, "POST", path, body, with("Bearer x.y", "Content-Type", JSON));
    String[] narrow = with("Bearer narrow." + TestNode.SECRET, "Content-Type", JSON);
    ask(open, 403, "POST", path, body, narrow);
    String[] tenanted = with("Bearer tenanted." + TestNode.SECRET, "Content-Type", JSON);
    ask(open, 404, "POST", path, body, tenanted);
    ask(open, 413, "POST", path, "x".repeat(20_000), json);
    ask(open, 415, "POST", path, body, backend("Content-Type", "text/plain"));
  }

  private void refreshes(Side open, String id) {
    String refresh = "/v1/session/refresh";
    String csrf = "/v1/session/csrf";
    String[] evil = cookie(id, "Origin", "https://evil.test");
    ask(open, 401, "POST", refresh, "");
    ask(open, 401, "GET", csrf, "", cookie("junk"));
    ask(open, 403, "POST", refresh, "", evil);
    ask(open, 403, "GET", csrf, "", evil);
    ask(open, 413, "POST", refresh, "x".repeat(20_000), cookie(id));
    ask(open, 200, "GET", csrf, "", cookie(id));
    String next = Client.sessionId(ask(open, 200, "POST", refresh, "", cookie(id))).orElseThrow();
    assertThat(Client.sessionId(ask(open, 200, "POST", refresh, "", cookie(next)))).isEmpty();
  }

  private void owns(Side open, TestNode node) throws Exception {
    refreshes(open, node.login("heidi"));
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
    ask(admin, 413, "DELETE", one, "x".repeat(1_100_000), backend());
    ask(admin, 413, "DELETE", all, "x".repeat(1_100_000), backend());
    ask(admin, 204, "DELETE", one, "", backend());
    ask(admin, 200, "DELETE", all, "", backend());
    String tenant = "/admin/v1/tenants/default/logout";
    for (String path : List.of(tenant, "/admin/v1/logout")) {
      ask(admin, 401, "POST", path, "");
      ask(admin, 403, "POST", path, "", narrow);
      ask(admin, 403, "POST", path, "", with("Bearer tenanted." + TestNode.SECRET));
      ask(admin, 413, "POST", path, "x".repeat(1_100_000), backend());
      ask(admin, 204, "POST", path, "", backend());
    }
    ask(admin, 400, "POST", "/admin/v1/tenants/a%20b/logout", "", backend());
  }

  private void events(Side open) {
    EventSender provider = EventSender.of(folder);
    String logout = "/v1/backchannel-logout";
    String token = "logout_token=" + provider.logout("mallory");
    ask(open, 200, "POST", logout, token, "Content-Type", FORM);
    ask(open, 400, "POST", logout, token, "Content-Type", FORM);
    ask(open, 413, "POST", logout, "x".repeat(20_000), "Content-Type", FORM);
    String event = provider.verification();
    String[] set = {"Content-Type", "application/secevent+jwt"};
    ask(open, 202, "POST", "/v1/events", event, set);
    ask(open, 202, "POST", "/v1/events", event, set);
    ask(open, 400, "POST", "/v1/events", "x", set);
    ask(open, 413, "POST", "/v1/events", "x".repeat(20_000), set);
    String revoke = "/v1/global-token-revocation";
    String id =
        "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://issuer.test\",\"sub\":\"m\"}}";
    String[] json = backend("Content-Type", JSON);
    ask(open, 204, "POST", revoke, id, json);
    ask(open, 400, "POST", revoke, "{}", json);
    ask(open, 401, "POST", revoke, id, "Content-Type", JSON);
    String[] narrow = with("Bearer narrow." + TestNode.SECRET, "Content-Type", JSON);
    ask(open, 403, "POST", revoke, id, narrow);
    ask(
        open,
        403,
        "POST",
        revoke,
        id,
        with("Bearer tenanted." + TestNode.SECRET, "Content-Type", JSON));
    ask(open, 404, "POST", revoke, id.replace("issuer.test", "other.test"), json);
    ask(open, 413, "POST", revoke, "x".repeat(20_000), json);
    String poll = "/v1/streams/polled/poll";
    ask(open, 200, "POST", poll, POLL, json);
    ask(open, 400, "POST", poll, "{\"maxEvents\":-1}", json);
    ask(open, 401, "POST", poll, POLL, "Content-Type", JSON);
    ask(open, 403, "POST", poll, POLL, narrow);
    ask(open, 404, "POST", "/v1/streams/none/poll", POLL, json);
    ask(open, 413, "POST", poll, "x".repeat(20_000), json);
  }

  private void receivers(Side admin, Ear ear) {
    ear.answers(400);
    String all = "/admin/v1/receivers";
    String refused = all + "/ear/refused";
    for (int i = 1; i <= 2; i++) {
      String count = "\"refused\":" + i;
      admin.client().send("POST", "/admin/v1/logout", "", backend());
      RedisServers.await(
          () -> admin.client().send("GET", all, "", backend()).body().contains(count));
    }
    ask(admin, 200, "GET", all, "", backend());
    String id =
        ask(admin, 200, "GET", refused, "", backend())
            .body()
            .replaceAll("(?s).*?\"id\":\"([0-9-]+).*", "$1");
    String one = refused + "/" + id;
    String[] narrow = with("Bearer narrow." + TestNode.SECRET);
    for (String path : List.of(all, refused)) {
      ask(admin, 401, "GET", path, "");
      ask(admin, 403, "GET", path, "", narrow);
      ask(admin, 403, "GET", path, "", with("Bearer tenanted." + TestNode.SECRET));
    }
    for (String method : List.of("POST", "DELETE")) {
      ask(admin, 401, method, one, "");
      ask(admin, 403, method, one, "", narrow);
      ask(admin, 404, method, refused + "/1-0", "", backend());
      ask(admin, 413, method, one, "x".repeat(1_100_000), backend());
    }
    ask(admin, 404, "GET", all + "/nobody/refused", "", backend());
    ask(admin, 409, "POST", one, "", backend());
    ask(admin, 204, "DELETE", one, "", backend());
    String other =
        admin
            .client()
            .send("GET", refused, "", backend())
            .body()
            .replaceAll("(?s).*?\"id\":\"([0-9-]+).*", "$1");
    ear.answers(200);
    ask(admin, 204, "POST", refused + "/" + other, "", backend());
  }

  private void refusals(Side admin) {
    String report = "/admin/v1/bindings/report";
    ask(admin, 200, "GET", report + "?hours=2", "", backend());
    ask(admin, 400, "GET", report + "?hours=0", "", backend());
    ask(admin, 401, "GET", report, "");
    ask(admin, 403, "GET", report, "", with("Bearer narrow." + TestNode.SECRET));
  }

  private void campaigns(Side admin) {
    String all = "/admin/v1/campaigns";
    String order =
        "{\"criteria\":{\"tenant\":\"default\",\"subject\":[\"nobody\"]},\"cause\":\"drill\",\"ticket\":\"T-1\"}";
    String id =
        ask(admin, 201, "POST", all, order, backend())
            .body()
            .replaceAll("(?s)^\\{\"id\":\"([^\"]+).*", "$1");
    String one = all + "/" + id;
    String steps = one + "/steps";
    RedisServers.await(
        () -> admin.client().send("GET", one, "", backend()).body().contains("\"digest\""));
    String planned = ask(admin, 200, "GET", one, "", backend()).body();
    String digest = planned.replaceAll("(?s).*\"digest\":\"([0-9a-f]+).*", "$1");
    ask(admin, 409, "POST", steps, "{\"step\":\"pause\"}", backend());
    ask(admin, 400, "POST", steps, "{\"step\":\"panic\"}", backend());
    ask(admin, 400, "POST", all, "{\"criteria\":{\"gateway\":\"nginx\"}}", backend());
    ask(admin, 200, "GET", one + "/events", "", backend());
    String start = "{\"step\":\"start\",\"digest\":\"" + digest + "\"}";
    ask(admin, 200, "POST", steps, start, backend());
    ask(admin, 200, "GET", one + "/report", "", backend());
    ask(admin, 200, "GET", all, "", backend());
    String none = all + "/20260101-aaaaaa";
    ask(admin, 404, "GET", none, "", backend());
    ask(admin, 404, "GET", none + "/report", "", backend());
    ask(admin, 404, "GET", none + "/events", "", backend());
    ask(admin, 404, "POST", none + "/steps", start, backend());
    String[] narrow = with("Bearer narrow." + TestNode.SECRET);
    for (String path : List.of(all, one, one + "/report", one + "/events")) {
      ask(admin, 401, "GET", path, "");
      ask(admin, 403, "GET", path, "", narrow);
    }
    for (String path : List.of(all, steps)) {
      ask(admin, 401, "POST", path, "{}");
      ask(admin, 403, "POST", path, "{}", narrow);
      ask(admin, 413, "POST", path, "x".repeat(1_100_000), backend());
    }
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
      ask(open, 404, "GET", "/.well-known/jwks.json", "");
      ask(open, 404, "POST", "/v1/backchannel-logout", "");
      ask(open, 404, "POST", "/v1/events", "");
      ask(open, 404, "GET", "/.well-known/device-bound-sessions", "");
    }
  }

  /** One whose sessions are of all hosts of a site. */
  private void site(RedisServers servers) throws Exception {
    Map<String, String> settings =
        Map.of(
            "cookie.domain", "example.org",
            "dbsc.origin", "https://login.example.org",
            "binding.dbsc", "enforce");
    try (TestNode node = TestNode.start(servers, folder, settings)) {
      Side open = new Side("public", node.client());
      ask(open, 200, "GET", "/.well-known/device-bound-sessions", "");
      String[] jwt = {"Content-Type", "application/jwt"};
      HttpResponse<String> login = ask(open, 200, "POST", "/v1/login", node.assertion("kim"), jwt);
      assertThat(login.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("__Secure-sid=")
          .endsWith("; Domain=example.org");
      String proof = SoftDevice.ec().registration(challenge(login, "Secure-Session-Registration"));
      String register = "/.session/dbsc/register";
      HttpResponse<String> bound =
          ask(open, 200, "POST", register, "", "Secure-Session-Response", proof);
      assertThat(bound.headers().firstValue("Cross-Origin-Resource-Policy")).contains("same-site");
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
    String named =
        "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://issuer.test\",\"sub\":\"m\"}}";
    String revoke = "/v1/global-token-revocation";
    ask(open, 503, "POST", revoke, named, backend("Content-Type", JSON));
    ask(open, 503, "POST", "/v1/streams/polled/poll", POLL, backend("Content-Type", JSON));
    String logout = "logout_token=" + EventSender.of(folder).logout("bob");
    ask(open, 503, "POST", "/v1/backchannel-logout", logout, "Content-Type", FORM);
    String event = EventSender.of(folder).verification();
    ask(open, 503, "POST", "/v1/events", event, "Content-Type", "application/secevent+jwt");
    String issue = "{\"subject\":\"dave\"}";
    ask(open, 503, "POST", "/v1/sessions", issue, backend("Content-Type", JSON));
    ask(open, 503, "POST", "/v1/introspect", "token=" + id, backend("Content-Type", FORM));
    ask(open, 503, "POST", "/v1/session/refresh", "", cookie(id));
    ask(open, 503, "GET", "/v1/session/csrf", "", cookie(id));
    String elevate = "/v1/sessions/aaaaaaaaaaaaaaaa/elevate";
    ask(open, 503, "POST", elevate, "{\"auth_time\":1}", backend("Content-Type", JSON));
    ask(open, 503, "POST", "/v1/logout", "", cookie(id));
    String refresh = "/.session/dbsc/refresh";
    ask(open, 503, "POST", refresh, "", "Sec-Secure-Session-Id", "aaaaaaaaaaaaaaaa");
    String register = "/.session/dbsc/register";
    ask(open, 503, "POST", register, "", "Secure-Session-Response", registration);
    ask(open, 503, "GET", "/v1/me/sessions", "", cookie(id));
    ask(open, 503, "DELETE", "/v1/me/sessions/aaaaaaaaaaaaaaaa", "", cookie(id));
    String one = "/admin/v1/sessions/aaaaaaaaaaaaaaaa";
    String all = "/admin/v1/tenants/default/subjects/grace/sessions";
    for (String path : List.of(one, all)) {
      ask(admin, 503, "GET", path, "", backend());
      ask(admin, 503, "DELETE", path, "", backend());
    }
    ask(admin, 503, "POST", "/admin/v1/tenants/default/logout", "", backend());
    ask(admin, 503, "POST", "/admin/v1/logout", "", backend());
    String campaigns = "/admin/v1/campaigns";
    String unknown = campaigns + "/20260101-aaaaaa";
    for (String path :
        List.of(
            campaigns,
            unknown,
            unknown + "/report",
            unknown + "/events",
            "/admin/v1/bindings/report",
            "/admin/v1/receivers",
            "/admin/v1/receivers/ear/refused")) {
      ask(admin, 503, "GET", path, "", backend());
    }
    for (String method : List.of("POST", "DELETE")) {
      ask(admin, 503, method, "/admin/v1/receivers/ear/refused/1-0", "", backend());
    }
    String order = "{\"criteria\":{\"all\":true},\"cause\":\"drill\",\"ticket\":\"T-1\"}";
    ask(admin, 503, "POST", campaigns, order, backend());
    ask(admin, 503, "POST", unknown + "/steps", "{\"step\":\"pause\"}", backend());
    RedisServers.await(() -> node.management().send("GET", "/readyz", "").statusCode() == 503);
    ask(management, 503, "GET", "/readyz", "");
  }
}
