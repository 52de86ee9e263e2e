package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwksTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|JSON object",
        "[]|JSON object",
        "{}|keys: an array",
        "{\"keys\":{}}|keys: an array",
        "{\"keys\":[],\"keys\":[]}|each member once",
        "{\"keys\":[]}|none is a public signature key",
        "{\"keys\":[1,null,\"x\"]}|none is a public signature key",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}|none is a public signature key",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}]}|none is a public",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}|none is a",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}|none is a public"
      })
  void refusesWhatHoldsNoUsableKey(String text, String mend) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JwksValue(text))
        .withMessageContaining(mend);
  }

  @Test
  void passesOverKeysOfOtherKindsAndPurposes() throws JOSEException {
    String ours = key("ours").toPublicJWK().toJSONString();
    String encrypts = ours.replaceFirst("\\{", "{\"use\":\"enc\",").replace("ours", "enc");
    String text =
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"},{\"kty\":\"new\"},"
            + encrypts
            + ","
            + ours
            + "]}";
    assertThat(Jwks.parse(text))
        .isInstanceOfSatisfying(
            Jwks.Read.class,
            r -> assertThat(r.jwks().keys()).extracting(IssuerKey::kid).containsExactly("ours"));
  }

  @Test
  void followsAFileAndKeepsItsKeysWhenItTurnsBad() throws IOException, JOSEException {
    Path path = folder.resolve("jwks.json");
    JwksFile file = new JwksFile(path);
    assertThat(file.keys("")).isInstanceOf(JwksSource.NotLoaded.class);
    assertThat(file.obstacle()).hasValueSatisfying(o -> assertThat(o).contains("jwks.json"));
    write(path, new JWKSet(key("one").toPublicJWK()).toString(), 1);
    assertThat(names(file, "one")).isTrue();
    assertThat(file.obstacle()).isEmpty();
    write(path, "{}", 2);
    assertThat(names(file, "one")).isTrue();
    write(path, new JWKSet(key("two").toPublicJWK()).toString(), 3);
    assertThat(names(file, "two")).isTrue();
    assertThat(names(file, "one")).isFalse();
    Files.delete(path);
    assertThat(names(file, "two")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "ff02::1"
      })
  void knowsPrivateAddresses(String address) throws IOException {
    assertThat(PrivateAddress.is(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "100.128.0.1", "172.32.0.1", "2001:db8::1"})
  void knowsPublicAddresses(String address) throws IOException {
    assertThat(PrivateAddress.is(InetAddress.getByName(address))).isFalse();
  }

  private static void write(Path path, String text, int second) throws IOException {
    Files.writeString(path, text);
    Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(second)));
  }

  private static boolean names(JwksSource source, String kid) {
    return switch (source.keys(kid)) {
      case JwksSource.Known known -> known.jwks().names(kid);
      case JwksSource.NotLoaded(String cause) -> throw new AssertionError(cause);
    };
  }

  private static ECKey key(String kid) throws JOSEException {
    return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
  }
}
