package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.LoginProofs.Proof;
import org.symbolon.session.LoginProofs.Proven;
import org.symbolon.session.LoginProofs.Refused;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

class AssertionVerifierTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final long T = NOW.getEpochSecond();
  private static final ECKey EC = ec("e");
  private static final ECKey STRANGER = ec("e");
  private static final RSAKey RSA = rsa(2048);
  private static final Tenant ACME = new Tenant("acme");
  private static final Map<String, Object> HEADER =
      Map.of("alg", "ES256", "kid", "e", "typ", "JWT");
  private static final Map<String, Object> CLAIMS =
      Map.of(
          "iss",
          "https://idp.example",
          "sub",
          "alice",
          "aud",
          "symbolon",
          "iat",
          T,
          "exp",
          T + 60,
          "jti",
          "j1");

  private final Jwts.Replays replays = new Jwts.Replays();
  private final AssertionVerifier verifier =
      verifier(new TrustedIssuer.Fixed(Tenant.DEFAULT), Jwts.publicKeys(EC, RSA));

  @Test
  void believesAGoodAssertion() {
    assertThat(judge(HEADER, CLAIMS))
        .isEqualTo(
            new Proven(
                "https://idp.example",
                Tenant.DEFAULT,
                new Subject("alice"),
                new Authentication(NOW, "", List.of()),
                ClientClass.BROWSER));
  }

  @Test
  void takesTheEventOfAuthentication() {
    Map<String, Object> claims = Jwts.with(CLAIMS, "auth_time", T - 3600);
    claims.put("acr", "aal2");
    claims.put("amr", List.of("pwd", "otp"));
    claims.put("aud", List.of("other", "symbolon"));
    assertThat(judge(HEADER, claims))
        .isInstanceOfSatisfying(
            Proven.class,
            p ->
                assertThat(p.authentication())
                    .isEqualTo(
                        new Authentication(NOW.minusSeconds(3600), "aal2", List.of("pwd", "otp"))));
  }

  @Test
  void neverPutsTheEventIntoTheFuture() {
    assertThat(judge(HEADER, Jwts.with(CLAIMS, "auth_time", T + 20)))
        .isInstanceOfSatisfying(
            Proven.class, p -> assertThat(p.authentication().time()).isEqualTo(NOW));
  }

  @Test
  void refusesTheSecondUseOfAName() {
    assertThat(judge(HEADER, CLAIMS)).isInstanceOf(Proven.class);
    refuses("jti", HEADER, CLAIMS);
  }

  @Test
  void claimsNoNameForAnAssertionThatIsRefused() {
    refuses("aud", HEADER, Jwts.with(CLAIMS, "aud", "other"));
    refuses("acr", HEADER, Jwts.with(CLAIMS, "acr", " "));
    refused("assertion", Jwts.sign(STRANGER, HEADER, CLAIMS));
    assertThat(replays.seen).isEmpty();
  }

  @Test
  void claimsANameUntilTheAssertionIsTooOldAnyway() {
    judge(HEADER, CLAIMS);
    assertThat(replays.until).isEqualTo(NOW.plusSeconds(60 + 30));
    Map<String, Object> longLived = Jwts.with(CLAIMS, "exp", T + 1_000_000);
    judge(HEADER, Jwts.with(longLived, "jti", "j2"));
    assertThat(replays.until).isEqualTo(NOW.plusSeconds(300 + 30));
  }

  @Test
  void refusesEachClaimThatIsMissingOrOfAnotherType() {
    for (String name : CLAIMS.keySet()) {
      refuses(name, HEADER, Jwts.without(CLAIMS, name));
      refuses(name, HEADER, Jwts.with(CLAIMS, name, true));
      refuses(name, HEADER, Jwts.with(CLAIMS, name, Map.of("a", "b")));
    }
  }

  @Test
  void refusesClaimsOfOtherShapes() {
    refuses("iss", HEADER, Jwts.with(CLAIMS, "iss", "https://idp.example/"));
    refuses("sub", HEADER, Jwts.with(CLAIMS, "sub", ""));
    refuses("sub", HEADER, Jwts.with(CLAIMS, "sub", "a b"));
    refuses("sub", HEADER, Jwts.with(CLAIMS, "sub", "x".repeat(256)));
    refuses("jti", HEADER, Jwts.with(CLAIMS, "jti", ""));
    refuses("jti", HEADER, Jwts.with(CLAIMS, "jti", "x".repeat(129)));
    refuses("aud", HEADER, Jwts.with(CLAIMS, "aud", "Symbolon"));
    refuses("aud", HEADER, Jwts.with(CLAIMS, "aud", List.of()));
    refuses("aud", HEADER, Jwts.with(CLAIMS, "aud", Arrays.asList("symbolon", 1)));
    refuses("acr", HEADER, Jwts.with(CLAIMS, "acr", "x".repeat(65)));
    refuses("acr", HEADER, Jwts.with(CLAIMS, "acr", 2));
    refuses("amr", HEADER, Jwts.with(CLAIMS, "amr", "pwd"));
    refuses("amr", HEADER, Jwts.with(CLAIMS, "amr", List.of("x".repeat(17))));
    refuses("amr", HEADER, Jwts.with(CLAIMS, "amr", List.of("a,b")));
    refuses("auth_time", HEADER, Jwts.with(CLAIMS, "auth_time", "now"));
    refuses("auth_time", HEADER, Jwts.with(CLAIMS, "auth_time", T + 31));
    refuses("auth_time", HEADER, Jwts.with(CLAIMS, "auth_time", T * 1000 * 1000));
    refuses("tenant", HEADER, Jwts.with(CLAIMS, "tenant", "acme"));
  }

  @Test
  void holdsToItsTimes() {
    refuses("exp", HEADER, Jwts.with(CLAIMS, "exp", T - 30));
    refuses("iat", HEADER, Jwts.with(CLAIMS, "iat", T - 330));
    refuses("iat", HEADER, Jwts.with(CLAIMS, "iat", T + 31));
    refuses("nbf", HEADER, Jwts.with(CLAIMS, "nbf", T + 31));
    refuses("nbf", HEADER, Jwts.with(CLAIMS, "nbf", "x"));
    refuses("exp", HEADER, Jwts.with(CLAIMS, "exp", -1));
    accepts(Jwts.with(CLAIMS, "exp", T - 29));
    accepts(Jwts.with(CLAIMS, "iat", T - 329));
    accepts(Jwts.with(CLAIMS, "iat", T + 30));
    accepts(Jwts.with(CLAIMS, "nbf", T + 30));
    accepts(Jwts.with(CLAIMS, "exp", T + 0.5));
  }

  @Test
  void takesTheTenantFromTheClaimWhereTheIssuerSpeaksForSeveral() {
    AssertionVerifier several =
        verifier(new TrustedIssuer.Claimed(Set.of(ACME)), Jwts.publicKeys(EC));
    Map<String, Object> claims = Jwts.with(CLAIMS, "tenant", "acme");
    assertThat(judge(several, Jwts.sign(EC, HEADER, claims)))
        .isInstanceOfSatisfying(Proven.class, p -> assertThat(p.tenant()).isEqualTo(ACME));
    for (Object other : List.of("default", "", 1, "a b")) {
      assertThat(judge(several, Jwts.sign(EC, HEADER, Jwts.with(CLAIMS, "tenant", other))))
          .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.claim()).isEqualTo("tenant"));
    }
    assertThat(judge(several, Jwts.sign(EC, HEADER, CLAIMS))).isInstanceOf(Refused.class);
  }

  @Test
  void refusesHeadersThatBringKeysOrAskForExtensions() {
    for (String name : List.of("jku", "x5u", "jwk", "crit", "zip", "enc")) {
      refuses(name, Jwts.with(HEADER, name, "x"), CLAIMS);
    }
    refuses("b64", Jwts.with(HEADER, "b64", false), CLAIMS);
    refuses("typ", Jwts.with(HEADER, "typ", "at+jwt"), CLAIMS);
    refuses("typ", Jwts.with(HEADER, "typ", 1), CLAIMS);
    refuses("kid", Jwts.with(HEADER, "kid", ""), CLAIMS);
    refuses("kid", Jwts.with(HEADER, "kid", "x".repeat(129)), CLAIMS);
    refuses("kid", Jwts.with(HEADER, "kid", "other"), CLAIMS);
    refuses("alg", Jwts.without(HEADER, "alg"), CLAIMS);
  }

  @Test
  void refusesAlgorithmsOutsideTheList() {
    for (String alg : List.of("none", "NONE", "HS256", "RS512", "ES384", "es256", "")) {
      refuses("alg", Jwts.with(HEADER, "alg", alg), CLAIMS);
    }
  }

  @Test
  void refusesAnAlgorithmOfAnotherKindThanTheKey() {
    refuses("kid", Jwts.with(HEADER, "alg", "RS256"), CLAIMS);
  }

  @Test
  void refusesASignatureOfAnotherKey() {
    refused("assertion", Jwts.sign(STRANGER, HEADER, CLAIMS));
  }

  @Test
  void refusesAChangedPayload() {
    String own = Jwts.sign(EC, HEADER, CLAIMS);
    String other = Jwts.sign(EC, HEADER, Jwts.with(CLAIMS, "sub", "bob"));
    refused(
        "assertion",
        other.substring(0, other.lastIndexOf('.')) + own.substring(own.lastIndexOf('.')));
  }

  @Test
  void refusesOtherStructures() {
    String own = Jwts.sign(EC, HEADER, CLAIMS);
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "...",
            "....",
            own + ".",
            own + "=",
            " " + own,
            own + "\n",
            "x".repeat(9000))) {
      refused("assertion", text);
    }
    refused("assertion", own.substring(0, own.lastIndexOf('.') + 1));
    refused("assertion", own.replaceFirst("\\.", " ."));
  }

  @Test
  void refusesJsonThatReadersReadDifferently() {
    String claims = JSONObjectUtils.toJSONString(CLAIMS);
    String header = JSONObjectUtils.toJSONString(HEADER);
    String twice = claims.replaceFirst("\\{", "{\"sub\":\"root\",");
    refused("assertion", Jwts.sign(EC, header, twice));
    refused("assertion", Jwts.sign(EC, header.replaceFirst("\\{", "{\"kid\":\"e\","), claims));
    refused("assertion", Jwts.sign(EC, header, claims + "x"));
    refused("assertion", Jwts.sign(EC, header, "/**/" + claims));
    refused("assertion", Jwts.sign(EC, header, claims.replace('"', '\'')));
    refused("assertion", Jwts.sign(EC, header, "[" + claims + "]"));
  }

  @Test
  void takesTheOnlyKeyThatFitsWhereNoneIsNamedAndRefusesSeveral() {
    Map<String, Object> unnamed = Jwts.without(HEADER, "kid");
    assertThat(judge(unnamed, CLAIMS)).isInstanceOf(Proven.class);
    AssertionVerifier two =
        verifier(new TrustedIssuer.Fixed(ACME), Jwts.publicKeys(EC, ec("other")));
    assertThat(judge(two, Jwts.sign(EC, unnamed, CLAIMS)))
        .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.claim()).isEqualTo("kid"));
  }

  @Test
  void believesRsaKeysOf2048BitsAndNoSmallerOnes() {
    Map<String, Object> header = Map.of("alg", "PS256", "kid", "r");
    assertThat(judge(verifier, Jwts.sign(RSA, header, CLAIMS))).isInstanceOf(Proven.class);
    RSAKey small = rsa(1024);
    AssertionVerifier weak = verifier(new TrustedIssuer.Fixed(ACME), Jwts.publicKeys(EC, small));
    assertThat(judge(weak, Jwts.sign(small, header, CLAIMS)))
        .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.claim()).isEqualTo("kid"));
  }

  @Test
  void believesEd25519() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    Base64URL x = Base64URL.encode(Arrays.copyOfRange(encoded, 12, 44));
    AssertionVerifier ed =
        verifier(
            new TrustedIssuer.Fixed(ACME),
            new JwksValue(
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"d\",\"x\":\""
                    + x
                    + "\"}]}"));
    String unsigned =
        Base64URL.encode("{\"alg\":\"EdDSA\",\"kid\":\"d\"}")
            + "."
            + Base64URL.encode(JSONObjectUtils.toJSONString(CLAIMS));
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(unsigned.getBytes(StandardCharsets.US_ASCII));
    byte[] signature = signer.sign();
    assertThat(judge(ed, unsigned + "." + Base64URL.encode(signature))).isInstanceOf(Proven.class);
    signature[63] ^= (byte) 0xff;
    assertThat(judge(ed, unsigned + "." + Base64URL.encode(signature))).isInstanceOf(Refused.class);
    assertThat(judge(ed, unsigned + "." + Base64URL.encode(Arrays.copyOf(signature, 63))))
        .isInstanceOf(Refused.class);
  }

  @Test
  void isUnavailableWhereTheKeysOrTheReplayGuardAre() {
    JwksSource absent = new JwksFile(Path.of("absent", "jwks.json"));
    AssertionVerifier keyless = verifier(new TrustedIssuer.Fixed(ACME), absent);
    assertThat(judge(keyless, Jwts.sign(EC, HEADER, CLAIMS))).isInstanceOf(Unavailable.class);

    ReplayGuard down = (_, _, _) -> CompletableFuture.completedStage(new Unavailable("down"));
    assertThat(judge(guarded(down), Jwts.sign(EC, HEADER, CLAIMS))).isInstanceOf(Unavailable.class);
    ReplayGuard broken =
        (_, _, _) -> CompletableFuture.failedStage(new IllegalStateException("broken"));
    assertThat(judge(guarded(broken), Jwts.sign(EC, HEADER, CLAIMS)))
        .isInstanceOf(Unavailable.class);
    AssertionVerifier full =
        new AssertionVerifier(
            List.of(),
            ProofRules.of("symbolon"),
            replays,
            _ -> {
              throw new RejectedExecutionException("full");
            },
            InstantSource.fixed(NOW));
    assertThat(judge(full, "x")).isInstanceOf(Unavailable.class);
  }

  @Test
  void refusesConfigurationsThatCantBeHeld() {
    TrustedIssuer issuer = issuer(new TrustedIssuer.Fixed(ACME), Jwts.publicKeys(EC));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new AssertionVerifier(
                    List.of(issuer, issuer),
                    ProofRules.of("symbolon"),
                    replays,
                    Runnable::run,
                    InstantSource.fixed(NOW)))
        .withMessageContaining("issuer");
    for (String alg : List.of("none", "HS256", "ES256K")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new TrustedIssuer(
                      "x", Set.of(alg), issuer.keys(), issuer.tenancy(), ClientClass.BROWSER))
          .withMessageContaining(alg);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ProofRules(Set.of("a"), Duration.ofDays(1), Duration.ZERO, Set.of("JWT")))
        .withMessageContaining("maxAge");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProofRules.of(" "))
        .withMessageContaining("audience");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new JwksEndpoint(
                    URI.create("http://idp.example/jwks"),
                    JwksEndpoint.Fetching.DEFAULT,
                    InstantSource.system()))
        .withMessageContaining("https");
  }

  private void accepts(Map<String, ?> claims) {
    replays.seen.clear();
    assertThat(judge(HEADER, claims)).isInstanceOf(Proven.class);
  }

  private void refuses(String claim, Map<String, ?> header, Map<String, ?> claims) {
    refused(claim, Jwts.sign(EC, header, claims));
  }

  private void refused(String claim, String compact) {
    assertThat(judge(verifier, compact))
        .isInstanceOfSatisfying(
            Refused.class,
            r -> {
              assertThat(r.claim()).isEqualTo(claim);
              assertThat(r.mend()).isNotBlank();
            });
  }

  private Proof judge(Map<String, ?> header, Map<String, ?> claims) {
    return judge(verifier, Jwts.sign(EC, header, claims));
  }

  private static Proof judge(AssertionVerifier verifier, String compact) {
    return verifier.verify(new SecretText(compact)).toCompletableFuture().join();
  }

  private AssertionVerifier verifier(TrustedIssuer.Tenancy tenancy, JwksSource keys) {
    return verifier(tenancy, keys, replays);
  }

  private static AssertionVerifier guarded(ReplayGuard guard) {
    return verifier(new TrustedIssuer.Fixed(ACME), Jwts.publicKeys(EC), guard);
  }

  private static AssertionVerifier verifier(
      TrustedIssuer.Tenancy tenancy, JwksSource keys, ReplayGuard guard) {
    return new AssertionVerifier(
        List.of(issuer(tenancy, keys)),
        ProofRules.of("symbolon"),
        guard,
        Runnable::run,
        InstantSource.fixed(NOW));
  }

  private static TrustedIssuer issuer(TrustedIssuer.Tenancy tenancy, JwksSource keys) {
    return new TrustedIssuer(
        "https://idp.example",
        Set.of("ES256", "RS256", "PS256", "EdDSA"),
        keys,
        tenancy,
        ClientClass.BROWSER);
  }

  private static ECKey ec(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey rsa(int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID("r").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
