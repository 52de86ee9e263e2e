package org.symbolon.token;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.util.Base64URL;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.symbolon.session.ClientClass;
import org.symbolon.session.LoginProofs.Proof;
import org.symbolon.session.LoginProofs.Proven;
import org.symbolon.session.LoginProofs.Refused;
import org.symbolon.session.SecretText;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/**
 * Throws headers, claims and signatures at the verifier of assertions, which believes none and
 * never fails; run longer as {@link SessionIdFuzzTest} says.
 */
class AssertionFuzzTest {
  private static final String KEY =
      """
      {"keys":[{"kty":"EC","crv":"P-256","kid":"e",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
      """;
  private static final AssertionVerifier VERIFIER =
      new AssertionVerifier(
          List.of(
              new TrustedIssuer(
                  "i",
                  Set.of("ES256"),
                  new JwksValue(KEY),
                  new TrustedIssuer.Fixed(Tenant.DEFAULT),
                  ClientClass.BROWSER)),
          ProofRules.of("symbolon"),
          new Jwts.Replays(),
          Runnable::run,
          InstantSource.fixed(Instant.EPOCH));
  private static final ObjectMapper JACKSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @FuzzTest
  void believesNothingAndNeverFails(FuzzedDataProvider data) {
    fuzzerTestOneInput(data);
  }

  /** The entry point of a long run. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    judge(text);
    String[] parts = text.split("\n", 3);
    if (parts.length == 3) {
      judge(Base64URL.encode(parts[0]) + "." + Base64URL.encode(parts[1]) + "." + parts[2]);
      compareJson(parts[1]);
      Jwks.parse(parts[1]);
    }
  }

  private static void judge(String text) {
    Proof proof = VERIFIER.verify(new SecretText(text)).toCompletableFuture().join();
    switch (proof) {
      case Refused _ -> {}
      case Proven _, Unavailable _ -> throw new AssertionError(proof.toString());
    }
  }

  /** What the strict reader takes, another strict reader takes as well and reads the same. */
  private static void compareJson(String text) {
    if (StrictJson.object(text).isEmpty()) {
      return;
    }
    try {
      JsonNode node = JACKSON.readTree(text);
      if (node.size() != StrictJson.object(text).orElseThrow().size()) {
        throw new AssertionError("another number of members");
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError("taken by one reader and refused by another", e);
    }
  }
}
