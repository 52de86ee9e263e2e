package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.redis.RedisServers;

/** A provider logs people out (OpenID Connect Back-Channel Logout 1.0). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackchannelLogoutTest {
  @TempDir private static Path folder = Path.of("");

  private final RedisServers servers = RedisServers.standalone();
  private TestNode node;
  private EventSender provider;

  @BeforeAll
  void start() throws Exception {
    node =
        TestNode.start(
            servers,
            folder,
            Map.of(
                "issuers.test.logoutAudience",
                "client",
                "issuers.silent.issuer",
                "https://silent.test",
                "issuers.silent.jwks",
                folder.resolve("jwks.json").toString(),
                "issuers.many.issuer",
                "https://many.test",
                "issuers.many.jwks",
                folder.resolve("jwks.json").toString(),
                "issuers.many.tenants",
                "blue,green",
                "issuers.many.logoutAudience",
                "client-of-many"));
    provider = EventSender.of(folder);
  }

  @AfterAll
  void stop() {
    node.close();
    servers.close();
  }

  private HttpResponse<String> send(String token) {
    return node.client()
        .send(
            "POST",
            "/v1/backchannel-logout",
            "logout_token=" + token,
            "Content-Type",
            "application/x-www-form-urlencoded");
  }

  private boolean isIn(String id) {
    int status = node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
    assertThat(status).isIn(200, 401);
    return status == 200;
  }

  @Test
  void aGoodTokenEndsTheSubjectsSessionsAndNobodyElses() {
    String first = node.login("anna");
    String second = node.login("anna");
    String other = node.login("annabel");
    HttpResponse<String> answer = send(provider.logout("anna"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.body()).isEmpty();
    assertThat(isIn(first)).isFalse();
    assertThat(isIn(second)).isFalse();
    assertThat(isIn(other)).isTrue();
  }

  @Test
  void whoHasNoSessionsIsLoggedOutAlready() {
    assertThat(send(provider.logout("nobody")).statusCode()).isEqualTo(200);
  }

  @Test
  void theTypeMayBeLeftOut() {
    String id = node.login("bert");
    assertThat(send(provider.sign("", EventSender.logoutClaims("bert"))).statusCode())
        .isEqualTo(200);
    assertThat(isIn(id)).isFalse();
  }

  @Test
  void aTokenThatComesAgainChangesNothing() {
    String token = provider.logout("carl");
    assertThat(send(token).statusCode()).isEqualTo(200);
    String id = node.login("carl");
    HttpResponse<String> again = send(token);
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(again.body()).contains("\"error\":\"invalid_request\"", "jti");
    assertThat(isIn(id)).isTrue();
  }

  /** Each with the word at fault. */
  static List<Arguments> faults() {
    List<Arguments> faults = new ArrayList<>();
    long now = Instant.now().getEpochSecond();
    fault(faults, "iss", "another issuer", c -> c.put("iss", "https://evil.test"));
    fault(faults, "iss", "an issuer without logout", c -> c.put("iss", "https://silent.test"));
    fault(faults, "aud", "another client", c -> c.put("aud", "another"));
    fault(faults, "aud", "another issuer's client", c -> c.put("aud", "client-of-many"));
    fault(faults, "aud", "nobody", c -> c.remove("aud"));
    fault(faults, "iat", "no iat", c -> c.remove("iat"));
    fault(faults, "iat", "an old one", c -> c.put("iat", now - 3600));
    fault(faults, "iat", "one of the future", c -> c.put("iat", now + 3600));
    fault(faults, "exp", "no exp", c -> c.remove("exp"));
    fault(faults, "exp", "an expired one", c -> c.put("exp", now - 60));
    fault(faults, "jti", "no jti", c -> c.remove("jti"));
    fault(faults, "events", "no events", c -> c.remove("events"));
    fault(faults, "events", "another event", c -> c.put("events", Map.of("urn:x", Map.of())));
    fault(faults, "events", "a list", c -> c.put("events", List.of(EventSender.LOGOUT)));
    fault(faults, "events", "no object", c -> c.put("events", Map.of(EventSender.LOGOUT, "true")));
    fault(faults, "nonce", "a nonce", c -> c.put("nonce", "n-0S6_WzA2Mj"));
    fault(faults, "sub", "a sid alone", c -> c.remove("sub"));
    fault(faults, "sub", "no subject", c -> c.keySet().removeAll(List.of("sub", "sid")));
    fault(faults, "tenant", "another tenant", c -> c.put("tenant", "acme"));
    return faults;
  }

  private static void fault(
      List<Arguments> faults, String claim, String name, Consumer<Map<String, Object>> spoil) {
    faults.add(Arguments.of(claim, name, spoil));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("faults")
  void aTokenWithAFaultIsRefusedForIt(
      String claim, String name, Consumer<Map<String, Object>> spoil) {
    String id = node.login("dora");
    Map<String, Object> claims = EventSender.logoutClaims("dora");
    spoil.accept(claims);
    isRefused(send(provider.sign("logout+jwt", claims)), claim);
    assertThat(isIn(id)).as(name).isTrue();
  }

  private static void isRefused(HttpResponse<String> answer, String claim) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .contains("\"error\":\"invalid_request\"", "\"error_description\":\"" + claim + ":");
  }

  @Test
  void anotherTypeOrSignatureIsRefused() throws ParseException {
    String id = node.login("emil");
    Map<String, Object> claims = EventSender.logoutClaims("emil");
    isRefused(send(provider.sign("JWT", claims)), "typ");
    isRefused(send(provider.sign("secevent+jwt", claims)), "typ");
    isRefused(send(provider.forged().sign("logout+jwt", claims)), "assertion");
    isRefused(send(new PlainJWT(JWTClaimsSet.parse(claims)).serialize()), "assertion");
    String unsigned =
        "eyJhbGciOiJub25lIn0." + EventSender.payload(provider.logout("emil")) + ".e30";
    isRefused(send(unsigned), "alg");
    isRefused(send(node.assertion("emil")), "typ");
    isRefused(send(""), "logout_token");
    isRefused(send("a&logout_token=b"), "logout_token");
    isRefused(send("%"), "logout_token");
    isRefused(
        node.client().send("POST", "/v1/backchannel-logout", "{}", "Content-Type", "text/plain"),
        "Content-Type");
    assertThat(isIn(id)).isTrue();
  }

  @Test
  void aLogoutTokenLogsNobodyIn() {
    Map<String, Object> claims = EventSender.logoutClaims("fritz");
    claims.put("aud", List.of("client", "symbolon"));
    HttpResponse<String> answer =
        node.client()
            .send(
                "POST", "/v1/login", provider.sign("", claims), "Content-Type", "application/jwt");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("\"field\":\"events\"");
    claims.remove("events");
    assertThat(
            node.client()
                .send(
                    "POST",
                    "/v1/login",
                    provider.sign("", claims),
                    "Content-Type",
                    "application/jwt")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void anIssuerOfSeveralTenantsEndsAllOfThemOrTheOneItNames() {
    String blue = issued("blue");
    String green = issued("green");
    String own = issued("default");
    Map<String, Object> claims = EventSender.logoutClaims("gerd");
    claims.put("iss", "https://many.test");
    claims.put("aud", List.of("client-of-many"));
    claims.put("tenant", "blue");
    assertThat(send(provider.sign("logout+jwt", claims)).statusCode()).isEqualTo(200);
    assertThat(List.of(isIn(blue), isIn(green), isIn(own))).containsExactly(false, true, true);
    claims.remove("tenant");
    claims.put("jti", "another");
    assertThat(send(provider.sign("logout+jwt", claims)).statusCode()).isEqualTo(200);
    assertThat(List.of(isIn(green), isIn(own))).containsExactly(false, true);
  }

  private String issued(String tenant) {
    return Client.sessionId(
            node.client()
                .send(
                    "POST",
                    "/v1/sessions",
                    "{\"subject\":\"gerd\",\"tenant\":\"" + tenant + "\"}",
                    "Authorization",
                    "Bearer " + TestNode.CREDENTIAL,
                    "Content-Type",
                    "application/json"))
        .orElseThrow();
  }

  @Test
  void whatAnOutageLeftUndoneIsDoneWhenTheTokenComesAgain() {
    String id = node.login("hugo");
    String token = provider.logout("hugo");
    servers.pause();
    try {
      HttpResponse<String> answer = send(token);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    } finally {
      servers.resume();
    }
    RedisServers.await(() -> send(token).statusCode() != 503);
    assertThat(isIn(id)).isFalse();
    assertThat(send(token).statusCode()).isEqualTo(400);
  }
}
