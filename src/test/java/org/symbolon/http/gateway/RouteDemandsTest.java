package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.session.Demand;

/** Step-up and CSRF tokens by route. The rig's users authenticate 5 seconds before, at aal2. */
class RouteDemandsTest {
  private static final String TOO_OLD =
      "Session error=\"insufficient_user_authentication\", max_age=\"300\"";
  private static final String TOO_WEAK =
      "Session error=\"insufficient_user_authentication\", acr_values=\"aal3\"";
  private static final String ALL =
      "Session error=\"insufficient_user_authentication\", acr_values=\"aal3\", max_age=\"60\"";

  private static final RouteDemands ROUTES =
      new RouteDemands(
          List.of(
              route("admin", "", "/admin", 300, List.of(), false),
              route("keys", "", "/admin/keys/", 60, List.of(), false),
              route("vault", "", "/vault", 0, List.of("aal3"), false),
              route("second", "", "/second", 0, List.of("aal2", "aal3"), false),
              route("bank", "Bank.example", "/", 300, List.of(), false),
              route("shop", "", "/shop", 0, List.of(), true)));

  private final Rig rig = new Rig();
  private int port;
  private String cookie = "";

  private static RouteDemands.Route route(
      String name, String host, String path, int maxAge, List<String> acr, boolean csrf) {
    return new RouteDemands.Route(
        name,
        Optional.of(host).filter(h -> !h.isEmpty()),
        path,
        new Demand(Optional.of(Duration.ofSeconds(maxAge)).filter(a -> !a.isZero()), acr, csrf));
  }

  @BeforeEach
  void open() {
    PublicSettings usual = Rig.on(listener -> Rig.trusting(listener, "127.0.0.1"));
    port =
        rig.open(
            new PublicSettings(
                usual.listener(),
                usual.cookie(),
                usual.allowedOrigins(),
                usual.clearSiteData(),
                usual.carriers(),
                ROUTES));
    cookie = rig.logIn(port, "alice");
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void later(int seconds) {
    rig.store.now = rig.store.now.plusSeconds(seconds);
  }

  private Answer ask(String line, String... fields) {
    List<String> all = new ArrayList<>(List.of(cookie));
    all.addAll(Arrays.asList(fields));
    return Wire.call(port, line, all, "");
  }

  private Answer nginx(String target, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "X-Original-URI: " + target,
                "X-Forwarded-Host: app.example",
                "X-Original-Method: GET"));
    fields.addAll(Arrays.asList(more));
    return ask("GET /gw/nginx/validate", fields.toArray(String[]::new));
  }

  private static void assertDemands(Answer answer, String challenge) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo(challenge);
    assertThat(answer.one("X-Session-User")).isEmpty();
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void demandsAFreshAuthenticationByPath() {
    later(295);
    assertThat(nginx("/admin").status()).isEqualTo(200);
    later(1);
    for (String target : List.of("/admin", "/admin/", "/admin/x?y", "/Admin", "/admin.json")) {
      assertDemands(nginx(target), TOO_OLD);
    }
    for (String target : List.of("/", "/administrator", "/x/admin", "/x?/admin")) {
      assertThat(nginx(target).status()).as(target).isEqualTo(200);
    }
    assertThat(rig.tally.lines).contains("validated insufficient_user_authentication nginx");
  }

  @Test
  void demandsTheStrictestOfAllRoutesThatMatch() {
    later(100);
    assertThat(nginx("/admin").status()).isEqualTo(200);
    assertDemands(nginx("/admin/keys/1"), TOO_OLD.replace("300", "60"));
  }

  @Test
  void demandsAClassOrAStrongerOne() {
    assertThat(nginx("/second").status()).isEqualTo(200);
    assertDemands(nginx("/vault"), TOO_WEAK);
  }

  @Test
  void aClassThatTheOrderDoesNotNameNeverDoes() {
    Demand demand = new Demand(Optional.empty(), List.of("aal2", "aal3"), false);
    String strange = issue("urn:strange");
    assertThat(demand.acrValues()).doesNotContain("urn:strange");
    assertThat(
            Wire.call(
                    port,
                    "GET /gw/nginx/validate",
                    List.of(strange, "X-Original-URI: /second", "X-Forwarded-Host: a"),
                    "")
                .status())
        .isEqualTo(401);
  }

  private String issue(String acr) {
    return Rig.cookie(
        Wire.call(
            port,
            "POST /v1/sessions",
            List.of("Authorization: Bearer issue", "Content-Type: application/json"),
            "{\"subject\":\"bob\",\"acr\":\"" + acr + "\"}"));
  }

  @Test
  void demandsByHost() {
    later(296);
    assertThat(nginx("/x").status()).isEqualTo(200);
    for (String host : List.of("bank.example", "BANK.example", "bank.example:8443")) {
      assertDemands(
          ask("GET /gw/nginx/validate", "X-Original-URI: /x", "X-Forwarded-Host: " + host),
          TOO_OLD);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x//admin",
        "/x/..;/admin",
        "/x/%2e%2e/admin",
        "/%2561dmin",
        "/x;a",
        "*",
        "/x%2fy"
      })
  void holdsAnAmbiguousPathToEveryRoute(String target) {
    later(100);
    assertDemands(
        ask("GET /gw/nginx/validate", "X-Original-URI: " + target, "X-Forwarded-Host: a"), ALL);
  }

  @Test
  void holdsAnUntoldPathOrHostToEveryRouteThatItMightBe() {
    later(100);
    assertDemands(ask("GET /gw/nginx/validate"), ALL);
    later(200);
    assertDemands(ask("GET /gw/nginx/validate", "X-Original-URI: /x"), TOO_OLD);
  }

  @Test
  void aClientsOwnFieldBesideTheGatewaysLoosensNothing() {
    later(296);
    assertDemands(nginx("/admin", "X-Forwarded-Uri: /public"), TOO_OLD);
    assertDemands(nginx("/public", "X-Forwarded-Uri: /admin"), TOO_OLD);
    assertDemands(nginx("/admin", "X-Original-URI: /public"), TOO_OLD);
  }

  @Test
  void readsAnAbsoluteTargetWithItsHost() {
    later(296);
    assertDemands(
        ask("GET /gw/nginx/validate", "X-Original-URL: https://app.example/admin"), TOO_OLD);
    assertDemands(ask("GET /gw/nginx/validate", "X-Original-URL: https://bank.example"), TOO_OLD);
    assertThat(ask("GET /gw/nginx/validate", "X-Original-URL: https://app.example/x").status())
        .isEqualTo(200);
    assertDemands(ask("GET /gw/nginx/validate", "X-Original-URL: https://a@bank.example/x"), ALL);
  }

  @Test
  void readsEnvoysPathBehindItsPrefix() {
    later(296);
    assertThat(ask("GET /gw/envoy/validate/x?q").status()).isEqualTo(200);
    assertDemands(ask("GET /gw/envoy/validate/admin?q"), TOO_OLD);
    assertDemands(ask("GET /gw/envoy/validate//admin"), ALL);
  }

  @Test
  void believesNoPathOfAnUntrustedPeer() {
    PublicSettings usual = Rig.settings();
    int other =
        rig.open(
            new PublicSettings(
                usual.listener(),
                usual.cookie(),
                usual.allowedOrigins(),
                usual.clearSiteData(),
                usual.carriers(),
                ROUTES));
    later(100);
    assertDemands(
        Wire.call(other, "GET /gw/nginx/validate", List.of(cookie, "X-Original-URI: /public"), ""),
        ALL);
  }

  @Test
  void aProgramThatAsksForItselfIsHeldToWhatItTells() {
    later(296);
    assertThat(ask("GET /v1/validate").status()).isEqualTo(200);
    assertDemands(
        ask("GET /v1/validate", "X-Original-URI: /admin", "X-Forwarded-Host: a"), TOO_OLD);
  }

  @Test
  void neitherRotatesNorForgetsWhoIsAskedToStepUp() {
    later(900);
    assertDemands(nginx("/admin"), TOO_OLD);
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("rotated"));
    assertThat(nginx("/").one("X-Session-Rotated")).isEqualTo("1");
  }

  @Test
  void tellsAThiefNothingBeforeItsIdIsKnownToBeGood() {
    assertThat(
            Wire.call(
                    port,
                    "GET /gw/nginx/validate",
                    List.of("Cookie: __Host-sid=junk", "X-Original-URI: /admin"),
                    "")
                .one("WWW-Authenticate"))
        .isEqualTo("Session error=\"malformed\"");
  }

  private String token() {
    String body = ask("GET /v1/session/csrf").body();
    return body.replaceAll(".*\"csrf_token\":\"([^\"]{40})\".*", "$1");
  }

  private Answer post(String target, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                "X-Original-URI: " + target,
                "X-Forwarded-Host: app.example",
                "X-Original-Method: POST"));
    fields.addAll(Arrays.asList(more));
    return ask("GET /gw/nginx/validate", fields.toArray(String[]::new));
  }

  private static void assertForeign(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.one("X-Session-Error")).contains("X-CSRF-Token", "/v1/session/csrf");
    assertThat(answer.one("X-Session-User")).isEmpty();
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void demandsTheSessionsTokenOfRequestsThatMayChangeSomething() {
    assertThat(nginx("/shop").status()).isEqualTo(200);
    assertThat(post("/x").status()).isEqualTo(200);
    assertForeign(post("/shop"));
    assertForeign(post("/shop", "X-CSRF-Token: " + "x".repeat(40)));
    assertForeign(post("/shop", "X-CSRF-Token: " + token(), "X-CSRF-Token: " + token()));
    assertThat(post("/shop", "X-CSRF-Token: " + token()).status()).isEqualTo(200);
    assertThat(rig.tally.lines).contains("validated csrf-token nginx");
  }

  @Test
  void takesAnUntoldMethodForOneThatMayChangeSomething() {
    assertForeign(ask("GET /gw/nginx/validate", "X-Original-URI: /shop", "X-Forwarded-Host: a"));
    assertForeign(nginx("/shop", "X-Forwarded-Method: DELETE"));
    assertThat(ask("GET /gw/envoy/validate/shop").status()).isEqualTo(200);
    assertForeign(ask("POST /gw/envoy/validate/shop"));
  }

  @Test
  void theTokenIsOfOneSession() {
    String alices = token();
    cookie = rig.logIn(port, "bob");
    assertForeign(post("/shop", "X-CSRF-Token: " + alices));
    cookie = rig.logIn(port, "alice");
    assertForeign(post("/shop", "X-CSRF-Token: " + alices));
  }

  @Test
  void theTokenOutlivesRotationAndAWrongOneStopsIt() {
    String token = token();
    later(900);
    assertForeign(post("/shop"));
    Answer rotated = post("/shop", "X-CSRF-Token: " + token);
    assertThat(rotated.one("X-Session-Rotated")).isEqualTo("1");
    cookie = Rig.cookie(rotated);
    assertThat(post("/shop", "X-CSRF-Token: " + token).status()).isEqualTo(200);
  }

  @Test
  void aStepUpEndsTheToken() {
    String token = token();
    String handle = nginx("/").one("X-Session-Handle");
    later(5);
    Answer elevated =
        Wire.call(
            port,
            "POST /v1/sessions/" + handle + "/elevate",
            List.of("Authorization: Bearer issue", "Content-Type: application/json"),
            "{\"auth_time\":" + rig.store.now.getEpochSecond() + ",\"acr\":\"aal3\"}");
    cookie = Rig.cookie(elevated);
    assertForeign(post("/shop", "X-CSRF-Token: " + token));
    assertThat(post("/shop", "X-CSRF-Token: " + token()).status()).isEqualTo(200);
    assertThat(nginx("/vault").status()).isEqualTo(200);
  }

  @Test
  void aRoutesPathIsPlain() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new RouteDemands(List.of(route("bad", "", "/a/../b", 1, List.of(), false))))
        .hasMessageContaining("routes.bad.path");
  }
}
