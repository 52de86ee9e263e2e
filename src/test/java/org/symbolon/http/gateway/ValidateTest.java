package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.Limits;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;

class ValidateTest {
  private static final List<String> IDENTITY =
      List.of(
          "X-Session-User",
          "X-Session-Handle",
          "X-Session-Tenant",
          "X-Session-Auth-Level",
          "X-Session-Auth-Methods",
          "X-Session-Auth-Time",
          "X-Session-Rotated",
          "X-Session-Assertion");
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

  private Answer ask(String line, String... fields) {
    return Wire.call(port, line, List.of(fields), "");
  }

  private static void assertNobody(Answer answer) {
    for (String name : IDENTITY) {
      assertThat(answer.one(name)).isEqualTo(name.endsWith("Rotated") ? "0" : "");
    }
    assertBare(answer);
  }

  private static void assertBare(Answer answer) {
    assertThat(answer.one("Content-Length")).isEqualTo("0");
    assertThat(answer.one("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.all("Set-Cookie")).hasSizeLessThanOrEqualTo(1);
    assertThat(answer.all("Content-Type")).isEmpty();
    assertThat(answer.all("Transfer-Encoding")).isEmpty();
  }

  @Test
  void tellsWhoseAGoodSessionIs() {
    String cookie = rig.logIn(port, "alice");
    Answer answer = ask("GET /v1/validate", cookie);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("X-Session-User")).isEqualTo("alice");
    assertThat(Handle.parse(answer.one("X-Session-Handle"))).isPresent();
    assertThat(answer.one("X-Session-Tenant")).isEqualTo("default");
    assertThat(answer.one("X-Session-Auth-Level")).isEqualTo("aal2");
    assertThat(answer.one("X-Session-Auth-Methods")).isEqualTo("pwd,otp");
    assertThat(answer.one("X-Session-Auth-Time"))
        .isEqualTo(Long.toString(rig.store.now.getEpochSecond() - 5));
    assertThat(answer.one("X-Session-Rotated")).isEqualTo("0");
    assertThat(answer.one("X-Session-Assertion")).isEmpty();
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertBare(answer);
    assertThat(rig.tally.lines)
        .contains("validated allow direct", "cookie-bytes " + (cookie.length() - 8));
  }

  @Test
  void leavesTheCookieAloneWhereThereIsNone() {
    Answer answer = ask("GET /v1/validate");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Session error=\"missing\"");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertNobody(answer);
    assertThat(rig.tally.lines).contains("validated missing direct", "cookie-bytes 0");
  }

  private void assertDenied(Answer answer, String reason) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Session error=\"" + reason + "\"");
    assertNobody(answer);
    assertThat(rig.tally.lines).contains("validated " + reason + " direct");
    if (reason.equals("expired") || reason.equals("reused")) {
      assertThat(answer.one("Set-Cookie")).isEqualTo(CLEARED);
      assertThat(rig.tally.lines.getLast()).isEqualTo("set-cookie true true Lax");
    } else {
      assertThat(answer.all("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void keepsACookieThatIsNotOurs() {
    assertDenied(ask("GET /v1/validate", "Cookie: __Host-sid=junk"), "malformed");
  }

  @Test
  void keepsSeveralCookiesThatDiffer() {
    assertDenied(
        ask("GET /v1/validate", "Cookie: __Host-sid=a", "Cookie: __Host-sid=b"), "ambiguous");
  }

  @Test
  void deletesTheCookieOfAnExpiredSession() {
    String cookie = rig.logIn(port, "alice");
    rig.store.now = rig.store.now.plusSeconds(3600);
    assertDenied(ask("GET /v1/validate", cookie), "expired");
  }

  @ParameterizedTest
  @EnumSource(RevocationReason.class)
  void deletesTheCookieOfARevokedSessionAfterReuseAlone(RevocationReason reason) {
    String cookie = rig.logIn(port, "alice");
    String handle = ask("GET /v1/validate", cookie).one("X-Session-Handle");
    rig.store.end(Handle.parse(handle).orElseThrow(), reason);
    assertDenied(ask("GET /v1/validate", cookie), reason.told().code());
  }

  @ParameterizedTest
  @EnumSource(
      value = Mood.class,
      names = {"DOWN", "FAILING", "THROWING"})
  void isNeitherYesNorNoWithoutTheStore(Mood mood) {
    String cookie = rig.logIn(port, "alice");
    rig.store.mood = mood;
    Answer answer = ask("GET /v1/validate", cookie);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.one("Retry-After")).isEqualTo("1");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(answer.all("WWW-Authenticate")).isEmpty();
    assertNobody(answer);
    assertThat(rig.tally.lines).contains("validated unavailable direct");
  }

  @ParameterizedTest
  @EnumSource(value = Profile.class, mode = EnumSource.Mode.EXCLUDE, names = "DIRECT")
  void answersEveryGatewayAlike(Profile profile) {
    String cookie = rig.logIn(port, "alice");
    String path = "/gw/" + profile.text() + "/validate";
    for (String method :
        List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")) {
      Answer answer = ask(method + " " + path + "?q=/v1/logout", cookie);
      assertThat(answer.status()).as(method).isEqualTo(200);
      assertThat(answer.one("X-Session-User")).isEqualTo("alice");
      assertBare(answer);
    }
    assertNobody(ask("GET " + path));
    assertThat(rig.tally.lines)
        .contains("validated allow " + profile.text(), "validated missing " + profile.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gw/envoy/validate",
        "/gw/envoy/validate/",
        "/gw/envoy/validate/a/b%2Fc?d=e",
        "/gw/envoy/validate//x/../y"
      })
  void takesEnvoysPathsBehindItsPrefix(String path) {
    assertThat(ask("GET " + path).status()).isEqualTo(401);
    assertThat(rig.tally.lines).contains("validated missing envoy");
    assertThat(ask("GET " + path.replace("envoy", "istio")).status()).isEqualTo(401);
    assertThat(rig.tally.lines).contains("validated missing istio");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/gw/ngnix/validate",
        "/gw/direct/validate",
        "/gw/NGINX/validate",
        "/gw//validate"
      })
  void refusesAnUnknownProfile(String path) {
    Answer answer = ask("GET " + path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("urn:symbolon:problem:profile-unknown", "nginx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gw/nginx/validate/", "/gw/nginx", "/v1/validate/", "/v1//validate"})
  void hasOneSpellingOfEachPath(String path) {
    assertThat(ask("GET " + path).status()).isEqualTo(404);
  }

  @Test
  void knowsTwoMethodsOfItsOwnPath() {
    assertRefused(ask("POST /v1/validate"));
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertNobody(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/validate", "/gw/nginx/validate?a=b", "/gw/envoy/validate/x"})
  void tellsARefusalOfTheRequestInTheGatewaysDialect(String target) {
    String get = "GET " + target + " HTTP/1.1\r\n";
    String host = "Host: a\r\n";
    for (String request :
        List.of(
            get,
            get + host + host,
            get + "Host: a/b\r\n",
            get + host + "X-A: b\r\n c\r\n",
            get + host + "X-A\r\n",
            get + host + "X-A: \7\r\n",
            get + host + "Content-Length: x\r\n",
            get + host + "X-A: b\r\n".repeat(200),
            get + host + "X-A: " + "b".repeat(Limits.PUBLIC.head()) + "\r\n",
            "FOO " + target + " HTTP/1.1\r\n" + host)) {
      assertRefused(Wire.send(port, request + "\r\n"));
    }
  }

  @Test
  void tellsAnUnreadableRequestLineAsAnyListenerDoes() {
    String host = "Host: a\r\n\r\n";
    String longest = "GET /v1/validate?" + "q".repeat(4096) + " HTTP/1.1\r\n";
    assertThat(Wire.send(port, longest + host).status()).isEqualTo(414);
    for (String line : List.of("GET  /v1/validate HTTP/1.1", "GET /v1/validate HTTP/1.2")) {
      assertThat(Wire.send(port, line + "\r\n" + host).status()).isEqualTo(400);
    }
  }

  @Test
  void hearsWhoeverSiblingDomainsGaveManyCookies() {
    String cookie = rig.logIn(port, "alice");
    String many = ("; " + "n".repeat(60) + "=" + "v".repeat(340)).repeat(180);
    assertThat(ask("GET /v1/validate", cookie + many).status()).isEqualTo(200);
    assertThat(ask("POST /v1/logout", cookie + many).status()).isEqualTo(204);
  }

  @Test
  void ignoresWhatBelongsToTheClientsRequest() {
    String cookie = rig.logIn(port, "alice");
    Map<String, Integer> requests =
        Map.of(
            Wire.request(
                "GET /gw/caddy/validate?scope=all",
                port,
                List.of(
                    cookie,
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                ""),
            200,
            Wire.request(
                "GET /gw/caddy/validate", port, List.of(cookie, "Expect: 100-continue"), ""),
            200,
            Wire.request("POST /gw/caddy/validate", port, List.of(cookie), "x".repeat(20_000)),
            200);
    requests.forEach(
        (request, status) -> assertThat(Wire.send(port, request).status()).isEqualTo(status));
  }

  @Test
  void answersARequestWhoseAnnouncedBodyNeverComes() {
    try (Wire wire = new Wire(port)) {
      Answer answer =
          wire.write("GET /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
              .read(false);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.one("Connection")).isEqualTo("close");
      assertThat(wire.isClosed()).isTrue();
    }
  }

  @Test
  void comesBackToItsEventLoopFromTheStoresThreads() {
    String cookie = rig.logIn(port, "alice");
    ask("GET /v1/validate", cookie);
    assertThat(rig.tally.threads).isNotEmpty().allMatch(name -> name.contains("eventloop"));
  }

  @Test
  void answersManyRequestsOfOneConnection() {
    String cookie = rig.logIn(port, "alice");
    try (Wire wire = new Wire(port)) {
      String good = Wire.request("GET /v1/validate", port, List.of(cookie), "");
      String anonymous = Wire.request("GET /v1/validate", port, List.of(), "");
      wire.write(good + anonymous + good);
      assertThat(wire.read(false).status()).isEqualTo(200);
      assertThat(wire.read(false).status()).isEqualTo(401);
      assertThat(wire.read(false).status()).isEqualTo(200);
      for (int i = 0; i < 50; i++) {
        assertThat(wire.write(anonymous).read(false).status()).isEqualTo(401);
      }
    }
  }
}
