package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.Certificate;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.TlsClient;
import org.symbolon.http.TlsClient.Connection;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;
import org.symbolon.http.Wire.Answer;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;

/** Sessions bound to what a client's TLS shows that ends at the service (RFC 8705, RFC 9266). */
class OwnTlsBindingTest {
  private static final String MISSING = "Session error=\"binding-missing\"";
  private static final String WRONG = "Session error=\"binding-wrong\"";

  private final Rig rig = new Rig();
  @TempDir private Path folder = Path.of("");
  private Certificate own = new Certificate(Path.of(""), Path.of(""));
  private Certificate authority = own;
  private Certificate alice = own;

  @BeforeEach
  void make() throws Exception {
    own = Certificate.selfSigned(folder, "localhost");
    authority = Certificate.selfSigned(folder, "authority");
    alice = authority.sign(folder, "alice");
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void enforce(Binding.Kind... kinds) {
    Map<Binding.Kind, BindingPolicy.Rung> rungs = new java.util.EnumMap<>(Binding.Kind.class);
    Arrays.stream(kinds).forEach(kind -> rungs.put(kind, BindingPolicy.Rung.ENFORCE));
    rig.bindings = new BindingPolicy(rungs, false, Duration.ofMinutes(1), Duration.ofMinutes(10));
  }

  private int open(boolean areNeeded, TrustedPeers trusted) {
    TlsFiles files =
        new TlsFiles(
            own.chain(),
            own.key(),
            Optional.of(authority.chain()),
            areNeeded,
            Duration.ofMillis(20));
    return rig.open(
        Rig.on(
            usual ->
                new ListenerSettings(
                    "127.0.0.1", 0, Optional.of(files), trusted, usual.limits(), 2)));
  }

  private int open() {
    return open(false, TrustedPeers.NONE);
  }

  private static Answer login(Connection connection, String... fields) {
    List<String> all = new ArrayList<>(List.of("Content-Type: application/jwt"));
    all.addAll(List.of(fields));
    return connection.call("POST /v1/login", all, "ok.alice");
  }

  private static Answer login(TlsClient client, int port, String... fields) throws IOException {
    try (Connection connection = client.connect(port)) {
      return login(connection, fields);
    }
  }

  /** Logs in; gives the cookie of a session that is bound so. */
  private static String bind(TlsClient client, int port, String kind) throws IOException {
    Answer answer = login(client, port);
    assertThat(answer.body()).contains("\"binding\":\"" + kind + "\"");
    return Rig.cookie(answer);
  }

  private static Answer validate(TlsClient client, int port, String... fields) throws IOException {
    return client.call(port, "GET /v1/validate", List.of(fields), "");
  }

  @Test
  void rfc8705_3_theCertificateOfTheTlsLayerLetsInAndNothingElse() throws Exception {
    enforce(Binding.Kind.CERTIFICATE);
    int port = open();
    TlsClient client = TlsClient.with(alice);
    String cookie = bind(client, port, "certificate");
    assertThat(validate(client, port, cookie).status()).isEqualTo(200);
    assertThat(validate(TlsClient.plain(), port, cookie).one("WWW-Authenticate"))
        .isEqualTo(MISSING);
    TlsClient mallory = TlsClient.with(authority.sign(folder, "mallory"));
    assertThat(validate(mallory, port, cookie).one("WWW-Authenticate")).isEqualTo(WRONG);
    assertThat(validate(client, port, cookie).status()).isEqualTo(200);
  }

  @Test
  void theCertificateIsThatOfTheHandshakeInTls12Too() throws Exception {
    enforce(Binding.Kind.CERTIFICATE);
    int port = open();
    TlsClient client = TlsClient.with(alice);
    String cookie = bind(client, port, "certificate");
    try (Connection connection = client.connect(port, "TLSv1.2")) {
      assertThat(connection.call("GET /v1/validate", List.of(cookie), "").status()).isEqualTo(200);
    }
  }

  @Test
  void aCertificateThatIsRenewedIsAnother() throws Exception {
    enforce(Binding.Kind.CERTIFICATE);
    int port = open();
    String cookie = bind(TlsClient.with(alice), port, "certificate");
    TlsClient renewed = TlsClient.with(authority.renew(folder, alice, "alice"));
    assertThat(validate(renewed, port, cookie).one("WWW-Authenticate")).isEqualTo(WRONG);
  }

  @Test
  void itsKeySurvivesItsRenewalAndIsNoOthers() throws Exception {
    enforce(Binding.Kind.CERTIFICATE_KEY);
    int port = open();
    String cookie = bind(TlsClient.with(alice), port, "certificate-key");
    TlsClient renewed = TlsClient.with(authority.renew(folder, alice, "alice"));
    assertThat(validate(renewed, port, cookie).status()).isEqualTo(200);
    TlsClient sameName = TlsClient.with(authority.sign(folder, "alice"));
    assertThat(validate(sameName, port, cookie).one("WWW-Authenticate")).isEqualTo(WRONG);
    assertThat(validate(TlsClient.plain(), port, cookie).one("WWW-Authenticate"))
        .isEqualTo(MISSING);
  }

  @Test
  void whoHasNoCertificateLogsInUnbound() throws Exception {
    enforce(Binding.Kind.CERTIFICATE);
    int port = open();
    assertThat(login(TlsClient.plain(), port).body()).contains("\"binding\":\"none\"");
  }

  @Test
  void aCertificateOfAnotherAuthorityEndsTheConnection() throws Exception {
    int port = open();
    Certificate another = Certificate.selfSigned(folder, "another");
    for (Certificate foreign :
        List.of(another.sign(folder, "eve"), Certificate.selfSigned(folder, "self"))) {
      assertThatThrownBy(() -> validate(TlsClient.with(foreign), port))
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(IOException.class),
              e -> assertThat(e).hasCauseInstanceOf(IOException.class));
    }
  }

  @Test
  void whoHasNoneIsTurnedAwayWhereOneIsRequired() throws Exception {
    int port = open(true, TrustedPeers.NONE);
    assertThat(validate(TlsClient.with(alice), port).status()).isEqualTo(401);
    assertThatThrownBy(() -> validate(TlsClient.plain(), port))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(IOException.class),
            e -> assertThat(e).hasCauseInstanceOf(IOException.class));
  }

  @Test
  void rfc9440_4_aFieldSaysNothingAgainstTheConnection() throws Exception {
    enforce(Binding.Kind.CERTIFICATE);
    int port = open();
    String cookie = bind(TlsClient.with(alice), port, "certificate");
    String field =
        "Client-Cert: :"
            + Files.readString(alice.chain()).replaceAll("-----[A-Z ]+-----|\\s", "")
            + ":";
    assertThat(validate(TlsClient.plain(), port, cookie, field).one("WWW-Authenticate"))
        .isEqualTo(MISSING);
    assertThat(rig.tally.lines).contains("forwarded-ignored");
  }

  @Test
  void theCertificateOfATrustedGatewayIsNotItsClients() throws Exception {
    enforce(Binding.Kind.CERTIFICATE, Binding.Kind.TLS_EXPORTER);
    int port = open(false, TrustedPeers.of(List.of("127.0.0.1")).tellingCertificates());
    TlsClient gateway = TlsClient.with(alice);
    assertThat(login(gateway, port).body()).contains("\"binding\":\"none\"");
    assertThat(login(gateway, port, "Channel-Binding: tls-exporter").body())
        .contains("\"field\":\"Channel-Binding\"", "not through a gateway");
  }

  @Test
  void authoritiesAreReadAgainWhenTheyChange() throws Exception {
    int port = open();
    Certificate next = Certificate.selfSigned(folder, "next");
    TlsClient bob = TlsClient.with(next.sign(folder, "bob"));
    assertThatThrownBy(() -> validate(bob, port)).isInstanceOf(Exception.class);
    Files.copy(next.chain(), authority.chain(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    RedisServers.await(
        () -> {
          try {
            return validate(bob, port).status() == 401;
          } catch (IOException | java.io.UncheckedIOException e) {
            return false;
          }
        });
    assertThatThrownBy(() -> validate(TlsClient.with(alice), port)).isInstanceOf(Exception.class);
  }

  @Test
  void aFileWithoutAuthoritiesRefusesToStart() throws Exception {
    Files.writeString(authority.chain(), "nothing\n");
    assertThatThrownBy(this::open)
        .hasMessageContaining("tls.clientCa: ")
        .hasMessageContaining("holds no PEM certificate");
  }

  @Test
  void rfc9266_4_1_theConnectionOfTheLoginLetsInAndNoOther() throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    int port = open();
    TlsClient client = TlsClient.plain();
    try (Connection first = client.connect(port);
        Connection second = client.connect(port)) {
      Answer answer = login(first, "Channel-Binding: tls-exporter");
      assertThat(answer.body()).contains("\"binding\":\"tls-exporter\"");
      String cookie = Rig.cookie(answer);
      assertThat(first.call("GET /v1/validate", List.of(cookie), "").status()).isEqualTo(200);
      assertThat(second.call("GET /v1/validate", List.of(cookie), "").one("WWW-Authenticate"))
          .isEqualTo(WRONG);
      assertThat(first.call("GET /v1/me/sessions", List.of(cookie), "").status()).isEqualTo(200);
      assertThat(second.call("GET /v1/me/sessions", List.of(cookie), "").status()).isEqualTo(401);
      assertThat(validate(client, port, cookie).one("WWW-Authenticate")).isEqualTo(WRONG);
      assertThat(first.call("GET /v1/validate", List.of(cookie), "").status()).isEqualTo(200);
      assertThat(first.exported()).isNotEqualTo(second.exported());
    }
  }

  @Test
  void rfc9266_2_bothEndsExportTheSame() throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    int port = open();
    try (Connection connection = TlsClient.plain().connect(port);
        Connection other = TlsClient.plain().connect(port)) {
      String own = Base64.getEncoder().encodeToString(connection.exported());
      String foreign = Base64.getEncoder().encodeToString(other.exported());
      assertThat(login(connection, "Channel-Binding: tls-exporter;value=:" + foreign + ":").body())
          .contains("\"field\":\"Channel-Binding\"", "another than the service's");
      assertThat(rig.store.liveSessions()).isZero();
      assertThat(login(connection, "Channel-Binding: tls-exporter;value=:" + own + ":").body())
          .contains("\"binding\":\"tls-exporter\"");
    }
  }

  @Test
  void rfc9266_4_2_noConnectionBeforeTls13IsBoundTo() throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    int port = open();
    try (Connection connection = TlsClient.plain().connect(port, "TLSv1.2")) {
      Answer answer = login(connection, "Channel-Binding: tls-exporter");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("none of TLS 1.3", "\"mend\":");
    }
    try (Connection thirteen = TlsClient.plain().connect(port);
        Connection twelve = TlsClient.plain().connect(port, "TLSv1.2")) {
      String cookie = Rig.cookie(login(thirteen, "Channel-Binding: tls-exporter"));
      assertThat(twelve.call("GET /v1/validate", List.of(cookie), "").one("WWW-Authenticate"))
          .isEqualTo(MISSING);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tls-unique",
        "tls-exporter;value=x",
        "tls-exporter;value=:AAAA:",
        "tls-exporter, tls-exporter",
        "tls-exporter;other=1"
      })
  void rfc9266_3_whatAsksForSomethingElseIsRefused(String value) throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    Answer answer = login(TlsClient.plain(), open(), "Channel-Binding: " + value);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"Channel-Binding\"", "\"mend\":");
    assertThat(rig.store.liveSessions()).isZero();
  }

  @Test
  void noSessionIsBoundToAConnectionUnasked() throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    assertThat(login(TlsClient.plain(), open()).body()).contains("\"binding\":\"none\"");
  }

  @Test
  void aBackendThatAsksForAnotherSeesNoConnectionAndIsToldNothing() throws Exception {
    enforce(Binding.Kind.TLS_EXPORTER);
    int port = open();
    try (Connection connection = TlsClient.plain().connect(port)) {
      String cookie = Rig.cookie(login(connection, "Channel-Binding: tls-exporter"));
      assertThat(introspected(port, cookie)).isEqualTo("{\"active\":false}");
    }
  }

  @Test
  void aBackendIsToldTheHashOfTheKey() throws Exception {
    enforce(Binding.Kind.CERTIFICATE_KEY);
    int port = open();
    String cookie = bind(TlsClient.with(alice), port, "certificate-key");
    assertThat(introspected(port, cookie))
        .containsPattern("\"cnf\":\\{\"spki#S256\":\"[A-Za-z0-9_-]{43}\"}");
  }

  private static String introspected(int port, String cookie) throws Exception {
    return TlsClient.plain()
        .call(
            port,
            "POST /v1/introspect",
            List.of(
                "Authorization: Bearer introspect",
                "Content-Type: application/x-www-form-urlencoded"),
            "token=" + cookie.replaceFirst(".*=", ""))
        .body();
  }
}
