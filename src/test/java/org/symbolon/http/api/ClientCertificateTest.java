package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.Certificate;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;

/**
 * A session bound to the client certificate that a trusted gateway tells of (RFC 9440, RFC 8705).
 */
class ClientCertificateTest {
  private final Rig rig = new Rig();
  @TempDir private Path folder = Path.of("");
  private String alice = "";
  private String mallory = "";
  private int gateway;
  private int open;

  @BeforeEach
  void open() throws Exception {
    rig.bindings =
        new BindingPolicy(
            Map.of(Binding.Kind.CERTIFICATE, BindingPolicy.Rung.ENFORCE),
            false,
            Duration.ofMinutes(1),
            Duration.ofMinutes(10));
    gateway = rig.open(Rig.on(l -> Rig.trusting(l, "127.0.0.0/8")));
    open = rig.open(Rig.settings());
    alice = der("alice");
    mallory = der("mallory");
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  /** A certificate by openssl, its DER form in base64. */
  private String der(String name) throws Exception {
    return Files.readString(Certificate.selfSigned(folder, name).chain())
        .replaceAll("-----[A-Z ]+-----|\\s", "");
  }

  private static String field(String der) {
    return "Client-Cert: :" + der + ":";
  }

  private static Answer login(int port, String... fields) {
    List<String> all = new ArrayList<>(List.of("Content-Type: application/jwt"));
    all.addAll(List.of(fields));
    return Wire.call(port, "POST /v1/login", all, "ok.alice");
  }

  private static Answer validate(int port, String cookie, String... fields) {
    List<String> all = new ArrayList<>(List.of(cookie));
    all.addAll(List.of(fields));
    return Wire.call(port, "GET /gw/haproxy/validate", all, "");
  }

  private String bind() {
    Answer answer = login(gateway, field(alice));
    assertThat(answer.body()).contains("\"binding\":\"certificate\"");
    return Rig.cookie(answer);
  }

  @Test
  void rfc8705_3_theCertificateOfTheLoginLetsIn() {
    assertThat(validate(gateway, bind(), field(alice)).status()).isEqualTo(200);
  }

  @Test
  void rfc8705_3_neitherNoCertificateNorAnotherDoes() {
    String cookie = bind();
    assertThat(validate(gateway, cookie).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-missing\"");
    assertThat(validate(gateway, cookie, field(mallory)).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-wrong\"");
    assertThat(rig.tally.lines)
        .contains(
            "unproved certificate binding-missing enforce",
            "unproved certificate binding-wrong enforce");
  }

  @Test
  void rfc9440_4_ofATrustedGatewayAlone() {
    String cookie = bind();
    int before = rig.tally.lines.size();
    assertThat(validate(open, cookie, field(alice)).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-missing\"");
    assertThat(rig.tally.lines.subList(before, rig.tally.lines.size()))
        .contains("forwarded-ignored");
    assertThat(login(open, field(alice)).body()).contains("\"binding\":\"none\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "::", ":!:", ":AAAA:", "MII=", ":MII=", "MII=:"})
  void rfc9440_2_1_aByteSequenceOfDer(String value) {
    Answer answer = login(gateway, "Client-Cert: " + value);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"Client-Cert\"", "\"mend\":");
    assertThat(validate(gateway, bind(), "Client-Cert: " + value).status()).isEqualTo(403);
  }

  /** As nginx writes it: {@code $ssl_client_escaped_cert}. */
  private static String escaped(String der) {
    String pem = "-----BEGIN CERTIFICATE-----\n" + der.replaceAll("(.{64})", "$1\n") + "\n";
    return "Client-Cert: "
        + URLEncoder.encode(pem + "-----END CERTIFICATE-----\n", StandardCharsets.US_ASCII)
            .replace("+", "%20");
  }

  @Test
  void thePemFormIsTheSameCertificate() {
    assertThat(validate(gateway, bind(), escaped(alice)).status()).isEqualTo(200);
    assertThat(validate(gateway, bind(), escaped(mallory)).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-wrong\"");
    assertThat(login(gateway, escaped(alice).replace("END", "FIN")).status()).isEqualTo(400);
    assertThat(login(gateway, escaped(alice + alice)).status()).isEqualTo(400);
    assertThat(login(gateway, escaped(alice).replaceFirst("%0A", "%ZZ")).status()).isEqualTo(400);
  }

  @Test
  void rfc9440_4_byASwitchOfItsOwn() {
    int silent =
        rig.open(
            Rig.on(
                l ->
                    new ListenerSettings(
                        l.host(),
                        l.port(),
                        l.tls(),
                        TrustedPeers.of(List.of("127.0.0.0/8")),
                        l.limits(),
                        l.eventLoops())));
    int before = rig.tally.lines.size();
    assertThat(validate(silent, bind(), field(alice)).one("WWW-Authenticate"))
        .isEqualTo("Session error=\"binding-missing\"");
    assertThat(rig.tally.lines.subList(before, rig.tally.lines.size()))
        .contains("forwarded-ignored");
  }

  @Test
  void rfc9440_2_2_neitherSeveralFieldsNorAList() {
    assertThat(login(gateway, field(alice), field(alice)).status()).isEqualTo(400);
    byte[] one = Base64.getDecoder().decode(alice);
    byte[] two = Arrays.copyOf(one, one.length * 2);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertThat(login(gateway, field(Base64.getEncoder().encodeToString(two))).status())
        .isEqualTo(400);
  }

  @Test
  void rfc9440_2_2_neverInAResponse() {
    Answer login = login(gateway, field(alice));
    Answer denied = validate(gateway, Rig.cookie(login));
    Answer allowed = validate(gateway, Rig.cookie(login), field(alice));
    assertThat(List.of(login.status(), denied.status(), allowed.status()))
        .containsExactly(200, 401, 200);
    for (Answer answer : List.of(login, denied, allowed)) {
      assertThat(answer.all("Client-Cert")).isEmpty();
      assertThat(answer.all("Client-Cert-Chain")).isEmpty();
    }
  }

  @Test
  void rfc8705_3_2_introspectionTellsThumbprint() throws Exception {
    String token = bind().replaceFirst(".*=", "");
    Answer answer =
        Wire.call(
            open,
            "POST /v1/introspect",
            List.of(
                "Authorization: Bearer introspect",
                "Content-Type: application/x-www-form-urlencoded"),
            "token=" + token);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(alice));
    assertThat(answer.body())
        .contains(
            "\"cnf\":{\"x5t#S256\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(hash)
                + "\"}");
  }
}
