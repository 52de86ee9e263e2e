package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs Project Wycheproof's JWS vectors (github.com/C2SP/wycheproof, Apache-2.0) through the steps
 * that judge every assertion: structure, allowed algorithm, choice of key, signature.
 *
 * <p>The vectors are not kept here. Give their file, {@code
 * testvectors_v1/json_web_signature_test.json} of that project at commit dac1dd4:
 *
 * <pre>mvn test -Dtest=WycheproofJwsTest -Dwycheproof.jws=/path/to/the/file</pre>
 */
@EnabledIfSystemProperty(named = "wycheproof.jws", matches = ".+")
class WycheproofJwsTest {
  private static final Set<String> ALLOWED =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
  private static final String UNRELATED =
      """
      {"keys":[{"kty":"EC","crv":"P-256",
        "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
      """;
  private static final String SYMMETRIC =
      "HS256: whoever can verify it can sign it, so it is never allowed";
  private static final String OTHER_ALG =
      "the key says PS256 and the signature is PS384: a key is used for its own algorithm only";
  private static final String NO_ALG = "the key says ES521, which is no algorithm: it is ES512";

  /** Each valid vector that is refused, by its tcId, and why that is right. */
  private static final Map<Integer, String> JUSTIFIED =
      Map.ofEntries(
          Map.entry(1, SYMMETRIC),
          Map.entry(346, OTHER_ALG),
          Map.entry(347, NO_ALG),
          Map.entry(348, SYMMETRIC),
          Map.entry(350, OTHER_ALG),
          Map.entry(351, NO_ALG),
          Map.entry(352, SYMMETRIC),
          Map.entry(357, SYMMETRIC),
          Map.entry(358, SYMMETRIC),
          Map.entry(359, SYMMETRIC),
          Map.entry(372, SYMMETRIC),
          Map.entry(373, SYMMETRIC),
          Map.entry(376, SYMMETRIC),
          Map.entry(377, SYMMETRIC));

  @Test
  void acceptsNothingInvalidAndRefusesValidOnesForAReasonOnly() throws IOException {
    JsonNode file =
        new ObjectMapper()
            .readTree(Files.readString(Path.of(System.getProperty("wycheproof.jws", ""))));
    List<Integer> accepted = new ArrayList<>();
    List<Integer> acceptedInvalid = new ArrayList<>();
    Map<Integer, String> refusedValid = new TreeMap<>();
    int count = 0;
    for (JsonNode group : file.get("testGroups")) {
      JsonNode key = group.has("public") ? group.get("public") : group.get("private");
      for (JsonNode vector : group.get("tests")) {
        count++;
        int id = vector.get("tcId").asInt();
        boolean isValid = vector.get("result").asText().equals("valid");
        boolean isAccepted = verifySignature(vector.get("jws").asText(), key.toString());
        if (isAccepted) {
          (isValid ? accepted : acceptedInvalid).add(id);
        } else if (isValid) {
          refusedValid.put(id, JUSTIFIED.getOrDefault(id, "not justified"));
        }
      }
    }
    assertThat(acceptedInvalid).isEmpty();
    assertThat(refusedValid).isEqualTo(new TreeMap<>(JUSTIFIED));
    assertThat(accepted).hasSize(32);
    assertThat(count).isEqualTo(401).isEqualTo(file.get("numberOfTests").asInt());
  }

  private static boolean verifySignature(String compact, String key) {
    SignedProof.Signer signer = new SignedProof.Signer(keys(key), ALLOWED);
    return switch (CompactJws.read(compact, Set.of("jwt"))) {
      case CompactJws.Faulty _ -> false;
      case CompactJws.Read(CompactJws jws) ->
          switch (SignedProof.verifySignature(jws, signer)) {
            case SignedProof.Signed _ -> true;
            case SignedProof.NotBelieved _, SignedProof.NoKeys _ -> false;
          };
    };
  }

  /** The vector's key; another one where it is of a kind that is never loaded, as symmetric. */
  private static JwksSource keys(String key) {
    String text = "{\"keys\":[" + key + "]}";
    return switch (Jwks.parse(text)) {
      case Jwks.Read _ -> new JwksValue(text);
      case Jwks.Faulty _ -> new JwksValue(UNRELATED);
    };
  }
}
