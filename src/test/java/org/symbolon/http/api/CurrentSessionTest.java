package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;

/** Refresh, elevation, and logging in while logged in. */
class CurrentSessionTest {
  private static final String REFRESH = "POST /v1/session/refresh";

  private final Rig rig = new Rig();
  private int port;
  private String cookie = "";

  @BeforeEach
  void open() {
    port = rig.open(Rig.settings());
    cookie = rig.logIn(port, "alice");
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Answer ask(String line, String... fields) {
    List<String> all = new ArrayList<>(List.of(cookie));
    all.addAll(Arrays.asList(fields));
    return Wire.call(port, line, all, "");
  }

  private Answer validate(String shown) {
    return Wire.call(port, "GET /v1/validate", List.of(shown), "");
  }

  @Test
  void refreshReplacesTheIdNow() {
    Answer first = ask(REFRESH);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).contains("\"subject\":\"alice\"").doesNotContain("cookie");
    Answer again = ask(REFRESH);
    assertThat(again.one("Set-Cookie")).isEqualTo(first.one("Set-Cookie"));
    assertThat(rig.tally.lines.stream().filter("renewed refresh"::equals)).hasSize(1);
    String old = cookie;
    cookie = Rig.cookie(first);
    assertThat(validate(cookie).status()).isEqualTo(200);
    Answer early = ask(REFRESH);
    assertThat(early.status()).isEqualTo(200);
    assertThat(early.all("Set-Cookie")).isEmpty();
    assertThat(validate(old).status()).isEqualTo(200);
    rig.store.now = rig.store.now.plusSeconds(10);
    assertThat(validate(old).one("WWW-Authenticate")).contains("reused");
    assertThat(validate(cookie).one("WWW-Authenticate")).contains("reused");
  }

  @ParameterizedTest
  @CsvSource({
    "POST /v1/session/refresh, Origin: https://evil.example",
    "POST /v1/session/refresh, Sec-Fetch-Site: cross-site",
    "POST /v1/session/refresh, Sec-Fetch-Site: same-site",
    "GET /v1/session/csrf, Origin: https://evil.example",
    "GET /v1/session/csrf, Sec-Fetch-Site: cross-site",
  })
  void refusesOtherSites(String line, String field) {
    Answer answer = ask(line, field);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("cross-site-request");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).noneMatch(l -> l.startsWith("rotated"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /v1/session/refresh", "GET /v1/session/csrf"})
  void saysWhyThereIsNoSession(String line) {
    String live = cookie;
    cookie = "X-None: 1";
    assertThat(ask(line).body()).contains("session-missing");
    cookie = live;
    rig.store.mood = Mood.DOWN;
    Answer down = ask(line);
    assertThat(down.status()).isEqualTo(503);
    assertThat(down.all("Set-Cookie")).isEmpty();
    rig.store.mood = Mood.WELL;
    rig.store.now = rig.store.now.plusSeconds(3600);
    Answer expired = ask(line);
    assertThat(expired.status()).isEqualTo(401);
    assertThat(expired.one("Set-Cookie")).contains("Max-Age=0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /v1/logout", "GET /v1/me/sessions", "POST /v1/session/refresh"})
  void reportsWhoComesBackWithAReplacedIdWhereverThatIs(String line) {
    String first =
        Rig.cookie(
            Wire.call(
                port,
                "POST /v1/login",
                List.of("Content-Type: application/jwt", "User-Agent: home"),
                "ok.bob"));
    cookie = first;
    cookie = Rig.cookie(ask(REFRESH));
    validate(cookie);
    rig.store.now = rig.store.now.plusSeconds(10);
    cookie = first;
    ask(line, "User-Agent: thief");
    AuditEvent event = rig.audit.getLast();
    assertThat(event.action()).isEqualTo(AuditEvent.Action.SESSION_REUSED);
    assertThat(event.presenter().userAgent()).isEqualTo("thief");
    assertThat(event.presenter().address()).isEqualTo("127.0.0.1");
    assertThat(rig.tally.lines).contains("replay-suspected user-agent");
  }

  @Test
  void aLoginWhileLoggedInEndsTheSessionBeforeAtOnce() {
    Answer second =
        Wire.call(
            port, "POST /v1/login", List.of("Content-Type: application/jwt", cookie), "ok.alice");
    assertThat(Rig.cookie(second)).isNotEqualTo(cookie);
    assertThat(validate(cookie).one("WWW-Authenticate")).contains("revoked");
    assertThat(validate(Rig.cookie(second)).one("X-Session-User")).isEqualTo("alice");
    assertThat(rig.store.liveSessions()).isEqualTo(1);
    assertThat(rig.tally.lines.stream().filter("renewed login"::equals)).hasSize(1);
  }

  private String handle() {
    return validate(cookie).one("X-Session-Handle");
  }

  private Answer elevate(String handle, String credential, String body) {
    return Wire.call(
        port,
        "POST /v1/sessions/" + handle + "/elevate",
        List.of("Authorization: Bearer " + credential, "Content-Type: application/json"),
        body);
  }

  private String body() {
    return "{\"auth_time\":"
        + rig.store.now.getEpochSecond()
        + ",\"acr\":\"aal3\",\"amr\":[\"hwk\"],\"user_agent\":\"Firefox\",\"address\":\"192.0.2.7\"}";
  }

  @Test
  void elevationKillsTheIdBeforeAtOnce() {
    String handle = handle();
    rig.store.now = rig.store.now.plusSeconds(60);
    Answer elevated = elevate(handle, "issue", body());
    assertThat(elevated.status()).isEqualTo(200);
    assertThat(elevated.body())
        .contains("\"acr\":\"aal3\"", "\"amr\":[\"hwk\"]", "\"cookie\":\"__Host-sid=", handle)
        .contains("\"absolute_deadline\":\"2026-11-25T10:00:00Z\"");
    assertThat(elevated.body()).contains(elevated.one("Set-Cookie"));
    assertThat(elevate(handle, "issue", body()).one("Set-Cookie"))
        .isEqualTo(elevated.one("Set-Cookie"));
    Answer old = validate(cookie);
    assertThat(old.one("WWW-Authenticate")).contains("superseded");
    assertThat(old.all("Set-Cookie")).isEmpty();
    Answer fresh = validate(Rig.cookie(elevated));
    assertThat(fresh.one("X-Session-Auth-Level")).isEqualTo("aal3");
    assertThat(fresh.one("X-Session-Handle")).isEqualTo(handle);
    AuditEvent event =
        rig.audit.stream()
            .filter(e -> e.action() == AuditEvent.Action.SESSION_ELEVATED)
            .findFirst()
            .orElseThrow();
    assertThat(event.presenter().address()).isEqualTo("192.0.2.7");
    assertThat(rig.tally.lines).contains("renewed elevate");
  }

  @Test
  void saysWhenASessionHasUsedAllOfItsIds() {
    String handle = handle();
    rig.store.alter(
        Handle.parse(handle).orElseThrow(), s -> s.withGeneration(Session.LAST_GENERATION));
    Answer answer = elevate(handle, "issue", body());
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("session-exhausted", "Let the user log in again");
    assertThat(answer.all("Set-Cookie")).isEmpty();
  }

  @Test
  void elevationNeedsTheScopeTheTenantAndALiveSession() {
    String handle = handle();
    assertThat(elevate(handle, "introspect", body()).status()).isEqualTo(403);
    assertThat(elevate(handle, "nobody", body()).status()).isEqualTo(401);
    for (Answer unknown :
        List.of(
            elevate(handle, "issue.blue", body()),
            elevate("nothing", "issue", body()),
            elevate("aaaaaaaaaaaaaaaa", "issue", body()))) {
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.body()).contains("session-unknown", "\"field\":\"handle\"");
    }
    rig.store.mood = Mood.DOWN;
    assertThat(elevate(handle, "issue", body()).status()).isEqualTo(503);
    rig.store.mood = Mood.WELL;
    assertThat(validate(cookie).status()).isEqualTo(200);
    rig.store.now = rig.store.now.plusSeconds(3600);
    assertThat(elevate(handle, "issue", body()).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|auth_time|is missing",
        "{'auth_time':'x'}|auth_time|whole number",
        "{'auth_time':1795514394}|auth_time|before the session",
        "{'auth_time':1795999999}|auth_time|future",
        "{'auth_time':1795514400,'acr':'a b'}|acr|64",
        "{'auth_time':1795514400,'amr':'otp'}|amr|list",
        "{'auth_time':1795514400,'address':'x'}|address|IP",
        "{'auth_time':1795514400,'subject':'bob'}|subject|known member",
      })
  void namesWhatIsWrongWithAStepUp(String body, String field, String words) {
    Answer answer = elevate(handle(), "issue", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"", words);
    assertThat(validate(cookie).one("X-Session-Auth-Level")).isEqualTo("aal2");
  }
}
