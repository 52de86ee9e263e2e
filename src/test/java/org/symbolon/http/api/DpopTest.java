package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.proof.SoftClient;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.Reason;

/** A program binds its session by its login, and signs each request. */
class DpopTest {
  private static final String JWT = "Content-Type: application/jwt";
  private final Rig rig = new Rig();
  private final SoftClient client = new SoftClient();
  private int port;

  @BeforeEach
  void open() {
    rig.bindings =
        new BindingPolicy(
            Map.of(Binding.Kind.DPOP, BindingPolicy.Rung.ENFORCE),
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));
    port = rig.open(Rig.settings());
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private String url(String path) {
    return "http://localhost:" + port + path;
  }

  private long now() {
    return rig.store.now.getEpochSecond();
  }

  private String proof(String method, String url, String nonce, String id) {
    return "DPoP: " + client.proof(method, url, now(), nonce, id);
  }

  private Answer login(String... fields) {
    List<String> all = new ArrayList<>(List.of(JWT));
    all.addAll(List.of(fields));
    return Wire.call(port, "POST /v1/login", all, "ok.alice");
  }

  private String nonce() {
    return login(proof("POST", url("/v1/login"), "", "")).one("DPoP-Nonce");
  }

  /** Logs in with a key; gives the session ID. */
  private String bind(String nonce) {
    Answer answer = login(proof("POST", url("/v1/login"), nonce, ""));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"binding\":\"dpop\"");
    return Rig.cookie(answer).replaceFirst(".*=", "");
  }

  private Answer ask(String line, String id, String... fields) {
    List<String> all = new ArrayList<>(List.of("Cookie: __Host-sid=" + id));
    all.addAll(List.of(fields));
    return Wire.call(port, line, all, "");
  }

  @Test
  void rfc9449_9_aLoginIsToldTheNonceBeforeItsAssertionIsLookedAt() {
    Answer first = login(proof("POST", url("/v1/login"), "", ""));
    assertThat(first.status()).isEqualTo(401);
    assertThat(first.body()).contains("dpop-nonce-needed", "\"field\":\"nonce\"");
    assertThat(first.one("WWW-Authenticate")).startsWith("DPoP error=\"use_dpop_nonce\", algs=");
    assertThat(first.all("DPoP-Nonce")).hasSize(1);
    assertThat(first.all("Set-Cookie")).isEmpty();
    assertThat(rig.store.liveSessions()).isZero();
    assertThat(bind(first.one("DPoP-Nonce"))).isNotEmpty();
  }

  @Test
  void aLoginWithABadProofIsRefusedAndNamesItsFault() {
    Answer answer = login(proof("GET", url("/v1/login"), nonce(), ""));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("dpop-proof-refused", "\"field\":\"htm\"", "\"mend\":");
  }

  @Test
  void rfc9449_7_1_aBoundSessionTakesAProofForEachRequest() {
    String nonce = nonce();
    String id = bind(nonce);
    String validate = url("/v1/validate");
    String proof = proof("GET", validate, nonce, id);
    assertThat(ask("GET /v1/validate", id, proof).status()).isEqualTo(200);
    assertThat(ask("GET /v1/validate", id, proof).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-replayed\"");
    Answer old = ask("GET /v1/validate", id, proof("GET", validate, "", id));
    assertThat(old.one("WWW-Authenticate")).startsWith("DPoP error=\"use_dpop_nonce\"");
    assertThat(ask("GET /v1/validate", id, proof("GET", validate, old.one("DPoP-Nonce"), id)))
        .extracting(Answer::status)
        .isEqualTo(200);
    String thief = new SoftClient().proof("GET", validate, now(), nonce, id);
    assertThat(ask("GET /v1/validate", id, "DPoP: " + thief).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-wrong\"");
  }

  /** What is bound is no bearer token: not without a proof, and not beside a credential. */
  @Test
  void rfc9449_7_2_noBearerFallback() {
    String id = bind(nonce());
    for (String[] fields :
        new String[][] {{}, {"Authorization: Bearer " + id}, {"Authorization: DPoP " + id}}) {
      assertThat(ask("GET /v1/validate", id, fields).one("WWW-Authenticate"))
          .isEqualTo("Session error=\"binding-missing\"");
    }
  }

  @Test
  void ownSessionsTakeAProofToo() {
    String nonce = nonce();
    String id = bind(nonce);
    assertThat(ask("GET /v1/me/sessions", id).status()).isEqualTo(401);
    Answer old = ask("GET /v1/me/sessions", id, proof("GET", url("/v1/me/sessions"), "", id));
    assertThat(old.one("DPoP-Nonce")).isNotEmpty();
    assertThat(
            ask("GET /v1/me/sessions", id, proof("GET", url("/v1/me/sessions"), nonce, id))
                .status())
        .isEqualTo(200);
  }

  @Test
  void whatAnUntrustedGatewayTellsIsIgnoredAndCounted() {
    String nonce = nonce();
    String id = bind(nonce);
    Answer answer =
        ask(
            "GET /gw/nginx/validate",
            id,
            proof("GET", "https://app.example/x", nonce, id),
            "X-Forwarded-Method: GET",
            "X-Forwarded-Uri: /x",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: app.example");
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Session error=\"binding-missing\"");
    assertThat(rig.tally.lines.stream().filter("forwarded-ignored"::equals)).hasSizeGreaterThan(1);
  }

  @Test
  void aTrustedGatewayTellsWhatWasAskedFor() {
    String nonce = nonce();
    String id = bind(nonce);
    int gateway = rig.open(Rig.on(l -> Rig.trusting(l, "127.0.0.0/8")));
    String[] told = {
      "X-Forwarded-Method: DELETE",
      "X-Forwarded-Uri: /orders/7?force=1",
      "X-Forwarded-Proto: https",
      "X-Forwarded-Host: app.example"
    };
    String good = proof("DELETE", "https://app.example/orders/7", nonce, id);
    assertThat(through(gateway, id, good, told).status()).isEqualTo(200);
    for (String bad :
        List.of(
            proof("GET", "https://app.example/orders/7", nonce, id),
            proof("DELETE", "https://app.example/orders/8", nonce, id),
            proof("DELETE", "https://evil.example/orders/7", nonce, id))) {
      assertThat(through(gateway, id, bad, told).one("WWW-Authenticate"))
          .startsWith("DPoP error=\"invalid_dpop_proof\"");
    }
    String again = proof("DELETE", "https://app.example/orders/7", nonce, id);
    String[] twofold = {told[0], told[1], told[2], told[3], "X-Original-URI: /orders/8"};
    assertThat(through(gateway, id, again, twofold).status()).isEqualTo(401);
  }

  private static Answer through(int gateway, String id, String proof, String... told) {
    List<String> fields = new ArrayList<>(List.of("Cookie: __Host-sid=" + id, proof));
    fields.addAll(List.of(told));
    return Wire.call(gateway, "GET /gw/nginx/validate", fields, "");
  }

  private String introspected(String id) {
    return Wire.call(
            port,
            "POST /v1/introspect",
            List.of(
                "Authorization: Bearer introspect",
                "Content-Type: application/x-www-form-urlencoded"),
            "token=" + id)
        .body();
  }

  @Test
  void rfc9449_6_2_introspectionTellsJkt() {
    assertThat(introspected(bind(nonce())))
        .containsPattern("\"cnf\":\\{\"jkt\":\"[A-Za-z0-9_-]{43}\"}");
  }

  @Test
  void introspectionHoldsWhatStandsAgainstABoundSession() {
    String id = bind(nonce());
    rig.standing = (_, _) -> Optional.of(Reason.STEP_UP);
    assertThat(introspected(id)).isEqualTo("{\"active\":false}");
  }

  @Test
  void nothingIsBoundWhereItIsOff() {
    rig.bindings = BindingPolicy.OFF;
    Answer answer = login(proof("POST", url("/v1/login"), nonce(), ""));
    assertThat(answer.body()).contains("\"binding\":\"none\"");
    String id = Rig.cookie(answer).replaceFirst(".*=", "");
    assertThat(ask("GET /v1/validate", id).status()).isEqualTo(200);
  }
}
