package org.symbolon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.config.Refusal;
import org.symbolon.redis.RedisServers;
import org.symbolon.redis.RedisSettings;
import org.symbolon.session.Subject;
import org.symbolon.token.DemoIssuer;
import org.symbolon.token.KeyRing;

/** The whole service over servers of its own, with an issuer and a backend that may do all. */
final class TestNode implements AutoCloseable {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  static final String CREDENTIAL = "backend." + SECRET;

  private final Node node;
  private final DemoIssuer issuer;
  private final Path key;
  private final Client client;
  private final Client admin;
  private final Client management;

  private TestNode(Node node, DemoIssuer issuer, Path key) {
    this.node = node;
    this.key = key;
    this.issuer = issuer;
    this.client = new Client(node.publicPort());
    this.admin = new Client(node.adminPort());
    this.management = new Client(node.managementPort());
  }

  /** Starts it with further settings; its files are in a folder. */
  static TestNode start(RedisServers servers, Path folder, Map<String, String> further)
      throws IOException, Refusal, Symbolon.StartFailure {
    Path key = folder.resolve("issuer.jwk");
    DemoIssuer issuer =
        new DemoIssuer(key, "https://issuer.test", "symbolon", InstantSource.system());
    Path jwks = folder.resolve("jwks.json");
    Files.writeString(jwks, issuer.jwks());
    Path ring = folder.resolve("ring.txt");
    if (!Files.exists(ring)) {
      Files.createFile(
          ring, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          ring,
          KeyRing.generate(new SecureRandom()).text().reveal(),
          StandardOpenOption.TRUNCATE_EXISTING);
    }
    Map<String, String> flags = new HashMap<>(redis(servers.settings()));
    flags.put("public.port", "0");
    flags.put("admin.port", "0");
    flags.put("management.port", "0");
    flags.put("keys.file", ring.toString());
    flags.put("issuers.test.issuer", "https://issuer.test");
    flags.put("issuers.test.jwks", jwks.toString());
    flags.put("services.backend.secretSha256", sha256(SECRET));
    flags.put("services.backend.scopes", "issue,introspect,admin");
    flags.put("log.level", "warn");
    flags.put("audit.file", folder.resolve("audit.jsonl").toString());
    flags.putAll(further);
    return new TestNode(
        Wiring.start(Configuration.read(Optional.empty(), Map.of(), flags)), issuer, key);
  }

  private static Map<String, String> redis(RedisSettings settings) {
    return Map.of(
        "redis.mode",
        settings.mode().name().toLowerCase(Locale.ROOT),
        "redis.nodes",
        settings.nodes().stream()
            .map(node -> node.getHost() + ":" + node.getPort())
            .collect(Collectors.joining(",")),
        "redis.username",
        settings.username().orElseThrow(),
        "redis.password",
        settings.password().orElseThrow().reveal());
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Node node() {
    return node;
  }

  Client client() {
    return client;
  }

  Client admin() {
    return admin;
  }

  Client management() {
    return management;
  }

  String assertion(String subject) {
    return issuer.assertion(new Subject(subject)).reveal();
  }

  /** Another issuer's, of the same key. */
  String assertion(String iss, String subject) throws IOException {
    return new DemoIssuer(key, iss, "symbolon", InstantSource.system())
        .assertion(new Subject(subject))
        .reveal();
  }

  /** What a trial in a folder is configured as. */
  static Configuration trial(Path folder) throws Refusal {
    return Configuration.read(
        Optional.empty(),
        Map.of(),
        Map.of(
            "public.port",
            "0",
            "admin.port",
            "0",
            "management.port",
            "0",
            "log.level",
            "warn",
            "redis.directory",
            folder.toString()));
  }

  /** Logs in by an assertion and gives the session ID. */
  String login(String subject) {
    var response =
        client.send("POST", "/v1/login", assertion(subject), "Content-Type", "application/jwt");
    return Client.sessionId(response)
        .orElseThrow(() -> new IllegalStateException("no login: " + response.body()));
  }

  @Override
  public void close() {
    client.close();
    admin.close();
    management.close();
    node.close();
  }
}
