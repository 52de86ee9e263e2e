package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.Json;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.Presenter;

class IssueTest {
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

  private Answer issue(String body, String credential, String... more) {
    List<String> fields = new ArrayList<>(List.of(more));
    fields.add("Authorization: Bearer " + credential);
    fields.add("Content-Type: application/json");
    return Wire.call(port, "POST /v1/sessions", fields, body);
  }

  @Test
  void issuesWhatABackendAsksFor() {
    Answer answer =
        issue(
            """
            {"subject":"alice","tenant":"blue","attributes":{"plan":"pro"},"auth_time":1700000000,
             "acr":"aal1","amr":["pwd"],"client_class":"app","user_agent":"Mozilla/5.0 (iPhone)",
             "address":"2001:db8::1"}\
            """,
            "issue");
    assertThat(answer.status()).isEqualTo(201);
    String cookie = answer.one("Set-Cookie");
    assertThat(cookie).startsWith("__Host-sid=");
    assertThat(answer.body())
        .contains(
            "\"cookie\":\"" + cookie + "\"",
            "\"tenant\":\"blue\"",
            "\"attributes\":{\"plan\":\"pro\"}",
            "\"auth_time\":\"2023-11-14T22:13:20Z\"",
            "\"acr\":\"aal1\"",
            "\"client_class\":\"app\"",
            "\"platform\":\"ios\"");
    assertThat(rig.audit.getLast().presenter())
        .isEqualTo(new Presenter("2001:db8::1", "Mozilla/5.0 (iPhone)", "direct"));
    Answer validated = Wire.call(port, "GET /v1/validate", List.of(Rig.cookie(answer)), "");
    assertThat(validated.one("X-Session-User")).isEqualTo("alice");
    assertThat(validated.one("X-Session-Tenant")).isEqualTo("blue");
  }

  @Test
  void needsNoMoreThanASubject() {
    Answer answer = issue("{\"subject\":\"alice\"}", "issue");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body())
        .contains(
            "\"tenant\":\"default\"",
            "\"auth_time\":\"2026-11-24T10:00:00Z\"",
            "\"acr\":\"\"",
            "\"amr\":[]",
            "\"client_class\":\"browser\"",
            "\"device\":{\"browser\":\"other\",\"platform\":\"other\"}",
            "\"attributes\":{}");
  }

  @Test
  void endsTheSessionThatTheUserPresented() {
    String old = Rig.cookie(issue("{\"subject\":\"alice\"}", "issue"));
    String id = old.substring(old.indexOf('=') + 1);
    issue("{\"subject\":\"alice\",\"replaces\":\"" + id + "\"}", "issue");
    assertThat(Wire.call(port, "GET /v1/validate", List.of(old), "").one("WWW-Authenticate"))
        .contains("revoked");
    for (String junk : List.of("junk", "", "__Host-sid=" + id)) {
      Answer refused = issue("{\"subject\":\"alice\",\"replaces\":\"" + junk + "\"}", "issue");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.body()).contains("\"field\":\"replaces\"", "leave replaces out");
      assertThat(refused.body()).doesNotContain(id);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|subject|Send subject",
        "{'subject':''}|subject|Send subject",
        "{'subject':7}|subject|string",
        "{'subject':null}|subject|string",
        "{'subject':'a b'}|subject|visible ASCII",
        "{'subject':'a','tenantt':'b'}|tenantt|Did you mean tenant?",
        "{'subject':'a','useragent':'b'}|useragent|Did you mean user_agent?",
        "{'subject':'a','tenant':'a/b'}|tenant|64",
        "{'subject':'a','attributes':[]}|attributes|object",
        "{'subject':'a','attributes':{'a':1}}|attributes|string values",
        "{'subject':'a','attributes':{'':'x'}}|attributes|1024 bytes",
        "{'subject':'a','auth_time':'x'}|auth_time|seconds",
        "{'subject':'a','auth_time':1.5}|auth_time|seconds",
        "{'subject':'a','auth_time':-1}|auth_time|seconds",
        "{'subject':'a','auth_time':9999999999999999999999}|auth_time|seconds",
        "{'subject':'a','auth_time':1795514461}|auth_time|clocks",
        "{'subject':'a','acr':'a b'}|acr|64",
        "{'subject':'a','amr':'pwd'}|amr|array",
        "{'subject':'a','amr':['a,b']}|amr|commas",
        "{'subject':'a','client_class':'B'}|client_class|32",
        "{'subject':'a','address':'localhost'}|address|IPv4",
        "{'subject':'a','user_agent':1}|user_agent|string",
      })
  void namesTheMemberAtFaultAndTheMend(String body, String field, String mend) {
    Answer answer = issue(body.replace('\'', '"'), "issue");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(Json.read(Buffer.buffer(answer.body())).get("field").asText()).isEqualTo(field);
    assertThat(Json.read(Buffer.buffer(answer.body())).get("mend").asText()).contains(mend);
  }

  @Test
  void allowsClocksAMinuteApart() {
    assertThat(issue("{\"subject\":\"a\",\"auth_time\":1795514460}", "issue").status())
        .isEqualTo(201);
  }

  @Test
  void takesAKibibyteOfAttributes() {
    String most = "x".repeat(1023);
    String body = "{\"subject\":\"a\",\"attributes\":{\"k\":\"%s\"}}";
    assertThat(issue(body.formatted(most), "issue").status()).isEqualTo(201);
    assertThat(issue(body.formatted(most + "x"), "issue").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "unknown.blue"})
  void doesNotKnowEveryCredential(String credential) {
    Answer answer = issue("{\"subject\":\"a\"}", credential);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(answer.body())
        .contains("credential-refused", "Authorization", "Use the key of a configured service")
        .doesNotContain(credential);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-None: 1",
        "Authorization: Basic aXNzdWU=",
        "Authorization: Bearer",
        "Authorization: Bearer a b",
        "Authorization: Bearer issue\r\nAuthorization: Bearer issue"
      })
  void needsExactlyOneBearerCredential(String field) {
    Answer answer =
        Wire.call(
            port,
            "POST /v1/sessions",
            List.of(field, "Content-Type: application/json"),
            "{\"subject\":\"a\"}");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(answer.body()).contains("credential-refused");
  }

  @Test
  void needsTheScope() {
    Answer answer = issue("{\"subject\":\"a\"}", "introspect");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("scope-missing", "the scope issue");
  }

  @Test
  void actsForTheServicesOwnTenantsAlone() {
    assertThat(issue("{\"subject\":\"a\",\"tenant\":\"blue\"}", "issue.blue").status())
        .isEqualTo(201);
    Answer answer = issue("{\"subject\":\"a\"}", "issue.blue");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("tenant-not-allowed", "\"field\":\"tenant\"");
    assertThat(rig.store.liveSessions()).isEqualTo(1);
  }

  @Test
  void refusesOtherMediaTypes() {
    Answer answer =
        Wire.call(
            port,
            "POST /v1/sessions",
            List.of("Authorization: bearer issue", "Content-Type: text/plain"),
            "{\"subject\":\"a\"}");
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void saysWhenTheStoreOrTheLimitSaysNo() {
    for (int i = 0; i < 3; i++) {
      issue("{\"subject\":\"alice\"}", "issue");
    }
    assertThat(issue("{\"subject\":\"alice\"}", "issue").status()).isEqualTo(409);
    rig.store.mood = Mood.DOWN;
    Answer answer = issue("{\"subject\":\"bob\"}", "issue");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.one("Retry-After")).isEqualTo("1");
    assertThat(answer.all("Set-Cookie")).isEmpty();
  }
}
