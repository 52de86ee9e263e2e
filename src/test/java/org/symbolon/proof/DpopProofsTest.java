package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingProofs;
import org.symbolon.session.BindingProofs.NotProved;
import org.symbolon.session.BindingProofs.Proved;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.KeyProofs;
import org.symbolon.session.Reason;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.SecretText;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** DPoP by the sections of RFC 9449, of 4.3 by the numbers of its checks. */
class DpopProofsTest {
  private static final String URL = "https://api.example/orders";
  private static final String ID = "EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  private Instant now = Instant.parse("2026-11-25T09:00:00Z");
  private final PlainSeals seals = new PlainSeals();
  private final Set<String> used = new HashSet<>();
  private boolean isDown;
  private final DpopProofs dpop = node();
  private final SoftClient client = new SoftClient();

  private DpopProofs node() {
    return new DpopProofs(seals, this::claim, () -> now, Runnable::run);
  }

  private CompletionStage<ReplayGuard.Claim> claim(String owner, String name, Instant until) {
    return CompletableFuture.completedStage(
        isDown
            ? new Unavailable("down")
            : used.add(owner + " " + name) ? new ReplayGuard.Fresh() : new ReplayGuard.Seen());
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private Session bound(String thumbprint) {
    return new Session(
        new Handle(1, 2),
        1,
        0,
        Seed.of(new byte[Seed.LENGTH]),
        Tenant.DEFAULT,
        new Subject("alice"),
        new Authentication(now, "", List.of()),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        now,
        now,
        now.plusSeconds(3600),
        Duration.ofHours(1),
        now,
        true,
        false,
        Optional.of(new Binding(Binding.Kind.DPOP, Instant.EPOCH, thumbprint)),
        SignalHashes.NONE);
  }

  private BindingProofs.Finding judge(String... proofs) {
    return judge(dpop, "POST", Optional.of(URL), proofs);
  }

  private BindingProofs.Finding judge(
      DpopProofs node, String method, Optional<String> url, String... proofs) {
    Session session = bound(client.thumbprint());
    Evidence evidence =
        new Evidence(
            List.of(),
            Optional.of(new Evidence.Sent(List.of(proofs), method, url)),
            Optional.empty(),
            Optional::empty);
    return now(
        node.judge(
            session, session.binding().orElseThrow(), evidence, () -> new SecretText(ID), now));
  }

  private Map<String, String> claims() {
    return client.claims("POST", URL, now.getEpochSecond(), dpop.nonce(), ID);
  }

  private String with(String claim, String value) {
    Map<String, String> claims = claims();
    claims.put(claim, value);
    return client.sign(claims);
  }

  private String without(String claim) {
    Map<String, String> claims = claims();
    claims.remove(claim);
    return client.sign(claims);
  }

  private static NotProved invalid(String claim) {
    return new NotProved(Reason.INVALID_DPOP_PROOF, claim);
  }

  @Test
  void aGoodProofIsOne() {
    assertThat(judge(client.sign(claims()))).isEqualTo(new Proved());
  }

  @Test
  void rfc9449_6_1_jktIsTheThumbprintOfRfc7638() {
    KeyProofs.Judged judged =
        now(
            dpop.judge(
                new Evidence.Sent(List.of(client.sign(claims())), "POST", Optional.of(URL))));
    assertThat(judged).isEqualTo(new KeyProofs.Holder(client.thumbprint()));
  }

  @Test
  void rfc9449_4_3_1_notMoreThanOneField() {
    assertThat(judge(client.sign(claims()), client.sign(claims()))).isEqualTo(invalid("DPoP"));
    assertThat(judge()).isEqualTo(new NotProved(Reason.BINDING_MISSING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "a.b.c.d.e", "e30.e30.e30"})
  void rfc9449_4_3_2_oneWellFormedJwt(String text) {
    assertThat(judge(text))
        .isInstanceOfSatisfying(
            NotProved.class, n -> assertThat(n.reason()).isEqualTo(Reason.INVALID_DPOP_PROOF));
  }

  @Test
  void rfc9449_4_3_2_noListOfProofsInOneField() {
    assertThat(judge(client.sign(claims()) + ", " + client.sign(claims())))
        .isInstanceOf(NotProved.class);
  }

  @ParameterizedTest
  @CsvSource({"jti,jti", "htm,htm", "htu,htu", "iat,iat", "ath,ath"})
  void rfc9449_4_3_3_allRequiredClaims(String claim, String fault) {
    assertThat(judge(without(claim))).isEqualTo(invalid(fault));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "dbsc+jwt", "at+jwt", "logout+jwt", "secevent+jwt"})
  void rfc9449_4_3_4_typIsDpopJwt(String type) {
    String header = client.header().replace("dpop+jwt", type);
    assertThat(judge(client.sign(header, claims()))).isEqualTo(invalid("typ"));
  }

  @ParameterizedTest
  @CsvSource({"none,DPoP", "HS256,alg", "ES512,alg", "EdDSA,alg", "RS256,jwk"})
  void rfc9449_4_3_5_algIsAsymmetricAndTheKeys(String algorithm, String fault) {
    String header = client.header().replace("ES256", algorithm);
    assertThat(judge(client.sign(header, claims())))
        .isInstanceOfSatisfying(
            NotProved.class,
            n -> assertThat(n.fault()).isIn(fault, fault.equals("DPoP") ? "proof" : fault));
  }

  @Test
  void rfc9449_4_3_6_signatureVerifies() {
    assertThat(judge(SoftDevice.broken(client.sign(claims())))).isEqualTo(invalid("DPoP"));
    String foreign = SoftDevice.ec().sign(client.header(), "{}");
    String proof = client.sign(claims());
    String spliced =
        proof.substring(0, proof.lastIndexOf('.')) + foreign.substring(foreign.lastIndexOf('.'));
    assertThat(judge(spliced)).isEqualTo(invalid("DPoP"));
    assertThat(used).isEmpty();
  }

  @Test
  void rfc9449_4_3_7_noPrivateKey() {
    String header = client.header().replace("\"kty\"", "\"d\":\"" + "A".repeat(43) + "\",\"kty\"");
    assertThat(judge(client.sign(header, claims()))).isEqualTo(invalid("proof"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"use\":\"enc\"", "\"alg\":\"ES384\"", "\"key_ops\":[\"encrypt\"]"})
  void rfc9449_4_3_6_noKeyThatIsForSomethingElse(String says) {
    String header = client.header().replace("\"kty\"", says + ",\"kty\"");
    assertThat(judge(client.sign(header, claims()))).isEqualTo(invalid("jwk"));
  }

  @Test
  void rfc9449_4_3_2_noExtensionThatHasToBeUnderstood() {
    String header = client.header().replace("\"typ\"", "\"crit\":[\"x\"],\"x\":1,\"typ\"");
    assertThat(judge(client.sign(header, claims()))).isEqualTo(invalid("crit"));
  }

  @Test
  void rfc9449_4_3_7_someKey() {
    String header = client.key().header("").replace("dbsc+jwt", "dpop+jwt");
    assertThat(judge(client.sign(header, claims()))).isEqualTo(invalid("jwk"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "post", "POST ", ""})
  void rfc9449_4_3_8_htmIsTheMethodInItsCase(String method) {
    assertThat(judge(with("htm", "\"" + method + "\""))).isEqualTo(invalid("htm"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example/orders",
        "HTTPS://API.example/orders",
        "https://api.example:443/orders",
        "https://api.example/orders?page=2",
        "https://api.example/orders#top",
        "https://api.example/./orders",
        "https://api.example/x/../orders",
        "https://api.example/%6frders"
      })
  void rfc9449_4_3_9_htuMatchesInOtherWords(String url) {
    assertThat(judge(with("htu", "\"" + url + "\""))).isEqualTo(new Proved());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example/orders",
        "https://api.example.evil/orders",
        "https://api.example:8443/orders",
        "https://api.example/orders/",
        "https://api.example/Orders",
        "https://api.example/%2forders",
        "https://api.example//orders",
        "https://user@api.example/orders",
        "https://api.example@evil.example/orders",
        "https://xn--pi-mia.example/orders",
        "//api.example/orders",
        "/orders",
        "https:///orders",
        "not an address",
        ""
      })
  void rfc9449_4_3_9_htuMatchesNoOtherAddress(String url) {
    assertThat(judge(with("htu", "\"" + url + "\""))).isEqualTo(invalid("htu"));
  }

  @Test
  void rfc9449_4_3_9_noHtuMatchesWhereTheRequestIsNotTold() {
    assertThat(judge(dpop, "POST", Optional.empty(), client.sign(claims())))
        .isEqualTo(invalid("htu"));
  }

  @Test
  void rfc9449_4_3_10_nonceOfAnyNodeForFiveMinutes() {
    String proof = with("nonce", "\"" + node().nonce() + "\"");
    assertThat(judge(proof)).isEqualTo(new Proved());
    String nonce = dpop.nonce();
    now = now.plus(Nonces.LIFE.minusSeconds(1));
    assertThat(judge(with("nonce", "\"" + nonce + "\""))).isEqualTo(new Proved());
    now = now.plusSeconds(1);
    assertThat(judge(with("nonce", "\"" + nonce + "\"")))
        .isEqualTo(new NotProved(Reason.USE_DPOP_NONCE, "nonce"));
  }

  @Test
  void rfc9449_4_3_10_noOtherNonce() {
    NotProved needed = new NotProved(Reason.USE_DPOP_NONCE, "nonce");
    String nonce = dpop.nonce();
    for (int i = 0; i < nonce.length(); i++) {
      char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
      String forged = nonce.substring(0, i) + other + nonce.substring(i + 1);
      assertThat(judge(with("nonce", "\"" + forged + "\""))).as("character " + i).isEqualTo(needed);
    }
    seals.signing = 4;
    seals.oldest = 4;
    assertThat(judge(with("nonce", "\"" + nonce + "\""))).isEqualTo(needed);
  }

  @Test
  void rfc9449_8_noNonceCanBeMadeWithoutTheKey() {
    PlainSeals others = new PlainSeals();
    others.signing = 5;
    String foreign = new DpopProofs(others, this::claim, () -> now, Runnable::run).nonce();
    assertThat(judge(with("nonce", "\"" + foreign + "\"")))
        .isEqualTo(new NotProved(Reason.USE_DPOP_NONCE, "nonce"));
  }

  @Test
  void rfc9449_8_1_nonceIsOfNqchar() {
    for (int i = 0; i < 100; i++) {
      now = now.plusSeconds(1);
      assertThat(dpop.nonce()).matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "null", "7", "[]", "{}"})
  void rfc9449_11_3_noProofWithoutANonce(String none) {
    NotProved needed = new NotProved(Reason.USE_DPOP_NONCE, "nonce");
    assertThat(judge(without("nonce"))).isEqualTo(needed);
    assertThat(judge(with("nonce", none))).isEqualTo(needed);
  }

  @Test
  void rfc9449_4_3_11_iatWithinTheWindow() {
    assertThat(judge(with("iat", Long.toString(now.getEpochSecond() + 30))))
        .isEqualTo(new Proved());
    assertThat(judge(with("iat", Long.toString(now.getEpochSecond() + 31))))
        .isEqualTo(invalid("iat"));
    assertThat(judge(with("iat", Long.toString(now.getEpochSecond() - 299))))
        .isEqualTo(new Proved());
    assertThat(judge(with("iat", Long.toString(now.getEpochSecond() - 300))))
        .isEqualTo(new NotProved(Reason.BINDING_STALE, "iat"));
    for (String none : List.of("\"now\"", "1e40", "null", "[]")) {
      assertThat(judge(with("iat", none))).isEqualTo(invalid("iat"));
    }
  }

  @Test
  void rfc9449_4_3_12_athAndTheKeyThatTheSessionIsBoundTo() {
    Map<String, String> other =
        client.claims("POST", URL, now.getEpochSecond(), dpop.nonce(), ID.replace('A', 'B'));
    assertThat(judge(client.sign(other))).isEqualTo(invalid("ath"));
    SoftClient thief = new SoftClient();
    assertThat(judge(thief.sign(claims()))).isEqualTo(new NotProved(Reason.BINDING_WRONG, "jwk"));
    assertThat(used).isEmpty();
  }

  @Test
  void rfc9449_11_1_aProofIsGoodOnceOnAllNodes() {
    String proof = client.sign(claims());
    assertThat(judge(proof)).isEqualTo(new Proved());
    assertThat(judge(node(), "POST", Optional.of(URL), proof))
        .isEqualTo(new NotProved(Reason.BINDING_REPLAYED, "jti"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "é"})
  void rfc9449_4_2_jtiIsVisibleAscii(String jti) {
    assertThat(judge(with("jti", "\"" + jti + "\""))).isEqualTo(invalid("jti"));
  }

  @Test
  void rfc9449_11_1_noOverlongJti() {
    assertThat(judge(with("jti", "\"" + "x".repeat(128) + "\""))).isEqualTo(new Proved());
    assertThat(judge(with("jti", "\"" + "x".repeat(129) + "\""))).isEqualTo(invalid("jti"));
  }

  @Test
  void anOutageIsNeitherProofNorRefusal() {
    isDown = true;
    assertThat(judge(client.sign(claims()))).isInstanceOf(Unavailable.class);
  }

  @Test
  void rfc9449_11_5_noJwtOfAnotherKind() {
    SoftDevice device = SoftDevice.ec();
    assertThat(judge(device.registration("x"))).isEqualTo(invalid("typ"));
  }
}
