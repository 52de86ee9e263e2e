package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class DemoPageTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Answer get(int port, String path) {
    return Wire.call(port, "GET " + path, List.of(), "");
  }

  @Test
  void servesThePageUnderAStrictPolicy() {
    int port = rig.open(Rig.settings());
    Answer page = get(port, "/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.one("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.one("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body())
        .contains("/demo/app.js", "/demo/style.css", "lang=\"en\"", "role=\"status\"")
        .doesNotContain("onclick", "style=");
    assertThat(get(port, "/demo/app.js").one("Content-Type")).startsWith("text/javascript");
    assertThat(get(port, "/demo/style.css").one("Content-Type")).startsWith("text/css");
  }

  @Test
  void signsForAnySubject() {
    int port = rig.open(Rig.settings());
    Answer answer = get(port, "/demo/assertion?subject=a%40b");
    assertThat(answer.one("Content-Type")).isEqualTo("application/jwt");
    assertThat(answer.body()).isEqualTo("signed.a@b.x");
    assertThat(get(port, "/demo/assertion?subject=a%20b").status()).isEqualTo(400);
    assertThat(get(port, "/demo/assertion").body()).contains("\"field\":\"subject\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=192.0.2.1",
        "Via: 1.1 gateway",
        "x-forwarded-for: 127.0.0.1",
        "X-Forwarded-Host: localhost",
        "X-Forwarded-Proto: http",
        "X-Original-URI: /",
        "X-Real-IP: 127.0.0.1"
      })
  void isNotThereBehindAGateway(String field) {
    int port = rig.open(Rig.settings());
    for (String path : List.of("/", "/demo/assertion?subject=a")) {
      assertThat(Wire.call(port, "GET " + path, List.of(field), "").status()).isEqualTo(404);
    }
  }

  @Test
  void isNotThereWithoutASigner() {
    int port = rig.open(Rig.settings(), Optional.empty());
    for (String path : List.of("/", "/demo/app.js", "/demo/assertion?subject=a")) {
      assertThat(get(port, path).status()).isEqualTo(404);
    }
  }
}
