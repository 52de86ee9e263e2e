package org.symbolon.cli.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A site as a client without a cookie jar sees it; follows no redirect. */
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final URI address;
  private final HttpClient client;

  /**
   * @param authority a PEM file of the certificates to trust instead of the JDK's
   */
  Site(URI address, Optional<Path> authority) throws IOException, GeneralSecurityException {
    this.address = address;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (authority.isPresent()) {
      builder.sslContext(trusting(authority.get()));
    }
    this.client = builder.build();
  }

  private static SSLContext trusting(Path pem) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      int i = 0;
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        keys.setCertificateEntry("ca" + i++, c);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  String origin() {
    return address.getScheme() + "://" + address.getAuthority();
  }

  URI address() {
    return address;
  }

  HttpResponse<String> get(String path, String... fields) throws IOException, InterruptedException {
    return send("GET", address.resolve(path), "", fields);
  }

  HttpResponse<String> post(String path, String body, String... fields)
      throws IOException, InterruptedException {
    return send("POST", address.resolve(path), body, fields);
  }

  /**
   * @param fields names and values in turn
   */
  HttpResponse<String> send(String method, URI target, String body, String... fields)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (fields.length > 0) {
      request.headers(fields);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The lines that set a cookie. */
  static List<String> cookies(HttpResponse<?> response, String name) {
    return response.headers().allValues("Set-Cookie").stream()
        .filter(line -> line.startsWith(name + "="))
        .toList();
  }

  /** A cookie line's value. */
  static String value(String line) {
    return line.substring(line.indexOf('=') + 1).replaceFirst(";.*", "");
  }

  /** A cookie line's attributes, in small letters. */
  static List<String> attributes(String line) {
    return Arrays.stream(line.toLowerCase(Locale.ROOT).split(";", -1))
        .skip(1)
        .map(String::strip)
        .toList();
  }

  /** Has the browser forget the cookie. */
  static boolean deletes(String line) {
    return value(line).isEmpty() && attributes(line).contains("max-age=0");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
