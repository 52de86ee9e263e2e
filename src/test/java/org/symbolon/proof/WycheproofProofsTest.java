package org.symbolon.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs Project Wycheproof's vectors (github.com/C2SP/wycheproof, Apache-2.0) through the keys that
 * judge the browsers' proofs and the programs'.
 *
 * <p>The vectors are not kept here. Give the folder {@code testvectors_v1} of that project at
 * commit dac1dd4:
 *
 * <pre>mvn test -Dtest=WycheproofProofsTest -Dwycheproof.vectors=/path/to/the/folder</pre>
 */
@EnabledIfSystemProperty(named = "wycheproof.vectors", matches = ".+")
class WycheproofProofsTest {
  /** What came of a file. */
  private record Tally(List<Integer> accepted, List<Integer> acceptedInvalid, int refusedValid) {}

  /** A key's judgement of a signature. */
  @FunctionalInterface
  private interface Verifier {
    boolean verifies(JWSHeader header, byte[] input, Base64URL signature);
  }

  private static JsonNode read(String file) throws IOException {
    return new ObjectMapper()
        .readTree(Files.readString(Path.of(System.getProperty("wycheproof.vectors", ""), file)));
  }

  private static Optional<Verifier> device(JWK jwk, String algorithm) {
    return DeviceKey.of(jwk, algorithm).map(key -> key::verifies);
  }

  private static Optional<Verifier> program(JWK jwk, String algorithm) {
    return DpopKey.of(jwk, algorithm).map(key -> key::verifies);
  }

  /** A point in the clear: 04, x and y. */
  private static JWK jwk(Curve curve, JsonNode key) {
    byte[] point = HexFormat.of().parseHex(key.get("uncompressed").asText());
    int length = (point.length - 1) / 2;
    return new ECKey.Builder(
            curve,
            Base64URL.encode(Arrays.copyOfRange(point, 1, 1 + length)),
            Base64URL.encode(Arrays.copyOfRange(point, 1 + length, point.length)))
        .build();
  }

  private static Tally signatures(String file, Curve curve, JWSAlgorithm algorithm, boolean device)
      throws IOException {
    List<Integer> accepted = new ArrayList<>();
    List<Integer> acceptedInvalid = new ArrayList<>();
    int refusedValid = 0;
    for (JsonNode group : read(file).get("testGroups")) {
      JWK key = jwk(curve, group.get("publicKey"));
      Verifier verifier =
          (device ? device(key, algorithm.getName()) : program(key, algorithm.getName()))
              .orElseThrow();
      for (JsonNode vector : group.get("tests")) {
        boolean isAccepted =
            verifier.verifies(
                new JWSHeader(algorithm),
                HexFormat.of().parseHex(vector.get("msg").asText()),
                Base64URL.encode(HexFormat.of().parseHex(vector.get("sig").asText())));
        boolean isValid = vector.get("result").asText().equals("valid");
        if (isAccepted) {
          (isValid ? accepted : acceptedInvalid).add(vector.get("tcId").asInt());
        } else if (isValid) {
          refusedValid++;
        }
      }
    }
    return new Tally(accepted, acceptedInvalid, refusedValid);
  }

  private static void assertExact(Tally tally, int valid) {
    assertThat(tally.acceptedInvalid()).isEmpty();
    assertThat(tally.refusedValid()).isZero();
    assertThat(tally.accepted()).hasSize(valid);
  }

  @Test
  void browsersKeysTakeTheValidSignaturesOfP256AndNoOthers() throws IOException {
    assertExact(
        signatures("ecdsa_secp256r1_sha256_p1363_test.json", Curve.P_256, JWSAlgorithm.ES256, true),
        173);
  }

  @Test
  void programsKeysTakeTheValidSignaturesOfP256AndNoOthers() throws IOException {
    assertExact(
        signatures(
            "ecdsa_secp256r1_sha256_p1363_test.json", Curve.P_256, JWSAlgorithm.ES256, false),
        173);
  }

  @Test
  void programsKeysTakeTheValidSignaturesOfP384AndNoOthers() throws IOException {
    assertExact(
        signatures(
            "ecdsa_secp384r1_sha384_p1363_test.json", Curve.P_384, JWSAlgorithm.ES384, false),
        193);
  }

  private static Tally jws(boolean device) throws IOException {
    List<Integer> accepted = new ArrayList<>();
    List<Integer> acceptedInvalid = new ArrayList<>();
    for (JsonNode group : read("json_web_signature_test.json").get("testGroups")) {
      JsonNode key = group.has("public") ? group.get("public") : group.get("private");
      for (JsonNode vector : group.get("tests")) {
        if (isAccepted(vector.get("jws").asText(), key.toString(), device)) {
          boolean isValid = vector.get("result").asText().equals("valid");
          (isValid ? accepted : acceptedInvalid).add(vector.get("tcId").asInt());
        }
      }
    }
    return new Tally(accepted, acceptedInvalid, 0);
  }

  private static boolean isAccepted(String compact, String key, boolean device) {
    try {
      JWSObject jws = JWSObject.parse(compact);
      String algorithm = jws.getHeader().getAlgorithm().getName();
      JWK jwk = JWK.parse(key);
      return (device ? device(jwk, algorithm) : program(jwk, algorithm))
          .filter(k -> k.verifies(jws.getHeader(), jws.getSigningInput(), jws.getSignature()))
          .isPresent();
    } catch (ParseException | IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void neitherTakesAnInvalidJws() throws IOException {
    Tally device = jws(true);
    assertThat(device.acceptedInvalid()).isEmpty();
    assertThat(device.accepted()).hasSize(10);
    Tally program = jws(false);
    assertThat(program.acceptedInvalid()).isEmpty();
    assertThat(program.accepted()).hasSizeGreaterThan(10);
  }

  /** None of them is a proof: all lack the type of one, and the challenge. */
  @Test
  void noVectorIsAProof() throws IOException {
    for (JsonNode group : read("json_web_signature_test.json").get("testGroups")) {
      for (JsonNode vector : group.get("tests")) {
        assertThat(ProofJwt.read(vector.get("jws").asText(), DbscWire.FORM))
            .as(vector.get("tcId").asText())
            .isInstanceOf(ProofJwt.Faulty.class);
      }
    }
  }
}
