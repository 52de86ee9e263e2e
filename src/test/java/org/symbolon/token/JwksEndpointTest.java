package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwksEndpointTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Instant START = Instant.ofEpochSecond(1_800_000_000);
  private static final AtomicReference<Answer> ANSWER = new AtomicReference<>();
  private static final AtomicInteger ASKED = new AtomicInteger();

  @SuppressWarnings("NullAway.Init")
  private static HttpsServer server;

  @SuppressWarnings("NullAway.Init")
  private static HttpClient client;

  private final AtomicReference<Instant> now = new AtomicReference<>(START);

  /** What the server does with a request. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeAll
  static void serve(@TempDir Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    SSLContext tls = tls(folder.resolve("key.p12"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          ASKED.incrementAndGet();
          try (exchange) {
            ANSWER.get().to(exchange);
          }
        });
    server.start();
    client =
        HttpClient.newBuilder().sslContext(tls).followRedirects(HttpClient.Redirect.NEVER).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop(0);
  }

  @BeforeEach
  void answerWithOneKey() throws JOSEException {
    ANSWER.set(text(jwks("one")));
    ASKED.set(0);
  }

  @Test
  void fetchesOnceAndAgainWhenOld() throws JOSEException {
    JwksEndpoint endpoint = endpoint(true);
    assertThat(names(endpoint, "one")).isTrue();
    assertThat(names(endpoint, "one")).isTrue();
    assertThat(ASKED).hasValue(1);
    ANSWER.set(text(jwks("two")));
    now.set(START.plusSeconds(601));
    assertThat(names(endpoint, "two")).isTrue();
    assertThat(names(endpoint, "one")).isFalse();
    assertThat(ASKED).hasValue(2);
  }

  @Test
  void fetchesForAnUnknownKeyAtMostOnceAMinute() throws JOSEException {
    JwksEndpoint endpoint = endpoint(true);
    assertThat(names(endpoint, "two")).isFalse();
    ANSWER.set(text(jwks("two")));
    now.set(START.plusSeconds(59));
    assertThat(names(endpoint, "two")).isFalse();
    now.set(START.plusSeconds(61));
    assertThat(names(endpoint, "two")).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(names(endpoint, "junk" + i)).isFalse();
    }
    assertThat(ASKED).hasValue(2);
  }

  @Test
  void keepsItsKeysWhenAFetchFails() {
    JwksEndpoint endpoint = endpoint(true);
    assertThat(names(endpoint, "one")).isTrue();
    ANSWER.set(exchange -> exchange.sendResponseHeaders(500, -1));
    now.set(START.plusSeconds(700));
    assertThat(names(endpoint, "one")).isTrue();
    assertThat(ASKED).hasValue(2);
  }

  @Test
  void hasNoKeysUntilAFetchSucceedsAndAsksAgainSoon() {
    Answer good = ANSWER.get();
    ANSWER.set(text("{}"));
    JwksEndpoint endpoint = endpoint(true);
    assertThat(endpoint.keys("one")).isInstanceOf(JwksSource.NotLoaded.class);
    assertThat(endpoint.obstacle()).isPresent();
    assertThat(ASKED).hasValue(1);
    ANSWER.set(good);
    now.set(START.plusSeconds(6));
    assertThat(names(endpoint, "one")).isTrue();
  }

  @Test
  void followsNoRedirect() {
    ANSWER.set(
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(cause(endpoint(true))).contains("302");
    assertThat(ASKED).hasValue(1);
  }

  @Test
  void readsAtMostOneMebibyte() {
    ANSWER.set(text(" ".repeat((1 << 20) + 1)));
    assertThat(cause(endpoint(true))).doesNotContain("JSON");
  }

  @Test
  void waitsForASlowBodyForTwoSecondsOnly() {
    CountDownLatch done = new CountDownLatch(1);
    ANSWER.set(
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      assertThat(cause(endpoint(true))).contains("no answer within 2 s");
    } finally {
      done.countDown();
    }
  }

  @Test
  void asksNoPrivateAddressUnlessAllowed() {
    assertThat(cause(endpoint(false))).contains("127.0.0.1", "private address");
    assertThat(ASKED).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a/jwks", "https:///jwks", "https://u:p@a/", "file:/etc/passwd"})
  void takesHttpsAddressesOnly(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new JwksEndpoint(URI.create(uri), JwksEndpoint.Fetching.DEFAULT, now::get, client))
        .withMessageContaining("https");
  }

  private JwksEndpoint endpoint(boolean allowPrivate) {
    return new JwksEndpoint(
        URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/jwks"),
        new JwksEndpoint.Fetching(Duration.ofMinutes(10), Duration.ofMinutes(1), allowPrivate),
        now::get,
        client);
  }

  private static String cause(JwksEndpoint endpoint) {
    return switch (endpoint.keys("one")) {
      case JwksSource.NotLoaded(String cause) -> cause;
      case JwksSource.Known _ -> throw new AssertionError("loaded");
    };
  }

  private static boolean names(JwksSource source, String kid) {
    return switch (source.keys(kid)) {
      case JwksSource.Known known -> known.jwks().names(kid);
      case JwksSource.NotLoaded(String cause) -> throw new AssertionError(cause);
    };
  }

  private static Answer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static String jwks(String kid) throws JOSEException {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /** A certificate of the moment for 127.0.0.1, which the client trusts. */
  private static SSLContext tls(Path file)
      throws IOException, GeneralSecurityException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-validity",
                "1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-alias",
                "key",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      store.load(stream, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("key", store.getCertificate("key"));
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return tls;
  }
}
