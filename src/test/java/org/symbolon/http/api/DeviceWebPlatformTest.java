package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire.Answer;
import org.symbolon.proof.DbscSite;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;

/**
 * The Web Platform Tests of {@code device-bound-session-credentials/} that say something of a
 * server, each by its file's name: this service takes the part that a script of theirs has there.
 * The others are in docs/bound-sessions.md.
 */
class DeviceWebPlatformTest {
  private static final String BOUND = "__Host-sid_bound";
  private static final String PAGE = "GET /v1/validate";

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private SoftBrowser browser() {
    return browser(PublicSettings.ClearSiteData.NONE, CookieAttributes.DEFAULT);
  }

  private SoftBrowser browser(PublicSettings.ClearSiteData clear, CookieAttributes cookie) {
    rig.bindings =
        new BindingPolicy(
            Map.of(Binding.Kind.DBSC, BindingPolicy.Rung.ENFORCE),
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));
    PublicSettings usual = Rig.settings();
    return new SoftBrowser(
        rig.open(
            new PublicSettings(
                usual.listener(),
                cookie,
                usual.allowedOrigins(),
                clear,
                usual.carriers(),
                usual.routes())));
  }

  /** Logs in, registers, and waits until nothing is let in for having been under way. */
  private String logIn(SoftBrowser browser) {
    Answer login = browser.logIn("alice");
    assertThat(login.status()).isEqualTo(200);
    assertThat(browser.isBound()).isTrue();
    assertThat(browser.holds(BOUND)).isTrue();
    assertThat(browser.proofs()).containsExactly("register");
    rig.store.now = rig.store.now.plus(Binding.UNDER_WAY);
    return login.body().replaceFirst(".*\"handle\":\"([a-z2-7]{16})\".*", "$1");
  }

  private static int load(SoftBrowser browser) {
    return browser.ask(PAGE).status();
  }

  @Test
  @DisplayName("create-session.https.html")
  void createSession() {
    SoftBrowser browser = browser();
    logIn(browser);
    assertThat(load(browser)).isEqualTo(200);
    browser.expire();
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.holds(BOUND)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("credentials-matching.https.html")
  void credentialsMatching(CookieAttributes.SameSite sameSite) {
    SoftBrowser browser =
        browser(
            PublicSettings.ClearSiteData.NONE,
            new CookieAttributes("__Host-sid", true, sameSite, true));
    logIn(browser);
    for (int i = 0; i < 3; i++) {
      assertThat(load(browser)).isEqualTo(200);
    }
    // Attributes told otherwise than set would have brought a proof each time.
    assertThat(browser.proofs()).isEmpty();
  }

  @Test
  @DisplayName("registration-sends-challenge.https.html")
  void registrationSendsChallenge() {
    SoftBrowser browser = browser();
    logIn(browser);
    browser.expire();
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).containsExactly("refresh");
  }

  @Test
  @DisplayName("refresh-does-not-send-challenge.https.html")
  void refreshDoesNotSendChallenge() {
    SoftBrowser browser = browser();
    logIn(browser);
    for (int i = 0; i < 2; i++) {
      browser.expire();
      browser.loseChallenge();
      assertThat(load(browser)).isEqualTo(200);
      assertThat(browser.proofs()).containsExactly("ask", "refresh");
    }
  }

  @Test
  @DisplayName("set-early-challenge.https.html")
  void setEarlyChallenge() {
    SoftBrowser browser = browser();
    logIn(browser);
    browser.expire();
    String early = browser.keep("");
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).containsExactly("ask", "refresh");
    browser.expire();
    String next = browser.keep(early);
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).containsExactly("refresh");
    assertThat(next).isNotEqualTo(early);
  }

  @Test
  @DisplayName("refresh-replaces-config.https.html")
  void refreshReplacesConfig() {
    SoftBrowser browser = browser();
    logIn(browser);
    int stricter =
        rig.open(
            new PublicSettings(
                Rig.settings().listener(),
                new CookieAttributes("__Host-sid", true, CookieAttributes.SameSite.STRICT, false),
                Rig.settings().allowedOrigins(),
                PublicSettings.ClearSiteData.NONE,
                Rig.settings().carriers(),
                Rig.settings().routes()));
    browser.moveTo(stricter);
    browser.expire();
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).containsExactly("refresh");
    // A browser that went on with the settings before would prove its key at each of these.
    assertThat(load(browser)).isEqualTo(200);
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).isEmpty();
  }

  @Test
  @DisplayName("refresh-with-continue-false.https.html")
  void refreshWithContinueFalse() {
    SoftBrowser browser = browser();
    Handle handle = Handle.parse(logIn(browser)).orElseThrow();
    assertThat(rig.store.end(handle, RevocationReason.ADMIN)).isEqualTo(1);
    browser.expire();
    assertThat(load(browser)).isEqualTo(401);
    assertThat(browser.isBound()).isFalse();
    assertThat(browser.holds(BOUND)).isFalse();
    assertThat(browser.proofs()).containsExactly("refresh");
    assertThat(load(browser)).isEqualTo(401);
    assertThat(browser.proofs()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("clear-site-data.https.html")
  void clearSiteData(PublicSettings.ClearSiteData clear) {
    SoftBrowser browser = browser(clear, CookieAttributes.DEFAULT);
    logIn(browser);
    assertThat(browser.ask("POST /v1/logout").status()).isEqualTo(204);
    boolean isCleared = clear != PublicSettings.ClearSiteData.NONE;
    assertThat(browser.isBound()).isEqualTo(!isCleared);
    if (browser.holds(BOUND)) {
      browser.expireAll();
    }
    assertThat(load(browser)).isEqualTo(401);
    // Where nothing is cleared, the refresh tells the browser that its session is over.
    assertThat(browser.isBound()).isFalse();
    assertThat(browser.holds(BOUND)).isFalse();
    assertThat(browser.proofs()).isEqualTo(isCleared ? List.of() : List.of("refresh"));
  }

  @Test
  @DisplayName("include-site.https.html")
  void includeSite() {
    rig.site = Optional.of(new DbscSite("https://login.example.org", "https://example.org"));
    SoftBrowser browser =
        browser(
            PublicSettings.ClearSiteData.NONE,
            new CookieAttributes(
                "__Secure-sid",
                true,
                CookieAttributes.SameSite.LAX,
                false,
                Optional.of("example.org")));
    assertThat(browser.logIn("alice").status()).isEqualTo(200);
    assertThat(browser.scope())
        .isEqualTo("{\"origin\":\"https://example.org\",\"include_site\":true}");
    browser.expire();
    assertThat(load(browser)).isEqualTo(200);
    assertThat(browser.proofs()).containsExactly("register", "refresh");
    assertThat(browser.holds("__Secure-sid_bound")).isTrue();
  }

  @Test
  @DisplayName("set-scope-origin.https.html")
  void setScopeOrigin() {
    SoftBrowser browser = browser();
    String handle = logIn(browser);
    assertThat(handle).hasSize(16);
    // Left out, which makes it the registration's own origin: the one that the cookie is of.
    assertThat(browser.scope()).isEqualTo("{\"include_site\":false}");
  }
}
