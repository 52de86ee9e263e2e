package org.symbolon.gateways;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import org.symbolon.Certificate;
import org.symbolon.TestNode;
import org.symbolon.redis.RedisServers;

/** All that stands around a gateway: the service with its Redis, the application, a certificate. */
final class Stage implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final String host;
  private final Certificate certificate;
  private final Path combined;
  private final RedisServers servers;
  private final TestNode node;
  private final StubApp app;
  private final Wiretap wiretap;

  private Stage(
      Path folder,
      String host,
      Certificate certificate,
      Path combined,
      RedisServers servers,
      TestNode node,
      StubApp app,
      Wiretap wiretap) {
    this.folder = folder;
    this.host = host;
    this.certificate = certificate;
    this.combined = combined;
    this.servers = servers;
    this.node = node;
    this.app = app;
    this.wiretap = wiretap;
  }

  /** Starts everything but a gateway. */
  static Stage set(Path folder, Map<String, String> further) throws Exception {
    return set(folder, RunningGateway.HOST, further);
  }

  /** Starts everything but a gateway, for a site of another name. */
  static Stage set(Path folder, String host, Map<String, String> further) throws Exception {
    Certificate certificate = Certificate.selfSigned(folder, host);
    Path combined = folder.resolve("combined.pem");
    Files.writeString(
        combined, Files.readString(certificate.chain()) + Files.readString(certificate.key()));
    Map<String, String> settings = new HashMap<>();
    settings.put("trust.addresses", "127.0.0.1");
    settings.put("trust.clientCert", "true");
    settings.put("apps.stub.host", host);
    settings.put("redis.timeout", "5s");
    settings.put("clients.brief.idle", "1s");
    settings.put("clients.brief.absolute", "1s");
    settings.putAll(further);
    RedisServers servers = RedisServers.standalone();
    TestNode node = TestNode.start(servers, folder, settings);
    return new Stage(
        folder,
        host,
        certificate,
        combined,
        servers,
        node,
        new StubApp(),
        new Wiretap(node.port()));
  }

  Path folder() {
    return folder;
  }

  /** The site's name. */
  String host() {
    return host;
  }

  /** What a browser is told to trust the site's certificate by. */
  String pin() throws IOException, GeneralSecurityException {
    return certificate.pin();
  }

  String certificate() {
    return certificate.chain().toString();
  }

  /** Chain and key in one file. */
  String combined() {
    return combined.toString();
  }

  String key() {
    return certificate.key().toString();
  }

  TestNode node() {
    return node;
  }

  StubApp app() {
    return app;
  }

  Wiretap wiretap() {
    return wiretap;
  }

  /** A fresh session's ID. */
  String session(String subject) {
    return session(subject, "browser");
  }

  String session(String subject, String clientClass) {
    HttpResponse<String> issued =
        node.client()
            .send(
                "POST",
                "/v1/sessions",
                JSON.createObjectNode()
                    .put("subject", subject)
                    .put("client_class", clientClass)
                    .put("acr", "urn:example:loa:2")
                    .toString(),
                "Content-Type",
                "application/json",
                "Authorization",
                "Bearer " + TestNode.CREDENTIAL);
    try {
      JsonNode body = JSON.readTree(issued.body());
      return body.path("cookie").asText().replaceFirst("^[^=]*=", "").replaceFirst(";.*", "");
    } catch (IOException e) {
      throw new AssertionError(issued.body(), e);
    }
  }

  @Override
  public void close() throws Exception {
    wiretap.close();
    app.close();
    node.close();
    servers.close();
  }
}
