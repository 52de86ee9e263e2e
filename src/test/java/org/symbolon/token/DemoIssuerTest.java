package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.LoginProofs.Proven;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

class DemoIssuerTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));
  @TempDir Path folder;

  @Test
  void vouchesForASubject() throws IOException {
    DemoIssuer issuer = issuer();
    Proven expected =
        new Proven(
            "demo",
            Tenant.DEFAULT,
            new Subject("alice"),
            new Authentication(CLOCK.instant(), "demo", List.of("demo")),
            ClientClass.BROWSER);
    assertThat(
            verifier(issuer.jwks())
                .verify(issuer.assertion(new Subject("alice")))
                .toCompletableFuture()
                .join())
        .isEqualTo(expected);
  }

  @Test
  void keepsItsKeyForItselfAcrossRestarts() throws IOException {
    String jwks = issuer().jwks();
    assertThat(jwks).doesNotContain("\"d\"");
    SecretText assertion = issuer().assertion(new Subject("alice"));
    assertThat(issuer().jwks()).isEqualTo(jwks);
    assertThat(verifier(jwks).verify(assertion).toCompletableFuture().join())
        .isInstanceOf(Proven.class);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void refusesAFileThatHoldsNoKey() throws IOException {
    Files.writeString(file(), "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}");
    assertThatIOException()
        .isThrownBy(this::issuer)
        .withMessageContaining("remove")
        .withMessageNotContaining("c2VjcmV0");
  }

  private AssertionVerifier verifier(String jwks) {
    return new AssertionVerifier(
        List.of(
            new TrustedIssuer(
                "demo",
                Set.of("ES256"),
                new JwksValue(jwks),
                new TrustedIssuer.Fixed(Tenant.DEFAULT),
                ClientClass.BROWSER)),
        ProofRules.of("symbolon"),
        new Jwts.Replays(),
        Runnable::run,
        CLOCK);
  }

  private DemoIssuer issuer() throws IOException {
    return new DemoIssuer(file(), "demo", "symbolon", CLOCK);
  }

  private Path file() {
    return folder.resolve("demo-key.json");
  }
}
