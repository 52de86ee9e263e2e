package org.symbolon.http.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Ran;
import org.symbolon.cli.Symbolon;
import org.symbolon.http.Limits;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.PemPair;
import org.symbolon.http.Rig;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;
import org.symbolon.session.Services;
import org.symbolon.session.Services.Role;
import org.symbolon.token.OperatorCertificates;

/** Operators that show certificates of an authority. */
class OperatorCertificateTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path folder = Path.of("");
  private final Rig rig = new Rig();
  private int port;

  private void openssl(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "openssl";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  private void authority(String name) throws Exception {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        name + ".key",
        "-out",
        name + ".pem",
        "-subj",
        "/CN=" + name,
        "-days",
        "2");
  }

  /** A client's certificate and key as PKCS #12. */
  private void client(String authority, String name, String alternative, String use, int days)
      throws Exception {
    Files.writeString(
        folder.resolve(name + ".ext"),
        "extendedKeyUsage=" + use + "\nsubjectAltName=" + alternative + "\n");
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr",
        "-subj",
        "/O=Example/CN=" + name);
    openssl(
        "x509",
        "-req",
        "-in",
        name + ".csr",
        "-CA",
        authority + ".pem",
        "-CAkey",
        authority + ".key",
        "-out",
        name + ".pem",
        "-days",
        "" + days,
        "-extfile",
        name + ".ext");
    openssl(
        "pkcs12",
        "-export",
        "-in",
        name + ".pem",
        "-inkey",
        name + ".key",
        "-certfile",
        authority + ".pem",
        "-out",
        name + ".p12",
        "-passout",
        "pass:changeit");
  }

  @BeforeEach
  void open() throws Exception {
    authority("people");
    authority("others");
    client("people", "anna", "email:anna@example.org", "clientAuth", 2);
    client("people", "bert", "DNS:bert.example.org", "clientAuth", 2);
    client("people", "carl", "URI:spiffe://example.org/carl", "clientAuth", 2);
    client("people", "both", "email:anna@example.org,DNS:bert.example.org", "clientAuth", 2);
    client("people", "site", "email:anna@example.org", "serverAuth", 2);
    client("others", "fake", "email:anna@example.org", "clientAuth", 2);
    PemPair.make(folder, "localhost", "EC")
        .writeCertificate(folder.resolve("tls.crt"))
        .writeKey(folder.resolve("tls.key"));
    Map<String, Services.Service> operators =
        Map.of(
            "email:anna@example.org", operator("anna", Role.OPERATOR),
            "dns:BERT.example.org", operator("bert", Role.VIEWER),
            "subject:CN=carl,O=Example", operator("carl", Role.ADMIN));
    TlsFiles files =
        new TlsFiles(
            folder.resolve("tls.crt"),
            folder.resolve("tls.key"),
            Optional.of(folder.resolve("people.pem")),
            Duration.ofMillis(50));
    port =
        rig.openAdmin(
            new ListenerSettings(
                "127.0.0.1", 0, Optional.of(files), TrustedPeers.NONE, Limits.DEFAULT, 1),
            new OperatorCertificates(operators, InstantSource.system()));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Services.Service operator(String name, Role role) {
    return new Services.Service(name, Set.of(Services.Scope.ADMIN), Set.of(), Set.of(role));
  }

  private SSLContext context(String client) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    Certificate site =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(Files.readAllBytes(folder.resolve("tls.crt"))));
    trusted.setCertificateEntry("a", site);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (!client.isEmpty()) {
      own.load(Files.newInputStream(folder.resolve(client + ".p12")), PASSWORD);
    }
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    X509ExtendedKeyManager all = (X509ExtendedKeyManager) keys.getKeyManagers()[0];
    KeyManager[] shown = {new Shameless(all, client.isEmpty() ? null : "1")};
    context.init(shown, trust.getTrustManagers(), null);
    return context;
  }

  /** Shows its certificate whatever the server asks for. */
  private static final class Shameless extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;
    private final @Nullable String alias;

    Shameless(X509ExtendedKeyManager keys, @Nullable String alias) {
      this.keys = keys;
      this.alias = alias;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal[] issuers, SSLEngine engine) {
      return alias;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return alias;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return keys.getClientAliases(type, issuers);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return keys.getServerAliases(type, issuers);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return keys.chooseServerAlias(type, issuers, socket);
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
      return keys.getCertificateChain(name);
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
      return keys.getPrivateKey(name);
    }
  }

  private HttpResponse<String> ask(String client, String method, String path, String... fields)
      throws Exception {
    try (HttpClient http =
        HttpClient.newBuilder()
            .sslContext(context(client))
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
              .method(method, HttpRequest.BodyPublishers.noBody());
      if (fields.length > 0) {
        request.headers(fields);
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static final String ALICE = "/admin/v1/tenants/default/subjects/alice/sessions";

  @Test
  void isKnownByANameInTheCertificateAndActsByItsRoles() throws Exception {
    assertThat(ask("anna", "DELETE", ALICE).statusCode()).isEqualTo(200);
    HttpResponse<String> everything = ask("anna", "POST", "/admin/v1/logout");
    assertThat(everything.statusCode()).isEqualTo(403);
    assertThat(everything.body()).contains("anna lacks the role admin");
    assertThat(ask("bert", "GET", ALICE).statusCode()).isEqualTo(200);
    assertThat(ask("bert", "DELETE", ALICE).body()).contains("bert lacks the role operator");
    assertThat(ask("carl", "POST", "/admin/v1/logout").statusCode()).isEqualTo(204);
  }

  @Test
  void aBearerCredentialGoesBeforeTheCertificateAndStandsWithoutOne() throws Exception {
    String[] viewer = {"Authorization", "Bearer viewer"};
    assertThat(ask("carl", "DELETE", ALICE, viewer).body())
        .contains("viewer lacks the role operator");
    assertThat(ask("", "GET", ALICE, viewer).statusCode()).isEqualTo(200);
    assertThat(ask("", "GET", ALICE).statusCode()).isEqualTo(401);
  }

  private Ran command(String... more) {
    String[] all =
        Stream.concat(
                Stream.of("subject", "sessions", "alice", "--admin", "https://localhost:" + port),
                Stream.of(more))
            .toArray(String[]::new);
    return Ran.of(Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings()), all);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void theCommandShowsACertificate() {
    String[] anna = {
      "--ca", file("tls.crt"), "--cert", file("anna.pem"), "--cert-key", file("anna.key")
    };
    Ran ran = command(anna);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("handle", "last_seen_at");
    assertThat(command("--ca", file("people.pem"), anna[2], anna[3], anna[4], anna[5]).code())
        .as("a listener that its authority has not signed")
        .isEqualTo(7);
    assertThat(command("--ca", file("tls.crt"), "--cert", file("anna.pem")).err())
        .contains("--cert and --cert-key: both needed");
    assertThat(command(anna[0], anna[1], anna[2], anna[3], "--cert-key", file("anna.pem")).err())
        .contains("holds no private key", "openssl pkcs8");
    assertThat(command(anna[0], anna[1], "--cert", file("anna.key"), anna[4], anna[5]).code())
        .isEqualTo(2);
    assertThat(command(anna[0], anna[1], anna[2], anna[3], "--cert-key", file("bert.key")).code())
        .as("a key of another certificate")
        .isNotZero();
  }

  @Test
  void aCertificateOfNobodyOrOfSeveralIsRefused() throws Exception {
    HttpResponse<String> several = ask("both", "GET", ALICE);
    assertThat(several.statusCode()).isEqualTo(403);
    assertThat(several.body()).contains("operator-unknown", "subject:CN=both,O=Example");
    client("people", "dora", "email:dora@example.org", "clientAuth", 2);
    assertThat(ask("dora", "GET", ALICE).body()).contains("operator-unknown");
  }

  @Test
  void aCertificateOfAnotherAuthorityOrUseIsNotEvenHeard() {
    for (String client : new String[] {"fake", "site"}) {
      assertThatThrownBy(() -> ask(client, "GET", ALICE))
          .as(client)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void operatorsAreKnownAfterTheListenersCertificateWasRenewed() throws Exception {
    PemPair.make(folder, "renewed", "EC")
        .writeCertificate(folder.resolve("tls.crt"))
        .writeKey(folder.resolve("tls.key"));
    int status = 0;
    for (int i = 0; status == 0 && i < 200; i++) {
      try {
        status = ask("anna", "GET", ALICE).statusCode();
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    assertThat(status).isEqualTo(200);
    assertThatThrownBy(() -> ask("fake", "GET", ALICE)).isInstanceOf(IOException.class);
  }
}
