package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.Json;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class OwnSessionsTest {
  private static final String CLEARED =
      "__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";

  private final Rig rig = new Rig();
  private int port;

  @BeforeEach
  void open() {
    port = rig.open(Rig.settings());
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Answer call(String line, String... fields) {
    return Wire.call(port, line, List.of(fields), "");
  }

  private String handle(String cookie) {
    return call("GET /v1/validate", cookie).one("X-Session-Handle");
  }

  private int status(String cookie) {
    return call("GET /v1/validate", cookie).status();
  }

  @Test
  void showsTheSubjectsSessionsAndWhichIsThisOne() {
    String first = rig.logIn(port, "alice");
    String second = rig.logIn(port, "alice");
    rig.logIn(port, "bob");
    Answer answer = call("GET /v1/me/sessions", second);
    assertThat(answer.status()).isEqualTo(200);
    JsonNode sessions = Json.read(Buffer.buffer(answer.body())).get("sessions");
    assertThat(sessions.size()).isEqualTo(2);
    for (JsonNode session : sessions) {
      assertThat(session.get("subject").asText()).isEqualTo("alice");
      assertThat(session.get("current").asBoolean())
          .isEqualTo(session.get("handle").asText().equals(handle(second)));
      assertThat(session.has("attributes")).isFalse();
    }
    assertThat(answer.body()).contains(handle(first));
    assertThat(call("HEAD /v1/me/sessions", second).status()).isEqualTo(200);
  }

  @Test
  void needsAGoodSession() {
    for (String line : List.of("GET /v1/me/sessions", "DELETE /v1/me/sessions/aaaaaaaaaaaaaaaa")) {
      Answer none = call(line);
      assertThat(none.status()).isEqualTo(401);
      assertThat(none.one("WWW-Authenticate")).isEqualTo("Session error=\"missing\"");
      assertThat(none.body()).contains("urn:symbolon:problem:session-missing");
      Answer junk = call(line, "Cookie: __Host-sid=junk");
      assertThat(junk.one("WWW-Authenticate")).isEqualTo("Session error=\"malformed\"");
      assertThat(junk.body()).contains("urn:symbolon:problem:session-malformed");
    }
  }

  @Test
  void endsAnotherSessionAndKeepsThisOne() {
    String first = rig.logIn(port, "alice");
    String second = rig.logIn(port, "alice");
    Answer answer = call("DELETE /v1/me/sessions/" + handle(first), second);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(status(first)).isEqualTo(401);
    assertThat(status(second)).isEqualTo(200);
    assertThat(rig.audit.getLast().detail()).containsEntry("reason", "logout_elsewhere");
  }

  @Test
  void clearsTheCookieWithTheCurrentSession() {
    String cookie = rig.logIn(port, "alice");
    Answer answer = call("DELETE /v1/me/sessions/" + handle(cookie), cookie);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
    assertThat(status(cookie)).isEqualTo(401);
  }

  @Test
  void tellsAbsentMalformedAndForeignHandlesAlike() {
    String alice = rig.logIn(port, "alice");
    String bob = rig.logIn(port, "bob");
    String blue = rig.logIn(port, "alice.blue");
    Answer absent = call("DELETE /v1/me/sessions/aaaaaaaaaaaaaaaa", alice);
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.body()).contains("session-unknown");
    for (String handle : List.of("junk", "%00", handle(bob), handle(blue))) {
      Answer other = call("DELETE /v1/me/sessions/" + handle, alice);
      assertThat(other.status()).isEqualTo(404);
      assertThat(other.body()).isEqualTo(absent.body());
    }
    assertThat(status(bob)).isEqualTo(200);
    assertThat(status(blue)).isEqualTo(200);
  }

  private Answer logOut(String query, String... fields) {
    return call("POST /v1/logout" + query, fields);
  }

  @Test
  void logsThisSessionOut() {
    String first = rig.logIn(port, "alice");
    String second = rig.logIn(port, "alice");
    Answer answer = logOut("", second);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
    assertThat(answer.all("Clear-Site-Data")).isEmpty();
    assertThat(answer.all("Content-Length")).isEmpty();
    assertThat(status(second)).isEqualTo(401);
    assertThat(status(first)).isEqualTo(200);
    assertThat(rig.tally.lines).contains("logout this");
  }

  @Test
  void logsTheOthersOutAndKeepsThisCookie() {
    String first = rig.logIn(port, "alice");
    String second = rig.logIn(port, "alice");
    Answer answer = logOut("?scope=others", second);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(status(first)).isEqualTo(401);
    assertThat(status(second)).isEqualTo(200);
    assertThat(rig.tally.lines).contains("logout others");
  }

  @Test
  void logsAllOut() {
    String first = rig.logIn(port, "alice");
    String second = rig.logIn(port, "alice");
    String bob = rig.logIn(port, "bob");
    Answer answer = logOut("?scope=all", second);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
    assertThat(status(first)).isEqualTo(401);
    assertThat(status(second)).isEqualTo(401);
    assertThat(status(bob)).isEqualTo(200);
  }

  @Test
  void logsOutWhoIsLoggedOutAlready() {
    String cookie = rig.logIn(port, "alice");
    logOut("", cookie);
    for (List<String> fields :
        List.of(List.<String>of(), List.of(cookie), List.of("Cookie: __Host-sid=junk"))) {
      Answer answer = Wire.call(port, "POST /v1/logout?scope=this", fields, "");
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
      for (String scope : List.of("others", "all")) {
        Answer more = Wire.call(port, "POST /v1/logout?scope=" + scope, fields, "");
        assertThat(more.status()).isEqualTo(401);
        assertThat(more.one("WWW-Authenticate")).startsWith("Session error=");
      }
    }
  }

  @Test
  void countsNoLogoutWhereNothingEnds() {
    logOut("");
    logOut("", "Cookie: __Host-sid=junk");
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("logout"));
    logOut("", rig.logIn(port, "alice"));
    assertThat(rig.tally.lines).contains("logout this");
  }

  @Test
  void neitherEndsNorKeepsSeveralCookiesThatDiffer() {
    String cookie = rig.logIn(port, "alice");
    for (String query : List.of("", "?scope=this", "?scope=others", "?scope=all")) {
      Answer answer = logOut(query, cookie + "; __Host-sid=b");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.one("WWW-Authenticate")).isEqualTo("Session error=\"ambiguous\"");
      assertThat(answer.body()).contains("session-ambiguous");
      assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
    }
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("logout"));
    assertThat(status(cookie)).isEqualTo(200);
  }

  @Test
  void namesAnUnknownParameterAndTheOneMeant() {
    String cookie = rig.logIn(port, "alice");
    Answer answer = logOut("?scop=all", cookie);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains("parameter-invalid", "\"field\":\"scop\"", "Did you mean scope?");
    assertThat(status(cookie)).isEqualTo(200);
    assertThat(logOut("?" + "A".repeat(60), cookie).body()).doesNotContain("AAAA");
  }

  @Test
  void namesTheScopesThereAre() {
    String cookie = rig.logIn(port, "alice");
    for (String query : List.of("?scope=everyone", "?scope=", "?scope=this&scope=all", "?x=%")) {
      Answer answer = logOut(query, cookie);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("parameter-invalid");
    }
    assertThat(status(cookie)).isEqualTo(200);
    assertThat(logOut("?scope=x").body()).contains("\"field\":\"scope\"", "this, others or all");
  }

  @Test
  void leavesTheCookieAloneWhereTheStoreCannotAcknowledge() {
    String cookie = rig.logIn(port, "alice");
    String handle = handle(cookie);
    for (Mood mood : List.of(Mood.DOWN, Mood.FAILING, Mood.THROWING)) {
      rig.store.mood = mood;
      for (String line :
          List.of(
              "POST /v1/logout",
              "POST /v1/logout?scope=all",
              "GET /v1/me/sessions",
              "DELETE /v1/me/sessions/" + handle)) {
        Answer answer = call(line, cookie);
        assertThat(answer.status()).isEqualTo(mood == Mood.DOWN ? 503 : 500);
        assertThat(answer.all("Retry-After")).hasSize(mood == Mood.DOWN ? 1 : 0);
        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(answer.body()).doesNotContain("secret-of-the-store", "Exception");
      }
    }
    rig.store.mood = Mood.WELL;
    assertThat(status(cookie)).isEqualTo(200);
  }

  @Test
  void leavesTheCookieAloneWhereTheEndIsNotAcknowledged() {
    String cookie = rig.logIn(port, "alice");
    String handle = handle(cookie);
    rig.store.mood = Mood.READ_ONLY;
    for (String line :
        List.of(
            "POST /v1/logout",
            "POST /v1/logout?scope=others",
            "POST /v1/logout?scope=all",
            "DELETE /v1/me/sessions/" + handle)) {
      Answer answer = call(line, cookie);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.one("Retry-After")).isEqualTo("1");
      assertThat(answer.all("Set-Cookie")).isEmpty();
    }
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("logout"));
    assertThat(status(cookie)).isEqualTo(200);
  }

  @Test
  void clearsWhatTheOperatorWantsCleared() {
    PublicSettings usual = Rig.settings();
    PublicSettings all =
        new PublicSettings(
            usual.listener(),
            usual.cookie(),
            usual.allowedOrigins(),
            PublicSettings.ClearSiteData.ALL,
            usual.carriers(),
            usual.routes());
    int other = rig.open(all);
    String cookie = rig.logIn(other, "alice");
    assertThat(
            Wire.call(other, "POST /v1/logout?scope=others", List.of(cookie), "")
                .all("Clear-Site-Data"))
        .isEmpty();
    assertThat(Wire.call(other, "POST /v1/logout", List.of(cookie), "").one("Clear-Site-Data"))
        .isEqualTo("\"cache\", \"storage\", \"cookies\"");
  }
}
