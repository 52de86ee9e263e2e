package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class CrossSiteTest {
  private static final String NONE = "-";

  /** Which origins are ours; SELF stands for the listener's own. */
  private static final Map<String, Boolean> ORIGINS =
      Map.ofEntries(
          Map.entry("SELF", true),
          Map.entry("https://app.example", true),
          Map.entry("HTTPS://APP.example:443", true),
          Map.entry("null", false),
          Map.entry("", false),
          Map.entry("https://evil.example", false),
          Map.entry("http://app.example", false),
          Map.entry("https://app.example.evil.example", false),
          Map.entry("https://app.example:8443", false),
          Map.entry("https://app.example/", false),
          Map.entry("https://user@app.example", false),
          Map.entry("https://app.example https://evil.example", false));

  private static final List<String> SITES =
      List.of(NONE, "same-origin", "none", "same-site", "cross-site", "", "same-origin, none");

  private static final Rig RIG = new Rig();
  private static int port;
  private static int trusting;

  @BeforeAll
  static void open() {
    port = RIG.open(Rig.settings());
    trusting = RIG.open(Rig.on(listener -> Rig.trusting(listener, "127.0.0.0/8")));
  }

  @AfterAll
  static void close() throws Exception {
    RIG.close();
  }

  static List<Arguments> matrix() {
    List<Arguments> cases = new ArrayList<>();
    for (String line :
        List.of("POST /v1/login", "POST /v1/logout", "DELETE /v1/me/sessions/aaaaaaaaaaaaaaaa")) {
      for (String site : SITES) {
        ORIGINS.forEach((origin, ours) -> cases.add(Arguments.of(line, origin, site, ours)));
        boolean near = List.of(NONE, "same-origin", "none").contains(site);
        cases.add(Arguments.of(line, NONE, site, near));
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void takesWhatItsOwnPagesAndNoBrowserSends(
      String line, String origin, String site, boolean taken) {
    List<String> fields = new ArrayList<>(List.of("Content-Type: application/jwt"));
    if (!origin.equals(NONE)) {
      fields.add("Origin: " + origin.replace("SELF", "http://localhost:" + port));
    }
    if (!site.equals(NONE)) {
      fields.add("Sec-Fetch-Site: " + site);
    }
    Answer answer = Wire.call(port, line, fields, line.startsWith("POST /v1/login") ? "x" : "");
    if (taken) {
      assertThat(answer.status()).isNotEqualTo(403);
    } else {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body())
          .contains("urn:symbolon:problem:cross-site-request", "\"field\":\"Origin\"", "mend");
      assertThat(answer.all("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void refusesTwoOriginsEvenIfBothAreOurs() {
    String own = "Origin: http://localhost:" + port;
    assertThat(Wire.call(port, "POST /v1/logout", List.of(own, own), "").status()).isEqualTo(403);
  }

  @Test
  void doesNothingForAForeignLogout() {
    String cookie = RIG.logIn(port, "carol");
    Wire.call(port, "POST /v1/logout", List.of(cookie, "Origin: https://evil.example"), "");
    assertThat(Wire.call(port, "GET /v1/validate", List.of(cookie), "").status()).isEqualTo(200);
  }

  @Test
  void knowsItsOwnOriginFromATrustedGateway() {
    List<String> told =
        List.of(
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: login.example",
            "Origin: https://login.example");
    assertThat(Wire.call(trusting, "POST /v1/logout", told, "").status()).isEqualTo(204);
    assertThat(Wire.call(port, "POST /v1/logout", told, "").status()).isEqualTo(403);
  }

  @Test
  void refusesToStartWithAnOriginThatIsNone() {
    for (String origin : List.of("app.example", "https://app.example/", "*", "null", "")) {
      assertThatThrownBy(() -> new CrossSite(List.of(origin)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("allowed origin \"" + origin + "\"")
          .hasMessageContaining("such as https://app.example");
    }
  }
}
