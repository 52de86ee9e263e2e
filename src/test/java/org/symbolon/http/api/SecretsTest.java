package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class SecretsTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void leavesNoIdOutsideItsOwnField() {
    int port = rig.open(Rig.settings());
    int admin = rig.openAdmin();
    int management = rig.openManagement(ListenerSettings.plain("127.0.0.1", 0));
    for (Mood mood : List.of(Mood.WELL, Mood.DOWN, Mood.FAILING)) {
      rig.store.mood = Mood.WELL;
      Answer login =
          Wire.call(
              port, "POST /v1/login", List.of("Content-Type: application/jwt"), "ok.al" + mood);
      String cookie = Rig.cookie(login);
      String id = cookie.substring(cookie.indexOf('=') + 1);
      assertThat(login.body()).doesNotContain(id);
      String handle =
          Wire.call(port, "GET /v1/validate", List.of(cookie), "").one("X-Session-Handle");
      rig.store.mood = mood;
      for (String line :
          List.of(
              "GET /v1/validate?" + id,
              "GET /gw/envoy/validate/" + id,
              "GET /gw/" + id + "/validate",
              "GET /v1/me/sessions",
              "DELETE /v1/me/sessions/" + id,
              "POST /v1/logout?scope=" + id,
              "POST /v1/introspect?" + id,
              "GET /" + id,
              id + " / ",
              "DELETE /v1/me/sessions/" + handle)) {
        assertNoId(
            Wire.call(port, line, List.of(cookie, "Origin: http://localhost:" + port), ""), id);
      }
      String form = "Content-Type: application/x-www-form-urlencoded";
      String key = "Authorization: Bearer introspect";
      assertNoId(Wire.call(port, "POST /v1/introspect", List.of(form, key), "token=" + id), id);
      assertNoId(Wire.call(port, "POST /v1/introspect", List.of(form, key), "token=%zz" + id), id);
      assertNoId(Wire.call(port, "GET /v1/validate", List.of("Cookie: __Host-sid=x" + id), ""), id);
      assertNoId(
          Wire.call(
              admin,
              "GET /admin/v1/sessions/" + handle,
              List.of("Authorization: Bearer admin"),
              ""),
          id);
      assertNoId(
          Wire.call(
              admin, "GET /admin/v1/sessions/" + id, List.of("Authorization: Bearer admin"), ""),
          id);
      assertNoId(Wire.call(management, "GET /metrics", List.of(), ""), id);
    }
    assertThat(rig.audit.toString()).doesNotContain("__Host");
  }

  private static void assertNoId(Answer answer, String id) {
    assertThat(answer.toString()).doesNotContain(id);
  }

  @Test
  void namesTheIdTwiceForTheBackendThatAskedForIt() {
    int port = rig.open(Rig.settings());
    Answer answer =
        Wire.call(
            port,
            "POST /v1/sessions",
            List.of("Authorization: Bearer issue", "Content-Type: application/json"),
            "{\"subject\":\"alice\"}");
    String cookie = Rig.cookie(answer);
    String id = cookie.substring(cookie.indexOf('=') + 1);
    assertThat(answer.toString().split(id, -1)).hasSize(3);
  }
}
