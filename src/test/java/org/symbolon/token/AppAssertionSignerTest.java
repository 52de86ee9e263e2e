package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

class AppAssertionSignerTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00.750Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String APP = "https://app.example";

  private Instant now = START;
  private KeyRing ring = Rings.of("0 sign");
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final AppAssertionSigner signer = signer(1000);
  private final Session alice = session(8, "alice", "loa1");

  private AppAssertionSigner signer(int capacity) {
    return new AppAssertionSigner(() -> ring, "symbolon", capacity, waiting::add, () -> now);
  }

  private static Session session(long name, String subject, String acr) {
    return new Session(
        new Handle(7, name),
        0,
        3,
        Seed.random(RANDOM),
        Tenant.DEFAULT,
        new Subject(subject),
        new Authentication(START.minusSeconds(60), acr, List.of("pwd", "otp")),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        START,
        START,
        START.plusSeconds(3600),
        Duration.ofHours(1),
        START,
        true,
        true,
        Optional.empty(),
        SignalHashes.NONE);
  }

  private void later(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** Lets everything be signed; gives how much was to do. */
  private int work() {
    int done = 0;
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
      done++;
    }
    return done;
  }

  private String text(CompletableFuture<String> assertion) {
    work();
    return assertion.resultNow();
  }

  private String text(Session session, String audience) {
    return text(signer.of(session, audience));
  }

  private static SignedJWT parsed(String text) throws Exception {
    return SignedJWT.parse(text);
  }

  /** As an application would, with the keys that are published. */
  private boolean isVerified(String text) throws Exception {
    SignedJWT jwt = parsed(text);
    var key = JWKSet.parse(text(signer.jwks())).getKeyByKeyId(jwt.getHeader().getKeyID());
    return key != null && jwt.verify(new ECDSAVerifier(key.toECKey()));
  }

  @Test
  void saysWhoseSessionItIsForAMinute() throws Exception {
    String text = text(alice, APP);
    assertThat(isVerified(text)).isTrue();
    SignedJWT jwt = parsed(text);
    assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
    assertThat(jwt.getHeader().getType().getType()).isEqualTo("JWT");
    var claims = jwt.getJWTClaimsSet();
    assertThat(claims.getClaims().keySet())
        .containsExactlyInAnyOrder(
            "iss", "aud", "sub", "iat", "exp", "sid", "tenant", "auth_time", "acr", "amr");
    assertThat(claims.getIssuer()).isEqualTo("symbolon");
    assertThat(claims.getAudience()).containsExactly(APP);
    assertThat(claims.getSubject()).isEqualTo("alice");
    assertThat(claims.getStringClaim("sid")).isEqualTo(alice.handle().toString());
    assertThat(claims.getStringClaim("tenant")).isEqualTo("default");
    assertThat(claims.getStringClaim("acr")).isEqualTo("loa1");
    assertThat(claims.getStringListClaim("amr")).containsExactly("pwd", "otp");
    assertThat(claims.getLongClaim("auth_time")).isEqualTo(START.getEpochSecond() - 60);
    long iat = claims.getIssueTime().toInstant().getEpochSecond();
    assertThat(iat).isEqualTo(START.getEpochSecond());
    assertThat(claims.getExpirationTime().toInstant().getEpochSecond() - iat).isEqualTo(60);
  }

  @Test
  void endsWithItsSession() throws Exception {
    later(3590);
    assertThat(parsed(text(alice, APP)).getJWTClaimsSet().getExpirationTime().toInstant())
        .isEqualTo(Instant.ofEpochSecond(START.getEpochSecond() + 3600));
  }

  @Test
  void publishesNoPrivateKey() throws Exception {
    assertThat(text(signer.jwks())).doesNotContain("\"d\"");
    assertThat(JWKSet.parse(text(signer.jwks())).containsNonPublicKeys()).isFalse();
  }

  @Test
  void isThereAtOnceUntilHalfOfItsLifeIsOver() {
    String text = text(alice, APP);
    later(29);
    CompletableFuture<String> again = signer.of(alice, APP);
    assertThat(again).isCompletedWithValue(text);
    assertThat(work()).isZero();
  }

  @Test
  void isRenewedOnceWhileTheOldOneServes() throws Exception {
    String text = text(alice, APP);
    later(30);
    for (int i = 0; i < 5; i++) {
      assertThat(signer.of(alice, APP)).isCompletedWithValue(text);
    }
    assertThat(work()).isEqualTo(1);
    CompletableFuture<String> next = signer.of(alice, APP);
    assertThat(next).isCompleted();
    assertThat(parsed(next.resultNow()).getJWTClaimsSet().getIssueTime().toInstant())
        .isEqualTo(Instant.ofEpochSecond(now.getEpochSecond()));
  }

  /** Whoever gets one has a quarter of a minute left to show it. */
  @Test
  void isNotGivenOutNearItsEnd() throws Exception {
    text(alice, APP);
    later(45);
    CompletableFuture<String> next = signer.of(alice, APP);
    assertThat(next).isNotCompleted();
    assertThat(parsed(text(next)).getJWTClaimsSet().getIssueTime().toInstant())
        .isEqualTo(Instant.ofEpochSecond(now.getEpochSecond()));
  }

  @Test
  void isSignedOnceForAllWhoAskMeanwhile() {
    text(signer.jwks());
    CompletableFuture<String> one = signer.of(alice, APP);
    CompletableFuture<String> two = signer.of(alice, APP);
    assertThat(work()).isEqualTo(1);
    assertThat(two.resultNow()).isEqualTo(one.resultNow());
  }

  @Test
  void isOfOneSessionOneAuthenticationAndOneApplication() {
    Set<String> texts = new HashSet<>();
    for (Session session :
        List.of(
            alice,
            session(9, "alice", "loa1"),
            session(8, "alice", "loa2"),
            session(8, "bob", "loa2"))) {
      texts.add(text(session, APP));
      texts.add(text(session, "https://other.example"));
    }
    assertThat(texts).hasSize(8);
  }

  /** A step-up's request says at once that it was, and the one before never again. */
  @Test
  void doesNotOutliveAStepUp() throws Exception {
    text(alice, APP);
    String stepped = text(session(8, "alice", "loa2"), APP);
    assertThat(parsed(stepped).getJWTClaimsSet().getStringClaim("acr")).isEqualTo("loa2");
  }

  @Test
  void rotatesWithTheRing() throws Exception {
    String first = text(alice, APP);
    ring = Rings.of("0 sign", "1 publish");
    assertThat(text(alice, APP)).isEqualTo(first);
    Set<String> known = new HashSet<>();
    JWKSet.parse(text(signer.jwks())).getKeys().forEach(key -> known.add(key.getKeyID()));
    assertThat(known).hasSize(2);

    ring = Rings.of("0 publish", "1 sign");
    String next = text(alice, APP);
    assertThat(parsed(next).getHeader().getKeyID())
        .isNotEqualTo(parsed(first).getHeader().getKeyID())
        .isIn(known);
    assertThat(isVerified(first)).isTrue();
    assertThat(isVerified(next)).isTrue();

    ring = Rings.of("0 retire", "1 sign");
    assertThat(isVerified(first)).isFalse();
    assertThat(isVerified(next)).isTrue();
  }

  /** Two nodes that share nothing but the ring publish and sign alike. */
  @Test
  void isVerifiedWithTheKeysOfAnyNode() throws Exception {
    AppAssertionSigner other = signer(1000);
    assertThat(text(other.jwks())).isEqualTo(text(signer.jwks()));
    assertThat(isVerified(text(other.of(alice, APP)))).isTrue();
    ring = Rings.of("3 sign");
    assertThat(isVerified(text(alice, APP))).isTrue();
    ring = Rings.of("0 sign");
    String strangers = text(alice, APP);
    ring = Rings.of("3 sign");
    assertThat(isVerified(strangers)).isFalse();
  }

  @Test
  void keepsNoMoreThanItMay() {
    AppAssertionSigner small = signer(2);
    for (int name = 0; name < 5; name++) {
      text(small.of(session(name, "alice", "loa1"), APP));
    }
    assertThat(small.of(session(0, "alice", "loa1"), APP)).isCompleted();
    assertThat(small.of(session(4, "alice", "loa1"), APP)).isNotCompleted();
    work();
    later(45);
    text(small.of(session(0, "alice", "loa1"), APP));
    text(small.of(session(4, "alice", "loa1"), APP));
    assertThat(small.of(session(4, "alice", "loa1"), APP)).isCompleted();
  }
}
