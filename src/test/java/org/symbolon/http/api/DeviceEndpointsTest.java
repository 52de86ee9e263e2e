package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.proof.SoftDevice;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingPolicy.Rung;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;

/** A browser binds its session, and nobody comes in with its cookie alone. */
class DeviceEndpointsTest {
  private static final Pattern CHALLENGE = Pattern.compile("\"([A-Za-z0-9_-]{60})\"");
  private static final String JWT = "Content-Type: application/jwt";

  private final Rig rig = new Rig();
  private final SoftDevice device = SoftDevice.ec();
  private int port;
  private String cookie = "";
  private String handle = "";
  private String offer = "";

  @BeforeEach
  void open() {
    rig.bindings = policy(Rung.ENFORCE);
    port = rig.open(Rig.settings());
    logIn();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static BindingPolicy policy(Rung rung) {
    return new BindingPolicy(
        Map.of(Binding.Kind.DBSC, rung), false, Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  private void logIn() {
    Answer login = Wire.call(port, "POST /v1/login", List.of(JWT), "ok.alice");
    cookie = Rig.cookie(login);
    offer = challenge(login.one("Secure-Session-Registration"));
    handle = login.body().replaceFirst(".*\"handle\":\"([a-z2-7]{16})\".*", "$1");
  }

  private static String challenge(String field) {
    Matcher matcher = CHALLENGE.matcher(field);
    assertThat(matcher.find()).as(field).isTrue();
    return matcher.group(1);
  }

  private Answer register() {
    return Wire.call(
        port,
        "POST /.session/dbsc/register",
        List.of("Secure-Session-Response: " + device.registration(offer)),
        "");
  }

  private Answer refresh(String... proofs) {
    List<String> fields = new ArrayList<>(List.of("Sec-Secure-Session-Id: " + handle));
    for (String proof : proofs) {
      fields.add("Secure-Session-Response: " + proof);
    }
    return Wire.call(port, "POST /.session/dbsc/refresh", fields, "");
  }

  /** Binds the session and lets what was under way arrive; gives both cookies. */
  private String bind() {
    Answer registered = register();
    assertThat(registered.status()).as(registered.body()).isEqualTo(200);
    rig.store.now = rig.store.now.plus(Binding.UNDER_WAY);
    return both(registered);
  }

  private String both(Answer answer) {
    return cookie + "; " + Rig.cookie(answer).substring("Cookie: ".length());
  }

  private Answer ask(String line, String shown, String... fields) {
    List<String> all = new ArrayList<>(List.of(shown));
    all.addAll(List.of(fields));
    return Wire.call(port, line, all, "");
  }

  @Test
  void registrationAnswersAsBrowsersNeedIt() {
    Answer answer = register();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("Content-Type")).isEqualTo("application/json");
    assertThat(answer.one("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.one("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(answer.one("Set-Cookie"))
        .matches(
            "__Host-sid_bound=[A-Za-z0-9_-]{31}; Path=/; Secure; HttpOnly; SameSite=Lax;"
                + " Max-Age=600");
    // Byte for byte the same but for Max-Age, or browsers prove the key at every request.
    assertThat(answer.body())
        .contains("\"attributes\":\"Path=/; Secure; HttpOnly; SameSite=Lax\"")
        .contains("\"name\":\"__Host-sid_bound\"");
  }

  @Test
  void bothCookiesAreLetInAndTheSessionCookieAloneIsNot() {
    String both = bind();
    assertThat(ask("GET /gw/nginx/validate", both).status()).isEqualTo(200);
    Answer alone = ask("GET /gw/nginx/validate", cookie);
    assertThat(alone.status()).isEqualTo(401);
    assertThat(alone.one("WWW-Authenticate")).isEqualTo("Session error=\"binding-missing\"");
    assertThat(alone.one("X-Session-User")).isEmpty();
    assertThat(alone.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).contains("unproved dbsc binding-missing enforce");
    assertThat(rig.audit.getLast().action()).isEqualTo(AuditEvent.Action.SESSION_UNPROVED);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /v1/validate",
    "GET /gw/envoy/validate/x",
    "POST /v1/session/refresh",
    "GET /v1/session/csrf",
    "GET /v1/me/sessions",
    "DELETE /v1/me/sessions/aaaaaaaaaaaaaaaa",
    "POST /v1/logout?scope=others",
    "POST /v1/logout?scope=all"
  })
  void noPathTakesTheSessionCookieAlone(String line) {
    String both = bind();
    Answer alone = ask(line, cookie);
    assertThat(alone.status()).isEqualTo(401);
    assertThat(alone.one("WWW-Authenticate")).isEqualTo("Session error=\"binding-missing\"");
    assertThat(alone.all("Set-Cookie")).isEmpty();
    assertThat(ask(line, both).status()).isNotEqualTo(401);
  }

  @Test
  void aBackendLearnsNothingFromTheSessionIdAlone() {
    String both = bind();
    String token = cookie.substring(cookie.indexOf('=') + 1);
    String bound = both.substring(both.lastIndexOf('=') + 1);
    List<String> fields =
        List.of(
            "Authorization: Bearer introspect", "Content-Type: application/x-www-form-urlencoded");
    assertThat(Wire.call(port, "POST /v1/introspect", fields, "token=" + token).body())
        .isEqualTo("{\"active\":false}");
    assertThat(
            Wire.call(
                    port,
                    "POST /v1/introspect",
                    fields,
                    "token=" + token + "&bound_cookie=" + bound)
                .body())
        .contains("\"active\":true");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, navigate, document, cross-site, true",
    "GET, navigate, document, same-site, true",
    "GET, navigate, document, same-origin, false",
    "GET, navigate, document, none, false",
    "POST, navigate, document, cross-site, false",
    "GET, navigate, iframe, cross-site, false",
    "GET, no-cors, image, cross-site, false"
  })
  void aLinkFromElsewhereIsToBeAskedForAgain(
      String method, String mode, String dest, String site, boolean isAgain) {
    String both = bind();
    String[] sent = {
      "X-Forwarded-Method: " + method,
      "Sec-Fetch-Mode: " + mode,
      "Sec-Fetch-Dest: " + dest,
      "Sec-Fetch-Site: " + site
    };
    assertThat(ask("GET /gw/nginx/validate", cookie, sent).all("X-Session-Again"))
        .isEqualTo(isAgain ? List.of("1") : List.of());
    assertThat(ask("GET /gw/nginx/validate", both, sent).all("X-Session-Again")).isEmpty();
    assertThat(ask("GET /gw/nginx/validate", "Cookie: a=b", sent).all("X-Session-Again")).isEmpty();
    Answer forged = ask("GET /gw/nginx/validate", both.replaceFirst(".$", "!"), sent);
    assertThat(forged.one("WWW-Authenticate")).contains("binding-wrong");
    assertThat(forged.all("X-Session-Again")).isEmpty();
  }

  @Test
  void thePageThatAsksAgainHasNoScriptInIt() {
    Answer page =
        Wire.call(port, "GET /.session/dbsc/again?to=https://evil.example", List.of(), "");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.one("Content-Security-Policy"))
        .contains("default-src 'none'; script-src 'self'");
    assertThat(page.one("Cache-Control")).isEqualTo("no-store");
    assertThat(page.body())
        .contains("<script src=\"/.session/dbsc/again.js\"></script>")
        .doesNotContain("evil");
    Answer script = Wire.call(port, "GET /.session/dbsc/again.js", List.of(), "");
    assertThat(script.one("Content-Type")).startsWith("text/javascript");
  }

  @Test
  void stepUpSaysHowRecentAnAuthenticationHasToBe() {
    rig.bindings = policy(Rung.STEP_UP);
    String both = bind();
    rig.store.now = rig.store.now.plus(BindingPolicy.STEP_UP_AGE);
    for (String line : List.of("GET /v1/validate", "GET /v1/me/sessions")) {
      assertThat(ask(line, cookie).one("WWW-Authenticate"))
          .isEqualTo("Session error=\"insufficient_user_authentication\", max_age=\"300\"");
      assertThat(ask(line, both).status()).isEqualTo(200);
    }
  }

  @Test
  void refreshIsChallengedThenProvesAndKeepsTheCookieBefore() {
    String before = bind();
    Answer challenged = refresh();
    assertThat(challenged.status()).isEqualTo(403);
    assertThat(challenged.body()).contains("device-proof-needed");
    assertThat(challenged.all("Set-Cookie")).isEmpty();
    String field = challenged.one("Secure-Session-Challenge");
    assertThat(field).endsWith(";id=\"" + handle + "\"");
    Answer proved = refresh(device.proof(challenge(field)));
    assertThat(proved.status()).isEqualTo(200);
    assertThat(ask("GET /v1/validate", both(proved)).status()).isEqualTo(200);
    assertThat(ask("GET /v1/validate", before).status()).isEqualTo(200);
  }

  @Test
  void logoutEndsWhatASilentRefreshCannotBringBack() {
    String challenge = challenge(register().one("Secure-Session-Challenge"));
    assertThat(ask("POST /v1/logout", cookie).status()).isEqualTo(204);
    Answer refreshed = refresh(device.proof(challenge));
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.all("Set-Cookie")).isEmpty();
    assertThat(refreshed.body()).contains("\"continue\":false");
  }

  @Test
  void anotherLoginEndsTheSessionBeforeAndItsBindingWithIt() {
    String challenge = challenge(register().one("Secure-Session-Challenge"));
    String before = handle;
    Answer login = Wire.call(port, "POST /v1/login", List.of(JWT, cookie), "ok.alice");
    assertThat(login.status()).isEqualTo(200);
    handle = before;
    assertThat(refresh(device.proof(challenge)).body()).contains("\"continue\":false");
  }

  @Test
  void aForcedEndReachesTheBrowserAtItsNextRefresh() {
    String challenge = challenge(register().one("Secure-Session-Challenge"));
    assertThat(rig.store.end(Handle.parse(handle).orElseThrow(), RevocationReason.ADMIN))
        .isEqualTo(1);
    assertThat(refresh(device.proof(challenge)).body()).contains("\"continue\":false");
  }

  @Test
  void aBackendIsHandedTheOfferToPassOn() {
    Answer issued =
        Wire.call(
            port,
            "POST /v1/sessions",
            List.of("Authorization: Bearer issue", "Content-Type: application/json"),
            "{\"subject\":\"bob\"}");
    assertThat(issued.one("Secure-Session-Registration")).startsWith("(ES256 RS256);path=");
  }

  @Test
  void nothingIsOfferedWhereItIsOff() {
    rig.bindings = BindingPolicy.OFF;
    Answer login = Wire.call(port, "POST /v1/login", List.of(JWT), "ok.alice");
    assertThat(login.all("Secure-Session-Registration")).isEmpty();
    assertThat(register().status()).isEqualTo(400);
  }

  @Test
  void anOutageIsServiceUnavailableAndNothingElse() {
    String challenge = challenge(register().one("Secure-Session-Challenge"));
    rig.store.mood = Mood.DOWN;
    for (Answer answer : List.of(refresh(device.proof(challenge)), refresh(), register())) {
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.one("Retry-After")).isEqualTo("1");
      assertThat(answer.all("Set-Cookie")).isEmpty();
    }
    rig.store.mood = Mood.WELL;
    assertThat(refresh(device.proof(challenge)).status()).isEqualTo(200);
  }

  @Test
  void badInputNamesTheFieldAndTheMend() {
    Answer none = Wire.call(port, "POST /.session/dbsc/refresh", List.of(), "");
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.body()).contains("\"field\":\"Sec-Secure-Session-Id\"", "\"mend\":");
    bind();
    Answer two = refresh("a.b.c", "a.b.c");
    assertThat(two.status()).isEqualTo(400);
    assertThat(two.body()).contains("\"field\":\"Secure-Session-Response\"");
  }
}
