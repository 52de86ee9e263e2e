package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.CookieAttributes.SameSite;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.http.gateway.Carriers;
import org.symbolon.http.gateway.RouteDemands;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

class SettingsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Session SESSION =
      new Session(
          new Handle(1, 2),
          1,
          0,
          Seed.of(new byte[Seed.LENGTH]),
          Tenant.DEFAULT,
          new Subject("alice"),
          new Authentication(NOW, "", List.of()),
          ClientClass.BROWSER,
          Device.UNKNOWN,
          Attributes.NONE,
          NOW,
          NOW,
          NOW.plus(Duration.ofDays(1)),
          Duration.ofHours(1),
          NOW,
          false,
          false,
          Optional.empty(),
          SignalHashes.NONE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "__Host-sid|true|LAX|false|__Host-sid=ID; Path=/; Secure; HttpOnly; SameSite=Lax",
        "__Host-a|true|STRICT|true|__Host-a=ID; Path=/; Secure; HttpOnly; SameSite=Strict;"
            + " Max-Age=86400",
        "__Host-a|true|NONE|false|__Host-a=ID; Path=/; Secure; HttpOnly; SameSite=None",
        "sid|false|LAX|false|sid=ID; Path=/; HttpOnly; SameSite=Lax",
      })
  void writesTheCookie(
      String name, boolean secure, SameSite sameSite, boolean persistent, String line) {
    CookieAttributes cookie = new CookieAttributes(name, secure, sameSite, persistent);
    SetCookie set = cookie.carrying(new SecretText("ID"), SESSION);
    assertThat(set.line().reveal()).isEqualTo(line);
    assertThat(set.toString()).doesNotContain("ID;");
    assertThat(cookie.cleared().line().reveal())
        .isEqualTo(line.replace("=ID;", "=;").replace("; Max-Age=86400", "") + "; Max-Age=0");
  }

  @Test
  void writesTheCookieOfADomain() {
    CookieAttributes cookie =
        new CookieAttributes("__Secure-sid", true, SameSite.LAX, false, Optional.of("example.org"));
    String attributes = "Path=/; Secure; HttpOnly; SameSite=Lax; Domain=example.org";
    assertThat(cookie.carrying(new SecretText("ID"), SESSION).line().reveal())
        .isEqualTo("__Secure-sid=ID; " + attributes);
    assertThat(cookie.cleared().line().reveal())
        .isEqualTo("__Secure-sid=; " + attributes + "; Max-Age=0");
    assertThat(cookie.attributes()).isEqualTo(attributes);
    assertThatThrownBy(
            () ->
                new CookieAttributes(
                    "__Host-sid", true, SameSite.LAX, false, Optional.of("example.org")))
        .hasMessageContaining("__Host- can't have a Domain");
  }

  @ParameterizedTest
  @CsvSource({
    "__Host-sid, false, LAX, needs Secure",
    "__Secure-sid, false, LAX, needs Secure",
    "sid, false, NONE, None needs Secure",
    "s id, true, LAX, 1 to 64 characters",
    "'', true, LAX, 1 to 64 characters",
    "a;b, true, LAX, 1 to 64 characters",
  })
  void refusesACookieThatBrowsersWould(String name, boolean secure, SameSite sameSite, String why) {
    assertThatThrownBy(() -> new CookieAttributes(name, secure, sameSite, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static PublicSettings insecure(String host) {
    return new PublicSettings(
        ListenerSettings.plain(host, 0),
        new CookieAttributes("sid", false, SameSite.LAX, false),
        Set.of(),
        PublicSettings.ClearSiteData.NONE,
        Carriers.USUAL,
        RouteDemands.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.1.example.org"})
  void refusesACookieInTheClearBeyondLoopback(String host) {
    assertThatThrownBy(() -> insecure(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"})
  void allowsItOnLoopback(String host) {
    assertThat(insecure(host).listener().isLoopback()).isTrue();
  }

  @Test
  void namesTheSettingAtFault() {
    assertThatThrownBy(() -> ListenerSettings.plain("127.0.0.1", 70_000))
        .hasMessageContaining("port");
    assertThatThrownBy(() -> ListenerSettings.plain(" ", 0)).hasMessageContaining("host");
    assertThatThrownBy(() -> Limits.DEFAULT.withDeadlines(Duration.ZERO, Duration.ZERO))
        .hasMessageContaining("headDeadline");
  }
}
