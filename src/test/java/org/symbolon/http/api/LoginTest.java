package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

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

class LoginTest {
  private static final String JWT = "Content-Type: application/jwt";
  private static final String CHROME =
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/156.0.0.0 Safari/537.36";

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

  private Answer logIn(String body, String... fields) {
    return Wire.call(port, "POST /v1/login", List.of(fields), body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/jwt|ok.alice",
        "Application/JWT; charset=utf-8|ok.alice",
        "application/json|{\"assertion\":\"ok.alice\"}",
        "application/json;charset=UTF-8|{ \"assertion\" : \"ok.alice\" }",
        "application/x-www-form-urlencoded|assertion=ok%2Ealice&other=1",
      })
  void takesAnAssertionInThreeForms(String type, String body) {
    Answer answer = logIn(body, "Content-Type: " + type, CHROME);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("Content-Type")).isEqualTo("application/json");
    assertThat(answer.one("Set-Cookie"))
        .matches("__Host-sid=[A-Za-z0-9_-]{36}; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(answer.body())
        .contains(
            "\"subject\":\"alice\"",
            "\"tenant\":\"default\"",
            "\"auth_time\":\"2026-11-24T09:59:55Z\"",
            "\"acr\":\"aal2\"",
            "\"amr\":[\"pwd\",\"otp\"]",
            "\"client_class\":\"browser\"",
            "\"issued_at\":\"2026-11-24T10:00:00Z\"",
            "\"last_seen_at\":\"2026-11-24T10:00:00Z\"",
            "\"expires_at\":\"2026-11-24T11:00:00Z\"",
            "\"absolute_deadline\":\"2026-11-25T10:00:00Z\"",
            "\"device\":{\"browser\":\"chrome\",\"platform\":\"linux\"}")
        .doesNotContain("attributes", "cookie");
    assertThat(rig.tally.lines).contains("login issued", "set-cookie true true Lax");
  }

  @Test
  void replacesAPresentedSessionAndNeverAdoptsIt() {
    String first = rig.logIn(port, "alice");
    String second = Rig.cookie(logIn("ok.bob", JWT, first));
    assertThat(second).isNotEqualTo(first);
    assertThat(Wire.call(port, "GET /v1/validate", List.of(first), "").status()).isEqualTo(401);
    assertThat(Wire.call(port, "GET /v1/validate", List.of(second), "").one("X-Session-User"))
        .isEqualTo("bob");
    assertThat(rig.store.liveSessions()).isEqualTo(1);
  }

  @Test
  void tellsWhichClaimIsRefusedAndTheMend() {
    Answer answer = logIn("expired", JWT, CHROME);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body())
        .contains(
            "\"type\":\"urn:symbolon:problem:assertion-refused\"",
            "\"status\":401",
            "\"field\":\"exp\"",
            "\"mend\":\"Sign a new assertion\"");
    assertThat(answer.one("WWW-Authenticate")).startsWith("Bearer");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).contains("login refused");
    AuditEvent event = rig.audit.getLast();
    assertThat(event.action()).isEqualTo(AuditEvent.Action.LOGIN_REFUSED);
    assertThat(event.presenter().address()).isEqualTo("127.0.0.1");
    assertThat(event.presenter().userAgent()).contains("Chrome");
    assertThat(event.detail()).containsEntry("claim", "exp");
  }

  @Test
  void tellsWhenTheSubjectHasEnoughSessions() {
    for (int i = 0; i < 3; i++) {
      rig.logIn(port, "alice");
    }
    Answer answer = logIn("ok.alice", JWT);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).contains("session-limit-reached", "3 live sessions");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).contains("login limit");
  }

  @Test
  void leavesTheCookieAloneWithoutTheStore() {
    String cookie = rig.logIn(port, "alice");
    rig.store.mood = Mood.DOWN;
    assertUnavailable(logIn("ok.alice", JWT, cookie), "store-unavailable");
    rig.store.mood = Mood.WELL;
    rig.proofsDown = true;
    assertUnavailable(logIn("ok.alice", JWT, cookie), "store-unavailable");
    rig.proofsDownFor = "issuer keys: no answer";
    assertUnavailable(logIn("ok.alice", JWT, cookie), "issuer-keys-unavailable");
    assertThat(rig.tally.lines).contains("login unavailable");
  }

  private static void assertUnavailable(Answer answer, String code) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.one("Retry-After")).isEqualTo("1");
    assertThat(answer.body()).contains("problem:" + code, "Sign a new assertion");
    assertThat(answer.all("Set-Cookie")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json|{\"assertion\":|body",
        "application/json|[]|body",
        "application/json|''|body",
        "application/json|{\"assertion\":\"a\"} x|body",
        "application/json|{\"assertion\":\"a\",\"assertion\":\"b\"}|body",
        "application/json|{\"assertion\":7}|assertion",
        "application/json|{\"asertion\":\"ok.alice\"}|asertion",
        "application/json|{}|assertion",
        "application/jwt|''|assertion",
        "application/x-www-form-urlencoded|x=1|assertion",
        "application/x-www-form-urlencoded|assertion=a&assertion=b|assertion",
        "application/x-www-form-urlencoded|assertion=%zz|body",
      })
  void namesWhatIsWrongWithABody(String type, String body, String field) {
    Answer answer = logIn(body, "Content-Type: " + type);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .contains("urn:symbolon:problem:body-malformed", "\"field\":\"" + field + "\"", "mend");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/jose", "multipart/form-data; boundary=x", ""})
  void refusesOtherMediaTypes(String type) {
    Answer answer = logIn("ok.alice", "Content-Type: " + type);
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.body()).contains("media-type-unsupported", "application/jwt");
  }

  @Test
  void refusesABodyBeyondTheLimitAndTakesOneAtIt() {
    assertThat(logIn("x".repeat(16 * 1024), JWT).status()).isEqualTo(401);
    Answer answer = logIn("x".repeat(16 * 1024 + 1), JWT);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("body-too-large", "16384");
  }

  @Test
  void refusesAChunkedBodyBeyondTheLimit() {
    String head =
        "POST /v1/login HTTP/1.1\r\nHost: a\r\n" + JWT + "\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertThat(Wire.send(port, head + chunks(16) + "0\r\n\r\n").status()).isEqualTo(401);
    assertThat(Wire.send(port, head + chunks(17) + "0\r\n\r\n").status()).isEqualTo(413);
  }

  private static String chunks(int count) {
    return ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(count);
  }

  @Test
  void continuesWhereTheClientWaitsForIt() {
    try (Wire wire = new Wire(port)) {
      wire.write(
          "POST /v1/login HTTP/1.1\r\nHost: a\r\n"
              + JWT
              + "\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n");
      assertThat(wire.read(false).status()).isEqualTo(100);
      assertThat(wire.write("ok.alice").read(false).status()).isEqualTo(200);
    }
  }

  @Test
  void keepsOnlyTheFamilyOfTheDevice() {
    logIn("ok.alice", JWT, "User-Agent: curl/8.5.0 " + "y".repeat(400));
    assertThat(rig.audit.getLast().presenter().userAgent()).hasSize(256);
  }

  @Test
  void knowsOneMethod() {
    Answer answer = Wire.call(port, "GET /v1/login", List.of(), "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.one("Allow")).isEqualTo("POST");
    assertThat(answer.body()).contains("method-not-allowed", "Use POST");
  }
}
