package org.symbolon;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.proof.SoftClient;
import org.symbolon.proof.SoftDevice;
import org.symbolon.redis.RedisServers;

/**
 * Each kind of token that the service makes or takes, at every place where it takes one: good at
 * its own, and refused at all others.
 */
class TokenMatrixTest {
  private static final String[] JWT = {"Content-Type", "application/jwt"};
  private static final String[] FORM = {"Content-Type", "application/x-www-form-urlencoded"};
  private static final String POLL = "{\"returnImmediately\":true}";
  private static final Pattern CHALLENGE = Pattern.compile("\"([A-Za-z0-9_-]{60})\"");

  @TempDir private Path folder = Path.of("");

  private final SoftClient program = new SoftClient();
  private final SoftDevice device = SoftDevice.ec();
  private final Map<String, Predicate<String>> places = new LinkedHashMap<>();

  /**
   * A token, and where it is good.
   *
   * @param made another each time, where it is good once
   */
  private record Token(String name, Supplier<String> made, List<String> goodAt) {
    Token(String name, String text, List<String> goodAt) {
      this(name, () -> text, goodAt);
    }
  }

  private static String[] fields(String[] some, String... others) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  private static String challenge(HttpResponse<String> answer, String field) {
    String value = answer.headers().firstValue(field).orElseThrow();
    Matcher matcher = CHALLENGE.matcher(value);
    assertThat(matcher.find()).as(value).isTrue();
    return matcher.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String cookie(String id) {
    return "__Host-sid=" + id;
  }

  private static boolean isActive(HttpResponse<String> answer) {
    return answer.statusCode() == 200 && answer.body().contains("\"active\":true");
  }

  @Test
  void eachIsGoodAtItsOwnPlaceAndRefusedAtEveryOther() throws Exception {
    try (RedisServers servers = RedisServers.standalone()) {
      // Whoever signs events has the name, the key and the audience of whoever signs logins, of a
      // backend, or of this service itself: a token's kind alone tells them apart.
      Map<String, String> first = settings();
      first.keySet().removeIf(key -> key.startsWith("events.own."));
      try (TestNode before = TestNode.start(servers, folder, first)) {
        Files.writeString(own(), before.client().send("GET", "/.well-known/jwks.json", "").body());
      }
      try (TestNode node = TestNode.start(servers, folder, settings())) {
        holds(node);
      }
    }
  }

  private Path own() {
    return folder.resolve("own.json");
  }

  private Map<String, String> settings() {
    String jwks = folder.resolve("jwks.json").toString();
    Map<String, String> settings = new HashMap<>();
    settings.put("binding.dbsc", "enforce");
    settings.put("binding.dpop", "enforce");
    settings.put("trust.addresses", "127.0.0.1");
    settings.put("apps.shop.host", "shop.example");
    settings.put("routes.forms.path", "/");
    settings.put("routes.forms.csrf", "true");
    settings.put("redis.timeout", "5s");
    settings.put("limit.max", "1000");
    settings.put("services.signer.jwks", jwks);
    settings.put("services.signer.scopes", "issue,introspect,revoke");
    settings.put("services.poller.secretSha256", TestNode.sha256(TestNode.SECRET));
    settings.put("services.poller.scopes", "events");
    settings.put("streams.shop.service", "poller");
    settings.put("streams.shop.audience", "symbolon");
    settings.put("issuers.test.logoutAudience", "symbolon");
    settings.put("events.idp.issuer", "https://issuer.test");
    settings.put("events.idp.jwks", jwks);
    settings.put("events.idp.audience", "symbolon");
    settings.put("events.own.issuer", "symbolon");
    settings.put("events.own.jwks", own().toString());
    settings.put("events.own.audience", "symbolon");
    return settings;
  }

  private void holds(TestNode node) throws Exception {
    Client client = node.client();
    String origin = "http://127.0.0.1:" + node.port();
    String nonce =
        login(node, "DPoP", proof("POST", origin + "/v1/login", "", ""))
            .headers()
            .firstValue("DPoP-Nonce")
            .orElseThrow();

    HttpResponse<String> toBind = login(node);
    String bound = Client.sessionId(toBind).orElseThrow();
    String handle = toBind.body().replaceFirst(".*\"handle\":\"([a-z2-7]{16})\".*", "$1");
    HttpResponse<String> registered =
        register(client, device.registration(challenge(toBind, "Secure-Session-Registration")));
    assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
    String boundCookie = Client.sessionId(registered).orElseThrow();
    String ofDpop =
        Client.sessionId(login(node, "DPoP", proof("POST", origin + "/v1/login", nonce, "")))
            .orElseThrow();
    String plain = node.login("bob");

    places.put("session cookie", t -> validate(client, cookie(t)) == 200);
    places.put(
        "bound cookie", t -> validate(client, cookie(bound) + "; __Host-sid_bound=" + t) == 200);
    places.put("registration", t -> register(client, t).statusCode() == 200);
    places.put("refresh", t -> refresh(client, handle, t) == 200);
    places.put(
        "challenge of a registration",
        t -> register(client, SoftDevice.ec().registration(t)).statusCode() == 200);
    places.put("challenge of a refresh", t -> refresh(client, handle, device.proof(t)) == 200);
    places.put("login's proof", t -> login(node, "DPoP", t).statusCode() == 200);
    places.put("request's proof", t -> validate(client, cookie(ofDpop), "DPoP", t) == 200);
    places.put(
        "proof's nonce",
        t -> login(node, "DPoP", proof("POST", origin + "/v1/login", t, "")).statusCode() == 200);
    places.put("login", t -> client.send("POST", "/v1/login", t, JWT).statusCode() == 200);
    places.put(
        "backend's key",
        t ->
            client
                    .send(
                        "POST",
                        "/v1/sessions",
                        "{\"subject\":\"eve\"}",
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + t)
                    .statusCode()
                < 300);
    places.put(
        "backend's assertion",
        t ->
            client
                    .send(
                        "POST",
                        "/v1/introspect",
                        "token="
                            + plain
                            + "&client_assertion_type="
                            + encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                            + "&client_assertion="
                            + encoded(t),
                        FORM)
                    .statusCode()
                == 200);
    places.put("introspected", t -> isActive(introspect(client, "token=" + encoded(t))));
    places.put(
        "introspected bound cookie",
        t -> isActive(introspect(client, "token=" + bound + "&bound_cookie=" + encoded(t))));
    places.put(
        "CSRF token",
        t ->
            client
                    .send(
                        "GET",
                        "/gw/nginx/validate",
                        "",
                        "Cookie",
                        cookie(plain),
                        "X-Forwarded-Method",
                        "POST",
                        "X-Forwarded-Uri",
                        "/x",
                        "X-Forwarded-Host",
                        "shop.example",
                        "X-Forwarded-Proto",
                        "https",
                        "X-CSRF-Token",
                        t)
                    .statusCode()
                == 200);

    places.put("logout token", t -> logout(client, t) == 200);
    places.put(
        "security event",
        t ->
            client
                    .send("POST", "/v1/events", t, "Content-Type", "application/secevent+jwt")
                    .statusCode()
                == 202);
    places.put(
        "revoker's key",
        t ->
            bearing(
                        client,
                        "/v1/global-token-revocation",
                        "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://issuer.test\","
                            + "\"sub\":\"nobody\"}}",
                        t)
                    .statusCode()
                == 204);
    places.put(
        "poller's key", t -> bearing(client, "/v1/streams/shop/poll", POLL, t).statusCode() == 200);
    places.put(
        "operator's key",
        t ->
            node.admin()
                    .send("GET", "/admin/v1/receivers", "", "Authorization", "Bearer " + t)
                    .statusCode()
                == 200);

    EventSender sender = EventSender.of(folder);
    Map<String, Object> event =
        EventSender.setClaims("session-revoked", "nobody", Map.of("event_timestamp", 1));
    event.put("iss", "https://issuer.test");
    event.put("aud", "symbolon");
    Map<String, Object> logout = EventSender.logoutClaims("nobody");
    logout.put("aud", "symbolon");
    long now = Instant.now().getEpochSecond();
    Supplier<String> signed =
        () ->
            sender.sign(
                "",
                Map.of(
                    "iss",
                    "signer",
                    "sub",
                    "signer",
                    "aud",
                    "symbolon",
                    "jti",
                    UUID.randomUUID().toString(),
                    "iat",
                    now,
                    "exp",
                    now + 60));

    List<Token> tokens =
        List.of(
            new Token(
                "security event", sender.sign("secevent+jwt", event), List.of("security event")),
            new Token("own security event", told(node), List.of("security event")),
            new Token("logout token", sender.sign("logout+jwt", logout), List.of("logout token")),
            new Token(
                "backend's assertion",
                signed,
                List.of("backend's assertion", "backend's key", "revoker's key")),
            new Token("poller's key", "poller." + TestNode.SECRET, List.of("poller's key")),
            new Token("session ID", plain, List.of("session cookie", "introspected")),
            new Token(
                "bound cookie", boundCookie, List.of("bound cookie", "introspected bound cookie")),
            new Token(
                "registration challenge",
                challenge(login(node), "Secure-Session-Registration"),
                List.of("challenge of a registration")),
            new Token(
                "refresh challenge",
                challenge(registered, "Secure-Session-Challenge"),
                List.of("challenge of a refresh")),
            new Token(
                "registration JWT",
                SoftDevice.ec().registration(challenge(login(node), "Secure-Session-Registration")),
                List.of("registration")),
            new Token("refresh JWT", device.proof(challenged(client, handle)), List.of("refresh")),
            new Token(
                "DPoP proof of a login",
                proof("POST", origin + "/v1/login", nonce, ""),
                List.of("login's proof")),
            new Token(
                "DPoP proof of a request",
                proof("GET", origin + "/v1/validate", nonce, ofDpop),
                List.of("request's proof")),
            new Token("DPoP nonce", nonce, List.of("proof's nonce")),
            new Token("login assertion", node.assertion("carol"), List.of("login")),
            new Token("application's assertion", vouched(client, plain), List.of()),
            new Token("CSRF token", csrf(client, plain), List.of("CSRF token")),
            new Token(
                "backend's key",
                TestNode.CREDENTIAL,
                List.of("backend's key", "revoker's key", "operator's key")),
            new Token("handle", handle, List.of()));
    tokens.forEach(this::assertRefusedElsewhere);
    tokens.forEach(
        token ->
            token
                .goodAt()
                .forEach(
                    place ->
                        assertThat(requireNonNull(places.get(place)).test(token.made().get()))
                            .as(token.name() + " as " + place)
                            .isTrue()));
  }

  private void assertRefusedElsewhere(Token token) {
    places.forEach(
        (place, isGood) -> {
          if (!token.goodAt().contains(place)) {
            assertThat(isGood.test(token.made().get())).as(token.name() + " as " + place).isFalse();
          }
        });
  }

  private String proof(String method, String url, String nonce, String id) {
    return program.proof(method, url, Instant.now().getEpochSecond(), nonce, id);
  }

  private static HttpResponse<String> login(TestNode node, String... further) {
    return node.client().send("POST", "/v1/login", node.assertion("alice"), fields(JWT, further));
  }

  private static int validate(Client client, String cookies, String... further) {
    return client
        .send("GET", "/v1/validate", "", fields(new String[] {"Cookie", cookies}, further))
        .statusCode();
  }

  private static HttpResponse<String> register(Client client, String proof) {
    return client.send("POST", "/.session/dbsc/register", "", "Secure-Session-Response", proof);
  }

  private static int refresh(Client client, String handle, String proof) {
    return client
        .send(
            "POST",
            "/.session/dbsc/refresh",
            "",
            "Sec-Secure-Session-Id",
            handle,
            "Secure-Session-Response",
            proof)
        .statusCode();
  }

  private static String challenged(Client client, String handle) {
    return challenge(
        client.send("POST", "/.session/dbsc/refresh", "", "Sec-Secure-Session-Id", handle),
        "Secure-Session-Challenge");
  }

  private static int logout(Client client, String token) {
    return client
        .send("POST", "/v1/backchannel-logout", "logout_token=" + encoded(token), FORM)
        .statusCode();
  }

  private static HttpResponse<String> bearing(
      Client client, String path, String body, String token) {
    return client.send(
        "POST", path, body, "Content-Type", "application/json", "Authorization", "Bearer " + token);
  }

  /** What the service tells of an end of its own making. */
  private static String told(TestNode node) {
    node.login("victim");
    assertThat(
            node.admin()
                .send(
                    "DELETE",
                    "/admin/v1/tenants/default/subjects/victim/sessions",
                    "",
                    "Authorization",
                    "Bearer " + TestNode.CREDENTIAL)
                .statusCode())
        .isEqualTo(200);
    String[] body = {""};
    RedisServers.await(
        () -> {
          body[0] =
              bearing(node.client(), "/v1/streams/shop/poll", POLL, "poller." + TestNode.SECRET)
                  .body();
          return body[0].contains("eyJ");
        });
    return body[0].replaceFirst(".*\"(eyJ[^\"]+)\".*", "$1");
  }

  private static HttpResponse<String> introspect(Client client, String form) {
    return client.send(
        "POST",
        "/v1/introspect",
        form,
        fields(FORM, "Authorization", "Bearer " + TestNode.CREDENTIAL));
  }

  private static String vouched(Client client, String id) {
    return client
        .send(
            "GET",
            "/gw/nginx/validate",
            "",
            "Cookie",
            cookie(id),
            "X-Forwarded-Method",
            "GET",
            "X-Forwarded-Uri",
            "/x",
            "X-Forwarded-Host",
            "shop.example",
            "X-Forwarded-Proto",
            "https")
        .headers()
        .firstValue("X-Session-Assertion")
        .filter(text -> !text.isEmpty())
        .orElseThrow();
  }

  private static String csrf(Client client, String id) {
    String body = client.send("GET", "/v1/session/csrf", "", "Cookie", cookie(id)).body();
    return body.replaceFirst(".*\"(?:csrf_)?token\":\"([^\"]+)\".*", "$1");
  }
}
