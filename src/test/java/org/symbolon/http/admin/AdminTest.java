package org.symbolon.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class AdminTest {
  private static final String KEY = "Authorization: Bearer admin";
  private static final String OF_ALICE = " /admin/v1/tenants/default/subjects/alice/sessions";

  private final Rig rig = new Rig();
  private int open;
  private int admin;

  @BeforeEach
  void open() {
    open = rig.open(Rig.settings());
    admin = rig.openAdmin();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Answer call(String line, String... fields) {
    return Wire.call(admin, line, List.of(fields), "");
  }

  private String handle(String cookie) {
    return Wire.call(open, "GET /v1/validate", List.of(cookie), "").one("X-Session-Handle");
  }

  @Test
  void showsAndEndsASession() {
    String cookie = rig.logIn(open, "alice");
    String path = " /admin/v1/sessions/" + handle(cookie);
    Answer shown = call("GET" + path, KEY);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body()).contains("\"subject\":\"alice\"", "\"attributes\":{}");
    assertThat(call("DELETE" + path, KEY).status()).isEqualTo(204);
    Answer denied = Wire.call(open, "GET /v1/validate", List.of(cookie), "");
    assertThat(denied.one("WWW-Authenticate")).contains("revoked");
    assertThat(call("GET" + path, KEY).status()).isEqualTo(404);
    assertThat(call("DELETE" + path, KEY).body()).contains("session-unknown");
    assertThat(rig.audit.getLast().detail()).containsEntry("reason", "admin");
  }

  @Test
  void listsAndEndsASubjectsSessions() {
    rig.logIn(open, "alice");
    rig.logIn(open, "alice");
    String bob = rig.logIn(open, "bob");
    assertThat(call("GET" + OF_ALICE, KEY).body().split("\"handle\"", -1)).hasSize(3);
    assertThat(call("DELETE" + OF_ALICE, KEY).body()).isEqualTo("{\"revoked\":2}");
    assertThat(call("DELETE" + OF_ALICE, KEY).body()).isEqualTo("{\"revoked\":0}");
    assertThat(call("GET" + OF_ALICE, KEY).body()).isEqualTo("{\"sessions\":[]}");
    assertThat(Wire.call(open, "GET /v1/validate", List.of(bob), "").status()).isEqualTo(200);
  }

  @Test
  void endsATenantsSessionsAndEverything() {
    String alice = rig.logIn(open, "alice");
    assertThat(call("POST /admin/v1/tenants/blue/logout", KEY).status()).isEqualTo(204);
    assertThat(Wire.call(open, "GET /v1/validate", List.of(alice), "").status()).isEqualTo(200);
    assertThat(call("POST /admin/v1/tenants/default/logout", KEY).status()).isEqualTo(204);
    Answer denied = Wire.call(open, "GET /v1/validate", List.of(alice), "");
    assertThat(denied.one("WWW-Authenticate")).contains("revoked");
    String bob = rig.logIn(open, "bob");
    assertThat(call("POST /admin/v1/logout", KEY).status()).isEqualTo(204);
    assertThat(Wire.call(open, "GET /v1/validate", List.of(bob), "").status()).isEqualTo(401);
    assertThat(rig.audit)
        .filteredOn(event -> event.action().code().endsWith("revoked"))
        .extracting(event -> event.action().code() + event.tenant() + event.detail())
        .containsExactly(
            "tenant.revokedOptional[blue]{reason=admin}",
            "tenant.revokedOptional[default]{reason=admin}",
            "everything.revokedOptional.empty{reason=admin}");
  }

  @Test
  void takesASubjectThatNeedsEncoding() {
    rig.logIn(open, "a/b+c%&d");
    Answer answer = call("GET /admin/v1/tenants/default/subjects/a%2Fb+c%25%26d/sessions", KEY);
    assertThat(answer.body()).contains("\"subject\":\"a/b+c%&d\"");
  }

  @Test
  void needsTheScopeForEachPath() {
    for (String line :
        List.of(
            "GET /admin/v1/sessions/aaaaaaaaaaaaaaaa",
            "DELETE /admin/v1/sessions/aaaaaaaaaaaaaaaa",
            "GET" + OF_ALICE,
            "DELETE" + OF_ALICE,
            "POST /admin/v1/tenants/default/logout",
            "POST /admin/v1/logout",
            "GET /policy")) {
      Answer anonymous = call(line);
      assertThat(anonymous.status()).isEqualTo(401);
      assertThat(anonymous.one("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(call(line, "Authorization: Bearer unknown").status()).isEqualTo(401);
      Answer issuer = call(line, "Authorization: Bearer issue");
      assertThat(issuer.status()).isEqualTo(403);
      assertThat(issuer.body()).contains("scope-missing", "admin");
    }
  }

  @Test
  void actsForTheServicesOwnTenantsAlone() {
    String cookie = rig.logIn(open, "alice");
    String blue = "Authorization: Bearer admin.blue";
    assertThat(call("GET /admin/v1/sessions/" + handle(cookie), blue).status()).isEqualTo(404);
    assertThat(call("DELETE /admin/v1/sessions/" + handle(cookie), blue).status()).isEqualTo(404);
    Answer answer = call("DELETE" + OF_ALICE, blue);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("tenant-not-allowed");
    assertThat(call("POST /admin/v1/tenants/default/logout", blue).body())
        .contains("tenant-not-allowed", "the tenant default");
    Answer all = call("POST /admin/v1/logout", blue);
    assertThat(all.status()).isEqualTo(403);
    assertThat(all.body()).contains("tenant-not-allowed", "about all");
    assertThat(call("POST /admin/v1/tenants/blue/logout", blue).status()).isEqualTo(204);
    assertThat(rig.store.liveSessions()).isEqualTo(1);
  }

  @Test
  void namesWhatIsWrongWithAPath() {
    assertThat(call("GET /admin/v1/tenants/a%20b/subjects/alice/sessions", KEY).body())
        .contains("parameter-invalid", "\"field\":\"tenant\"");
    assertThat(call("GET /admin/v1/tenants/default/subjects/a%20b/sessions", KEY).body())
        .contains("parameter-invalid", "\"field\":\"subject\"");
    assertThat(call("GET /admin/v1/sessions/junk", KEY).status()).isEqualTo(404);
  }

  @Test
  void showsThePolicy() {
    assertThat(call("GET /policy", KEY).body()).isEqualTo("{\"tenants\":{}}");
  }

  @Test
  void saysWhenTheStoreGivesNoAnswer() {
    rig.store.mood = Mood.DOWN;
    for (String line :
        List.of(
            "GET /admin/v1/sessions/aaaaaaaaaaaaaaaa",
            "GET" + OF_ALICE,
            "DELETE" + OF_ALICE,
            "POST /admin/v1/tenants/default/logout",
            "POST /admin/v1/logout")) {
      Answer answer = call(line, KEY);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.one("Retry-After")).isEqualTo("1");
    }
  }

  @Test
  void saysWhenTheEndIsNotAcknowledged() {
    String handle = handle(rig.logIn(open, "alice"));
    rig.store.mood = Mood.READ_ONLY;
    assertThat(call("DELETE /admin/v1/sessions/" + handle, KEY).status()).isEqualTo(503);
    assertThat(call("DELETE" + OF_ALICE, KEY).status()).isEqualTo(503);
    assertThat(call("GET" + OF_ALICE, KEY).status()).isEqualTo(200);
  }

  @Test
  void hasNothingOfTheOtherListeners() {
    for (String path : List.of("/v1/validate", "/v1/login", "/", "/metrics", "/livez")) {
      assertThat(call("GET " + path, KEY).status()).isEqualTo(404);
      assertThat(
              Wire.call(open, "GET " + path.replace("/v1", "/admin/v1"), List.of(KEY), "").status())
          .isIn(404, path.equals("/") ? 200 : 404);
    }
    assertThat(Wire.call(open, "GET /policy", List.of(KEY), "").status()).isEqualTo(404);
  }
}
