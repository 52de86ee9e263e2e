package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class IntrospectTest {
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final String KEY = "Authorization: Bearer introspect";
  private static final String BY_ASSERTION =
      "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
          + "&client_assertion=jwt.introspect.x";

  private final Rig rig = new Rig();
  private int port;
  private String token = "";

  @BeforeEach
  void open() {
    port = rig.open(Rig.settings());
    String cookie = rig.logIn(port, "alice");
    token = "token=" + cookie.substring(cookie.indexOf('=') + 1);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Answer ask(String body, String... fields) {
    return Wire.call(port, "POST /v1/introspect", List.of(fields), body);
  }

  @Test
  void tellsWhatAnIdStandsForWithoutUsingIt() {
    rig.store.now = rig.store.now.plusSeconds(1800);
    Answer answer = ask(token + "&token_type_hint=x", FORM, KEY);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "\"active\":true",
            "\"sub\":\"alice\"",
            "\"tenant\":\"default\"",
            "\"exp\":1795518000",
            "\"iat\":1795514400",
            "\"auth_time\":1795514395",
            "\"acr\":\"aal2\"",
            "\"amr\":[\"pwd\",\"otp\"]",
            "\"handle\":\"",
            "\"client_class\":\"browser\"",
            "\"attributes\":{}",
            "\"token_type\":\"session\"");
    assertThat(rig.store.touched).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"token=junk", "token=%00", "token=____________________________________"})
  void tellsNothingOfOtherTokens(String body) {
    Answer answer = ask(body, FORM, KEY);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"active\":false}");
  }

  @Test
  void tellsNothingOfAnotherTenant() {
    assertThat(ask(token, FORM, "Authorization: Bearer introspect.blue").body())
        .isEqualTo("{\"active\":false}");
    assertThat(ask(token, FORM, "Authorization: Bearer introspect.default").body())
        .contains("\"active\":true");
  }

  @Test
  void takesASignedAssertionInTheForm() {
    assertThat(ask(token + BY_ASSERTION, FORM).body()).contains("\"active\":true");
    assertThat(ask(token + BY_ASSERTION, FORM, KEY).status()).isEqualTo(400);
    Answer answer = ask(token + "&client_assertion=jwt.introspect.x", FORM);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"client_assertion_type\"");
  }

  @Test
  void needsACredentialWithTheScope() {
    Answer anonymous = ask(token, FORM);
    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(anonymous.one("WWW-Authenticate")).isEqualTo("Bearer");
    assertThat(ask(token, FORM, "Authorization: Bearer wrong").status()).isEqualTo(401);
    Answer issuer = ask(token, FORM, "Authorization: Bearer issue");
    assertThat(issuer.status()).isEqualTo(403);
    assertThat(issuer.body()).contains("scope-missing");
  }

  @Test
  void namesTheMissingToken() {
    assertThat(ask("token=", FORM, KEY).body()).contains("\"field\":\"token\"");
    assertThat(ask(token + "&" + token, FORM, KEY).status()).isEqualTo(400);
    assertThat(ask("{}", "Content-Type: application/json", KEY).status()).isEqualTo(415);
  }

  @Test
  void isNeitherActiveNorInactiveWithoutTheStore() {
    rig.store.mood = Mood.DOWN;
    Answer answer = ask(token, FORM, KEY);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.one("Retry-After")).isEqualTo("1");
    assertThat(answer.body()).contains("store-unavailable");
  }
}
