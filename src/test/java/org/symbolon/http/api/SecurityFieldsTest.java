package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class SecurityFieldsTest {
  private static final List<String> PUBLIC =
      List.of(
          "GET /v1/validate",
          "HEAD /v1/validate",
          "GET /gw/nginx/validate",
          "GET /gw/nope/validate",
          "POST /v1/login",
          "POST /v1/sessions",
          "POST /v1/introspect",
          "POST /v1/logout",
          "POST /v1/logout?scope=all",
          "POST /v1/logout?scope=x",
          "GET /v1/me/sessions",
          "HEAD /v1/me/sessions",
          "DELETE /v1/me/sessions/aaaaaaaaaaaaaaaa",
          "PUT /v1/login",
          "OPTIONS /v1/login",
          "GET /",
          "GET /demo/app.js",
          "GET /demo/style.css",
          "GET /demo/assertion?subject=alice",
          "GET /demo/assertion",
          "GET /nowhere",
          "GET /%");
  private static final List<String> ADMIN =
      List.of(
          "GET /admin/v1/sessions/aaaaaaaaaaaaaaaa",
          "DELETE /admin/v1/sessions/aaaaaaaaaaaaaaaa",
          "GET /admin/v1/tenants/default/subjects/alice/sessions",
          "DELETE /admin/v1/tenants/default/subjects/alice/sessions",
          "GET /policy",
          "POST /policy",
          "GET /nowhere");
  private static final List<String> MANAGEMENT =
      List.of("GET /livez", "GET /readyz", "GET /metrics", "POST /livez", "GET /nowhere");

  private final Rig rig = new Rig();
  private int open;
  private int admin;
  private int management;

  @BeforeEach
  void open() {
    open = rig.open(Rig.settings());
    admin = rig.openAdmin();
    management = rig.openManagement(ListenerSettings.plain("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  static void assertSecure(Answer answer) {
    assertThat(answer.one("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.one("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.one("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.all("Server")).isEmpty();
    assertThat(answer.all("Strict-Transport-Security")).isEmpty();
    assertThat(answer.all("Set-Cookie")).hasSizeLessThanOrEqualTo(1);
    if (answer.status() != 204) {
      answer.one("Content-Length");
    }
  }

  private void assertAll(int port, List<String> lines, List<List<String>> requests) {
    for (String line : lines) {
      for (List<String> fields : requests) {
        String body = line.startsWith("POST") ? "assertion=ok.dave&subject=a&token=b" : "";
        Answer answer = Wire.call(port, line, fields, body);
        assertThat(answer.status()).as(line + " " + fields).isGreaterThanOrEqualTo(200);
        assertSecure(answer);
      }
    }
  }

  @Test
  void standInEveryReply() {
    String cookie = rig.logIn(open, "alice");
    rig.obstacles.add("redis: no answer");
    for (Mood mood : Mood.values()) {
      rig.store.mood = mood;
      assertAll(
          open,
          PUBLIC,
          List.of(
              List.of(),
              List.of(cookie, "Content-Type: application/json", "Authorization: Bearer issue"),
              List.of(
                  cookie,
                  "Content-Type: application/x-www-form-urlencoded",
                  "Authorization: Bearer introspect"),
              List.of(cookie, "Origin: null")));
      assertAll(
          admin,
          ADMIN,
          List.of(
              List.of(),
              List.of("Authorization: Bearer admin"),
              List.of("Authorization: Bearer admin.blue"),
              List.of("Authorization: Bearer issue")));
      assertAll(management, MANAGEMENT, List.of(List.of()));
    }
  }

  @Test
  void tellsNothingOfAFaultButItsNameInTheLog() {
    String cookie = rig.logIn(open, "alice");
    rig.store.mood = Mood.FAILING;
    Answer answer = Wire.call(open, "GET /v1/me/sessions", List.of(cookie), "");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body())
        .contains("urn:symbolon:problem:fault")
        .containsPattern("has it as [0-9a-f]{16}")
        .doesNotContain("secret-of-the-store", "Exception", ".java");
    assertThat(answer.all("Set-Cookie")).isEmpty();
  }
}
