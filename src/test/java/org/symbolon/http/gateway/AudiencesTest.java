package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.http.PlainAssertions;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.http.api.PublicSettings;

class AudiencesTest {
  private static final Audiences APPS =
      new Audiences(
          Map.of("app.example", "app", "faulty.example", PlainAssertions.FAULTY),
          Map.of(Profile.NGINX, "behind nginx"));

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private int open(Audiences audiences, String... trusted) {
    PublicSettings usual = Rig.settings();
    return rig.open(
        new PublicSettings(
            trusted.length == 0 ? usual.listener() : Rig.trusting(usual.listener(), trusted),
            usual.cookie(),
            usual.allowedOrigins(),
            usual.clearSiteData(),
            usual.carriers(),
            usual.routes(),
            audiences));
  }

  @ParameterizedTest
  @CsvSource({
    "/gw/nginx/validate, app.example, alice to app",
    "/gw/caddy/validate, app.example:443, alice to app",
    "/gw/caddy/validate, APP.example., alice to app",
    "/gw/nginx/validate, other.example, alice to behind nginx",
    "/gw/caddy/validate, other.example, ''",
    "/v1/validate, app.example, ''"
  })
  void isTheApplicationThatAGatewayAsksFor(String path, String host, String assertion) {
    int port = open(APPS, "127.0.0.1");
    List<String> fields = List.of(rig.logIn(port, "alice"), "X-Forwarded-Host: " + host);
    for (int i = 0; i < 2; i++) {
      Answer answer = Wire.call(port, "GET " + path, fields, "");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.one("X-Session-Assertion")).isEqualTo(assertion);
      assertThat(answer.one("X-Session-User")).isEqualTo("alice");
    }
  }

  /** Else whoever has a session could get one, and walk around the gateway with it. */
  @Test
  void isNobodyWhereNoTrustedGatewayAsks() {
    int port = open(APPS);
    List<String> fields = List.of(rig.logIn(port, "alice"));
    Answer answer = Wire.call(port, "GET /gw/nginx/validate", fields, "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("X-Session-Assertion")).isEmpty();
  }

  @Test
  void vouchesForNobodyWhoIsRefused() {
    int port = open(APPS, "127.0.0.1");
    List<String> fields = List.of("Cookie: __Host-sid=x", "X-Forwarded-Host: app.example");
    Answer answer = Wire.call(port, "GET /gw/nginx/validate", fields, "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("X-Session-Assertion")).isEmpty();
  }

  /** No verdict: an application that asks for an assertion would refuse the session. */
  @Test
  void isUnavailableWhereNothingCanBeSigned() {
    int port = open(APPS, "127.0.0.1");
    List<String> fields = List.of(rig.logIn(port, "alice"), "X-Forwarded-Host: faulty.example");
    Answer answer = Wire.call(port, "GET /gw/nginx/validate", fields, "");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.one("Retry-After")).isEqualTo("1");
    assertThat(answer.one("X-Session-User")).isEmpty();
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).contains("validated unavailable nginx");
  }

  @Test
  void publishesKeysWhereTheyAreOfUse() {
    Answer keys = Wire.call(open(APPS, "127.0.0.1"), "GET /.well-known/jwks.json", List.of(), "");
    assertThat(keys.status()).isEqualTo(200);
    assertThat(keys.one("Content-Type")).isEqualTo("application/jwk-set+json");
    assertThat(keys.one("Cache-Control")).isEqualTo("public, max-age=300");
    assertThat(keys.body()).isEqualTo("{\"keys\":[]}");
    Answer none = Wire.call(open(Audiences.NONE), "GET /.well-known/jwks.json", List.of(), "");
    assertThat(none.status()).isEqualTo(404);
  }
}
