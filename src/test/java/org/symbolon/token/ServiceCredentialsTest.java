package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services.Caller;
import org.symbolon.session.Services.Scope;
import org.symbolon.session.Services.Service;
import org.symbolon.session.Services.Unknown;
import org.symbolon.session.Tenant;

class ServiceCredentialsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final long T = NOW.getEpochSecond();
  private static final String SECRET = "0123456789abcdefghijABCDEFGHIJ_-";
  private static final ECKey KEY = ec();
  private static final ECKey STRANGER = ec();
  private static final Tenant ACME = new Tenant("acme");
  private static final Credential SHOP =
      new Credential("shop", sha256(SECRET), Set.of(Scope.ISSUE), Set.of(ACME), Set.of());
  private static final Map<String, Object> HEADER = Map.of("alg", "ES256", "kid", "k");
  private static final Map<String, Object> CLAIMS =
      Map.of("iss", "cart", "sub", "cart", "aud", "symbolon", "exp", T + 300, "jti", "j");

  private final Jwts.Replays replays = new Jwts.Replays();
  private final SigningBackend cart =
      new SigningBackend(
          "cart",
          Jwts.publicKeys(KEY),
          Set.of("ES256"),
          Set.of(Scope.INTROSPECT),
          Set.of(),
          Set.of());
  private final ServiceCredentials services = services(List.of(SHOP), List.of(cart));

  @Test
  void knowsABackendByItsSecret() {
    assertThat(authenticate("shop." + SECRET))
        .isEqualTo(new Service("shop", Set.of(Scope.ISSUE), Set.of(ACME), Set.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "shop",
        "shop.",
        "shop.0123456789abcdefghijABCDEFGHIJ_",
        "shop.0123456789abcdefghijABCDEFGHIJ_+",
        "shop.0123456789abcdefghijABCDEFGHIJ_-x",
        "Shop.0123456789abcdefghijABCDEFGHIJ_-",
        "cart.0123456789abcdefghijABCDEFGHIJ_-",
        "nobody.0123456789abcdefghijABCDEFGHIJ_-",
        ".0123456789abcdefghijABCDEFGHIJ_-"
      })
  void knowsNobodyByAnythingElse(String text) {
    assertThat(authenticate(text))
        .isInstanceOfSatisfying(Unknown.class, u -> assertThat(u.mend()).isNotBlank());
  }

  @Test
  void knowsABackendByItsSignatureOnce() {
    String jwt = Jwts.sign(KEY, HEADER, CLAIMS);
    assertThat(authenticate(jwt))
        .isEqualTo(new Service("cart", Set.of(Scope.INTROSPECT), Set.of(), Set.of()));
    assertThat(authenticate(jwt))
        .isInstanceOfSatisfying(Unknown.class, u -> assertThat(u.mend()).startsWith("jti"));
    assertThat(replays.until).isEqualTo(NOW.plusSeconds(330));
  }

  @Test
  void refusesASignedJwtAndNamesTheClaim() {
    refuses("iss", Jwts.with(CLAIMS, "iss", "shop"));
    refuses("iss", Jwts.with(CLAIMS, "sub", "other"));
    refuses("iss", Jwts.without(CLAIMS, "sub"));
    refuses("aud", Jwts.with(CLAIMS, "aud", "other"));
    refuses("exp", Jwts.with(CLAIMS, "exp", T + 331));
    refuses("exp", Jwts.with(CLAIMS, "exp", T - 30));
    refuses("exp", Jwts.without(CLAIMS, "exp"));
    refuses("iat", Jwts.with(CLAIMS, "iat", "now"));
    refuses("iat", Jwts.with(CLAIMS, "iat", T + 31));
    refuses("jti", Jwts.without(CLAIMS, "jti"));
    assertThat(authenticate(Jwts.sign(STRANGER, HEADER, CLAIMS))).isInstanceOf(Unknown.class);
    assertThat(replays.seen).isEmpty();
  }

  @Test
  void refusesConfigurationsThatCantBeHeld() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> services(List.of(SHOP, SHOP), List.of()))
        .withMessageContaining("shop");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                services(
                    List.of(new Credential("cart", sha256(SECRET), Set.of(), Set.of(), Set.of())),
                    List.of(cart)))
        .withMessageContaining("cart");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Credential("a.b", sha256(SECRET), Set.of(), Set.of(), Set.of()))
        .withMessageContaining("id");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Credential("a", SECRET, Set.of(), Set.of(), Set.of()))
        .withMessageContaining("sha256")
        .withMessageNotContaining(SECRET);
  }

  @Test
  void printsNoHash() {
    assertThat(SHOP.toString()).doesNotContain(SHOP.sha256());
  }

  private void refuses(String claim, Map<String, ?> claims) {
    assertThat(authenticate(Jwts.sign(KEY, HEADER, claims)))
        .isInstanceOfSatisfying(Unknown.class, u -> assertThat(u.mend()).startsWith(claim + ": "));
  }

  private Caller authenticate(String text) {
    return services.authenticate(new SecretText(text)).toCompletableFuture().join();
  }

  private ServiceCredentials services(List<Credential> credentials, List<SigningBackend> backends) {
    return new ServiceCredentials(
        credentials,
        backends,
        ProofRules.of("symbolon"),
        replays,
        Runnable::run,
        InstantSource.fixed(NOW));
  }

  private static String sha256(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
