package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.http.api.PublicSettings;

/** Where a successor goes out with a validate, and where it must not. */
class CarriersTest {
  private static final long AGE_SECONDS = 900;

  private final Rig rig = new Rig();
  private int port;
  private String cookie = "";

  @BeforeEach
  void open() {
    port = rig.open(trusting(Carriers.USUAL));
    due();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static PublicSettings trusting(Carriers carriers) {
    PublicSettings usual = Rig.on(listener -> Rig.trusting(listener, "127.0.0.1"));
    return new PublicSettings(
        usual.listener(),
        usual.cookie(),
        usual.allowedOrigins(),
        usual.clearSiteData(),
        carriers,
        usual.routes());
  }

  private void due() {
    cookie = rig.logIn(port, "alice");
    rig.store.now = rig.store.now.plusSeconds(AGE_SECONDS);
  }

  private Answer ask(String line, String... fields) {
    List<String> all = new ArrayList<>(List.of(cookie));
    all.addAll(Arrays.asList(fields));
    return Wire.call(port, line, all, "");
  }

  private static void assertRotates(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("X-Session-Rotated")).isEqualTo("1");
    assertThat(answer.one("Set-Cookie"))
        .matches("__Host-sid=[\\w-]{36}; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(answer.one("Cache-Control")).isEqualTo("no-store");
  }

  private void assertKeeps(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.one("X-Session-Rotated")).isEqualTo("0");
    assertThat(answer.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("rotated"));
    // The same ID is still due: the request before left it alone, and not for being young.
    assertRotates(ask("GET /gw/nginx/validate"));
  }

  @ParameterizedTest
  @EnumSource
  void rotatesWhereTheProfileCarriesACookie(Profile profile) {
    String path =
        profile == Profile.DIRECT ? "/v1/validate" : "/gw/" + profile.text() + "/validate";
    Answer answer = ask("GET " + path);
    if (profile.carries()) {
      assertRotates(answer);
      assertThat(rig.tally.lines).contains("rotated issued " + profile.text());
    } else {
      assertKeeps(answer);
    }
  }

  @Test
  void knowsWhichGatewaysCarryACookie() {
    assertThat(Arrays.stream(Profile.values()).filter(profile -> !profile.carries()))
        .containsExactly(Profile.DIRECT, Profile.KONG, Profile.APISIX);
  }

  @Test
  void anOperatorsWordComesFirst() {
    int other = rig.open(trusting(Carriers.of(Map.of(Profile.NGINX, false, Profile.DIRECT, true))));
    assertThat(Wire.call(other, "GET /gw/nginx/validate", List.of(cookie), "").all("Set-Cookie"))
        .isEmpty();
    assertRotates(Wire.call(other, "GET /v1/validate", List.of(cookie), ""));
  }

  @Test
  void answersAsWithoutRotationElse() {
    Answer before = ask("GET /gw/apisix/validate");
    Answer after = ask("GET /gw/nginx/validate");
    assertThat(after.fields().stream().filter(f -> !f.startsWith("set-cookie")).toList())
        .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
        .contains("X-Session-Rotated: 1");
    List<String> rest = new ArrayList<>(after.fields());
    rest.removeAll(before.fields());
    assertThat(rest).hasSize(2);
    assertThat(after.body()).isEmpty();
  }

  @Test
  void handsOutTheSameSuccessorUntilItIsUsedAndThenNoneForItsPredecessor() {
    String first = cookie;
    Answer issued = ask("GET /gw/nginx/validate");
    Answer again = ask("GET /gw/caddy/validate");
    assertRotates(again);
    assertThat(again.one("Set-Cookie")).isEqualTo(issued.one("Set-Cookie"));
    cookie = Rig.cookie(issued);
    assertThat(ask("GET /gw/apisix/validate").all("Set-Cookie")).isEmpty();
    cookie = first;
    Answer overlap = ask("GET /gw/nginx/validate");
    assertThat(overlap.status()).isEqualTo(200);
    assertThat(overlap.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines)
        .containsSubsequence(
            "rotated issued nginx",
            "rotated reissued caddy",
            "rotated confirmed apisix",
            "rotated overlap nginx");
  }

  @Test
  void deletesTheCookieOfAReusedId() {
    String first = cookie;
    cookie = Rig.cookie(ask("GET /gw/nginx/validate"));
    ask("GET /gw/nginx/validate");
    rig.store.now = rig.store.now.plusSeconds(10);
    cookie = first;
    Answer answer = ask("GET /gw/nginx/validate", "User-Agent: thief");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.one("WWW-Authenticate")).isEqualTo("Session error=\"reused\"");
    assertThat(answer.one("Set-Cookie")).contains("Max-Age=0");
    assertThat(answer.one("X-Session-Rotated")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-Fetch-Mode: websocket",
        "Sec-Fetch-Mode: webtransport",
        "Sec-Fetch-Dest: script",
        "Sec-Fetch-Dest: style",
        "Sec-Fetch-Dest: image",
        "Sec-Fetch-Dest: font",
        "Sec-Fetch-Dest: audio",
        "Sec-Fetch-Dest: audioworklet",
        "Sec-Fetch-Dest: embed",
        "Sec-Fetch-Dest: fencedframe",
        "Sec-Fetch-Dest: json",
        "Sec-Fetch-Dest: manifest",
        "Sec-Fetch-Dest: object",
        "Sec-Fetch-Dest: paintworklet",
        "Sec-Fetch-Dest: report",
        "Sec-Fetch-Dest: serviceworker",
        "Sec-Fetch-Dest: sharedworker",
        "Sec-Fetch-Dest: track",
        "Sec-Fetch-Dest: video",
        "Sec-Fetch-Dest: worker",
        "Sec-Fetch-Dest: xslt",
        "Sec-Fetch-Dest: of-tomorrow",
        "Sec-Fetch-Dest: document, image",
        "Sec-Fetch-Site: cross-site",
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Purpose: prefetch",
        "X-Moz: prefetch",
        "X-Forwarded-Method: HEAD",
        "X-Forwarded-Method: OPTIONS",
        "X-Original-Method: CONNECT",
        "X-Original-Method: PROPFIND",
        "X-Forwarded-Proto: http",
      })
  void keepsTheIdWhereNoCookieCouldBeReliedOn(String field) {
    assertKeeps(ask("GET /gw/nginx/validate", field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Dest: document",
        "Sec-Fetch-Dest: empty",
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none",
        "Sec-Fetch-Mode: navigate",
        "X-Forwarded-Method: POST",
        "X-Original-Method: DELETE",
        "X-Forwarded-Proto: https",
      })
  void rotatesOnWhatABrowserTakesACookieFrom(String field) {
    assertRotates(ask("GET /gw/nginx/validate", field));
  }

  @Test
  void rotatesWhenALinkOfAnotherSiteIsFollowed() {
    assertRotates(
        ask(
            "GET /gw/nginx/validate",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: document"));
  }

  @Test
  void oneFieldOfTwoThatForbidsIsEnough() {
    assertKeeps(ask("GET /gw/nginx/validate", "Sec-Fetch-Dest: document", "Sec-Fetch-Dest: image"));
  }

  @Test
  void oneMethodOfTwoThatForbidsIsEnough() {
    assertKeeps(
        ask("GET /gw/nginx/validate", "X-Forwarded-Method: GET", "X-Original-Method: HEAD"));
  }

  @Test
  void aGatewaysOwnMethodCountsWhereItForwardsNone() {
    assertKeeps(ask("HEAD /gw/envoy/validate/page"));
    due();
    assertRotates(ask("POST /gw/envoy/validate/page"));
  }

  @Test
  void aHeadOfTheGatewaysMayAskForAGet() {
    assertRotates(ask("HEAD /gw/nginx/validate", "X-Forwarded-Method: GET"));
  }

  @Test
  void anUntrustedPeerIsNoCarrier() {
    int other = rig.open(Rig.settings());
    Answer answer =
        Wire.call(other, "GET /gw/nginx/validate", List.of(cookie, "X-Forwarded-Method: GET"), "");
    assertThat(answer.status()).isEqualTo(200);
    assertKeeps(answer);
  }

  @Test
  void aPersistentCookieGetsTheTimeThatIsLeft() {
    PublicSettings usual = trusting(Carriers.USUAL);
    int other =
        rig.open(
            new PublicSettings(
                usual.listener(),
                new CookieAttributes("__Host-sid", true, CookieAttributes.SameSite.LAX, true),
                usual.allowedOrigins(),
                usual.clearSiteData(),
                usual.carriers(),
                usual.routes()));
    Answer rotated = Wire.call(other, "GET /gw/nginx/validate", List.of(cookie), "");
    assertThat(rotated.one("Set-Cookie")).endsWith("; Max-Age=" + (86_400 - AGE_SECONDS));
  }

  @Test
  void anYoungIdIsKept() {
    cookie = rig.logIn(port, "alice");
    rig.store.now = rig.store.now.plusSeconds(AGE_SECONDS - 1);
    assertThat(ask("GET /gw/nginx/validate").all("Set-Cookie")).isEmpty();
  }
}
