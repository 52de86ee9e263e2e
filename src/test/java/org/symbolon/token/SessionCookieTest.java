package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.Seed;

class SessionCookieTest {
  private static final String NAME = "__Host-sid";
  private static final KeyRing RING = Rings.of("3 sign");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final SessionIdCodec CODEC = new SessionIdCodec(() -> RING, RANDOM);
  private static final String A = id();
  private static final String B = id();

  private final SessionCookie cookie = new SessionCookie(NAME, CODEC);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__Host-sid=ID",
        " \t__Host-sid=ID\t ",
        "a=b; __Host-sid=ID",
        "a=b;__Host-sid=ID;c=d",
        ";;__Host-sid=ID;;",
        "__Host-sid=ID; __Host-sid=ID",
        "=x; __Host-sid=ID",
        "a=\"; __Host-sid=ID; b=\"",
        "__host-sid=other; __Host-sid=ID",
        "__Host-sid2=other; x__Host-sid=other; __Host-sid=ID",
        "__Host-sid; __Host-sid=ID",
        "__Host-sid =other; __Host-sid=ID",
        "a,__Host-sid=other; __Host-sid=ID"
      })
  void findsTheCookie(String field) {
    assertThat(read(field)).isInstanceOf(Presented.Genuine.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "a=b",
        "__Host-sid",
        "__host-sid=ID",
        "__Host-sid =ID",
        "a=b,__Host-sid=ID",
        "a=b\u00a0;\u00a0__Host-sid=ID",
        "\u000b__Host-sid=ID",
        "$Version=1,__Host-sid=ID",
        "=__Host-sid=ID",
        "a=__Host-sid=ID"
      })
  void missesWhatIsNotTheCookie(String field) {
    assertThat(read(field)).isInstanceOf(Presented.Missing.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__Host-sid=",
        "__Host-sid= ID",
        "__Host-sid=\"ID\"",
        "__Host-sid=ID,a=b",
        "__Host-sid=ID\u00a0",
        "__Host-sid=ID\u000b",
        "__Host-sid==ID",
        "__Host-sid=ID="
      })
  void refusesAnotherShapeOfTheValue(String field) {
    assertThat(read(field)).isInstanceOf(Presented.Malformed.class);
  }

  @Test
  void refusesDifferentValuesAsAmbiguous() {
    String pair = NAME + "=" + A;
    for (String other : List.of(B, "", "x", A + " x", "\"" + A + "\"", A.substring(1))) {
      assertThat(cookie.read(List.of(pair + "; " + NAME + "=" + other)))
          .isInstanceOf(Presented.Ambiguous.class);
      assertThat(cookie.read(List.of(pair, "a=b; " + NAME + "=" + other)))
          .isInstanceOf(Presented.Ambiguous.class);
      assertThat(cookie.read(List.of(NAME + "=" + other, pair)))
          .isInstanceOf(Presented.Ambiguous.class);
    }
  }

  @Test
  void takesOneValueSentTwiceAsOne() {
    assertThat(cookie.read(List.of(NAME + "=" + A, "a=b", NAME + "=" + A + " ;")))
        .isInstanceOf(Presented.Genuine.class);
  }

  @Test
  void missesTheCookieWithoutAnyField() {
    assertThat(cookie.read(List.of())).isInstanceOf(Presented.Missing.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b", "a;b", "a b", "ä", "a,b"})
  void refusesNamesThatAreNoToken(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionCookie(name, CODEC))
        .withMessageContaining("cookie name");
  }

  private Presented read(String field) {
    return cookie.read(List.of(field.replace("ID", A)));
  }

  private static String id() {
    return CODEC
        .encode(3, new Locator(1, RANDOM.nextLong() >>> 16), 0, Seed.random(RANDOM))
        .reveal();
  }
}
