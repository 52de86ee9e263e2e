package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.Limits;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.PemPair;
import org.symbolon.http.Rig;
import org.symbolon.http.TlsFiles;
import org.symbolon.http.TrustedPeers;

class TlsTest {
  private static final int LOOKS = 400;

  @TempDir Path folder = Path.of("");
  private final Rig rig = new Rig();
  private Path certificate = Path.of("");
  private Path key = Path.of("");

  @BeforeEach
  void name() {
    certificate = folder.resolve("tls.crt");
    key = folder.resolve("tls.key");
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private PemPair write(String name, String algorithm) throws Exception {
    return PemPair.make(folder, name, algorithm).writeKey(key).writeCertificate(certificate);
  }

  private int open() {
    return open(Limits.DEFAULT);
  }

  private int open(Limits limits) {
    TlsFiles files = new TlsFiles(certificate, key, Optional.empty(), Duration.ofMillis(20));
    return rig.open(
        Rig.on(
            usual ->
                new ListenerSettings(
                    "127.0.0.1", 0, Optional.of(files), TrustedPeers.NONE, limits, 2)));
  }

  private static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("a", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> get(
      PemPair pair, int port, HttpClient.Version version, String path, String... fields)
      throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(pair.certificate)).version(version).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
      if (fields.length > 0) {
        request.headers(fields);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void speaksBothVersionsOfHttp(HttpClient.Version version) throws Exception {
    PemPair pair = write("one", "EC");
    HttpResponse<String> answer = get(pair, open(), version, "/v1/validate");
    assertThat(answer.version()).isEqualTo(version);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("X-Session-User")).containsExactly("");
    assertThat(answer.headers().allValues("Strict-Transport-Security"))
        .containsExactly("max-age=31536000");
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void keepsItsLimitsInHttp2() throws Exception {
    PemPair pair = write("one", "EC");
    int port = open();
    HttpClient.Version h2 = HttpClient.Version.HTTP_2;
    String[] many = new String[202];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "X-" + i;
      many[i + 1] = "v";
    }
    HttpResponse<String> fields = get(pair, port, h2, "/v1/me/sessions", many);
    assertThat(fields.statusCode()).isEqualTo(431);
    assertThat(fields.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(fields.body()).contains("headers-too-large");
    assertThat(get(pair, port, h2, "/v1/me/sessions", "X-A", "a".repeat(17 * 1024)).statusCode())
        .isEqualTo(431);
    assertThat(get(pair, port, h2, "/v1/me/sessions?" + "q".repeat(4096)).statusCode())
        .isEqualTo(414);
    assertThat(get(pair, port, h2, "/v1/me/sessions?" + "q".repeat(4000)).statusCode())
        .isEqualTo(401);
    HttpResponse<String> refused = get(pair, port, h2, "/gw/nginx/validate", many);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.headers().allValues("X-Session-User")).containsExactly("");
    assertThat(refused.body()).isEmpty();
  }

  @Test
  void logsInAndOutOverHttp2() throws Exception {
    PemPair pair = write("one", "EC");
    int port = open();
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(pair.certificate)).build()) {
      URI origin = URI.create("https://localhost:" + port);
      HttpResponse<String> login =
          client.send(
              HttpRequest.newBuilder(origin.resolve("/v1/login"))
                  .header("Content-Type", "application/jwt")
                  .header("Origin", origin.toString())
                  .POST(HttpRequest.BodyPublishers.ofString("ok.alice"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(login.statusCode()).isEqualTo(200);
      String set = login.headers().firstValue("Set-Cookie").orElseThrow();
      HttpResponse<String> validate =
          client.send(
              HttpRequest.newBuilder(origin.resolve("/v1/validate"))
                  .header("Cookie", set.substring(0, set.indexOf(';')))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(validate.headers().firstValue("X-Session-User")).hasValue("alice");
      HttpResponse<String> large =
          client.send(
              HttpRequest.newBuilder(origin.resolve("/v1/login"))
                  .header("Content-Type", "application/jwt")
                  .POST(HttpRequest.BodyPublishers.ofString("x".repeat(16 * 1024 + 1)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(large.statusCode()).isEqualTo(413);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void takesTheUsualKinds(String algorithm) throws Exception {
    PemPair pair = write("one", algorithm);
    assertThat(get(pair, open(), HttpClient.Version.HTTP_1_1, "/v1/validate").statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void refusesOldVersionsOfTls(String version) throws Exception {
    PemPair pair = write("one", "RSA");
    try (SSLSocket socket =
        (SSLSocket)
            trusting(pair.certificate).getSocketFactory().createSocket("127.0.0.1", open())) {
      socket.setEnabledProtocols(new String[] {version});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void putsAChangedPairInForce() throws Exception {
    write("one", "EC");
    int port = open();
    PemPair two = write("two", "RSA");
    assertThat(soonServes(port, two)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"junk", "key alone", "certificate alone", "missing"})
  void keepsTheOldPairWhereTheNewOneIsBad(String how) throws Exception {
    PemPair one = write("one", "EC");
    int port = open();
    PemPair two = PemPair.make(folder, "two", "EC");
    switch (how) {
      case "junk" -> Files.writeString(certificate, "junk");
      case "key alone" -> two.writeKey(key);
      case "certificate alone" -> two.writeCertificate(certificate);
      default -> Files.delete(key);
    }
    // Ten looks of the renewal.
    Thread.sleep(200);
    assertThat(serves(port, one)).isTrue();
    two.writeKey(key).writeCertificate(certificate);
    assertThat(soonServes(port, two)).isTrue();
  }

  private static boolean soonServes(int port, PemPair pair) throws Exception {
    for (int i = 0; i < LOOKS; i++) {
      if (serves(port, pair)) {
        return true;
      }
      Thread.sleep(25);
    }
    return false;
  }

  private static boolean serves(int port, PemPair pair) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) trusting(pair.certificate).getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return true;
    } catch (SSLHandshakeException e) {
      return false;
    }
  }

  @Test
  void refusesToStartWithABadPair() throws Exception {
    assertThatThrownBy(this::open)
        .hasMessageStartingWith("tls.certificate: ")
        .hasMessageContaining("tls.crt")
        .hasMessageContaining("PEM");
    write("one", "Ed25519");
    assertThatThrownBy(this::open)
        .hasMessageStartingWith("tls.key: ")
        .hasMessageContaining("RSA or EC");
    write("two", "EC");
    PemPair.make(folder, "three", "EC").writeKey(key);
    assertThatThrownBy(this::open)
        .hasMessageStartingWith("tls.key: ")
        .hasMessageContaining("is not the certificate's");
  }

  @Test
  void keepsAnIdleHttp2ConnectionBetweenRequests() throws Exception {
    PemPair pair = write("one", "EC");
    int port = open(Limits.DEFAULT.withDeadlines(Duration.ofMillis(300), Duration.ofMillis(300)));
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(pair.certificate)).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/validate")).build();
      for (int i = 0; i < 4; i++) {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        Thread.sleep(400);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"silence", "half of a frame", "an open header block"})
  void closesASlowHttp2Connection(String what) throws Exception {
    PemPair pair = write("one", "EC");
    int port = open(Limits.DEFAULT.withDeadlines(Duration.ofMillis(300), Duration.ofMillis(300)));
    try (SSLSocket socket =
        (SSLSocket) trusting(pair.certificate).getSocketFactory().createSocket("127.0.0.1", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(20_000);
      socket.startHandshake();
      byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
      byte[] half = {0, 0, 9, 1, 4, 0, 0, 0, 1, 1};
      byte[] block = {0, 0, 1, 1, 0, 0, 0, 0, 1, (byte) 0x82};
      if (!what.equals("silence")) {
        socket.getOutputStream().write(preface);
        socket.getOutputStream().write(settings);
        socket.getOutputStream().write(what.startsWith("half") ? half : block);
      }
      assertThat(socket.getInputStream().readAllBytes()).isNotNull();
    }
  }

  /** GOAWAY makes a client go on over another connection; no request of it is lost. */
  @Test
  void leavesAnHttp2ConnectionAfterItsReply() throws Exception {
    PemPair pair = write("one", "EC");
    int port = open();
    rig.leave();
    Vertx vertx = rig.vertx;
    HttpClientAgent client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2));
    CompletableFuture<Void> closed = new CompletableFuture<>();
    int status =
        client
            .request(HttpMethod.GET, port, "localhost", "/v1/validate")
            .compose(
                request -> {
                  request.connection().closeHandler(_ -> closed.complete(null));
                  return request.send();
                })
            .map(HttpClientResponse::statusCode)
            .await();
    assertThat(status).isEqualTo(401);
    closed.get(20, TimeUnit.SECONDS);
    assertThat(get(pair, port, HttpClient.Version.HTTP_2, "/v1/validate").statusCode())
        .isEqualTo(401);
    client.close().await();
  }
}
