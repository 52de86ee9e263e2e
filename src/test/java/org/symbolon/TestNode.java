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
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
public final class TestNode implements AutoCloseable {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  public static final String CREDENTIAL = "backend." + SECRET;

  private static final Set<Path> AUDIT_FILES = ConcurrentHashMap.newKeySet();

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
  public static TestNode start(RedisServers servers, Path folder, Map<String, String> further)
      throws IOException, Refusal, Symbolon.StartFailure {
    Path key = folder.resolve("issuer.jwk");
    DemoIssuer issuer = issuer(key);
    Map<String, String> flags = flags(servers, folder);
    flags.putAll(further);
    return new TestNode(
        Wiring.start(Configuration.read(Optional.empty(), Map.of(), flags)), issuer, key);
  }

  private static DemoIssuer issuer(Path key) throws IOException {
    return new DemoIssuer(key, "https://issuer.test", "symbolon", InstantSource.system());
  }

  /** What such a node is configured as; its files are in a folder. */
  public static Map<String, String> flags(RedisServers servers, Path folder) throws IOException {
    DemoIssuer issuer = issuer(folder.resolve("issuer.jwk"));
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
    Map<String, String> flags = redis(servers.settings());
    flags.put("public.port", "0");
    flags.put("admin.port", "0");
    flags.put("management.port", "0");
    flags.put("keys.file", ring.toString());
    flags.put("issuers.test.issuer", "https://issuer.test");
    flags.put("issuers.test.jwks", jwks.toString());
    flags.put("services.backend.secretSha256", sha256(SECRET));
    flags.put("services.backend.scopes", "issue,introspect,revoke,admin");
    flags.put("drain.delay", "0s");
    flags.put("log.level", "warn");
    flags.put("campaigns.evidence", folder.resolve("evidence").toString());
    flags.put("audit.file", auditFile(folder).toString());
    return flags;
  }

  /** The next free one, since nodes share a folder here, and no audit file. */
  private static Path auditFile(Path folder) {
    Path file = folder.resolve("audit.jsonl");
    for (int i = 2; !AUDIT_FILES.add(file); i++) {
      file = folder.resolve("audit-" + i + ".jsonl");
    }
    return file;
  }

  private static Map<String, String> redis(RedisSettings settings) {
    Map<String, String> flags = new HashMap<>();
    flags.put("redis.mode", settings.mode().name().toLowerCase(Locale.ROOT));
    flags.put(
        "redis.nodes",
        settings.nodes().stream()
            .map(node -> node.getHost() + ":" + node.getPort())
            .collect(Collectors.joining(",")));
    flags.put("redis.username", settings.username().orElseThrow());
    flags.put("redis.password", settings.password().orElseThrow().reveal());
    settings
        .sentinel()
        .flatMap(RedisSettings.Sentinel::password)
        .ifPresent(password -> flags.put("redis.sentinelPassword", password.reveal()));
    return flags;
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

  /** Where browsers and gateways reach it. */
  public int port() {
    return node.publicPort();
  }

  public Client client() {
    return client;
  }

  public Client admin() {
    return admin;
  }

  public Client management() {
    return management;
  }

  public String assertion(String subject) {
    return issuer.assertion(new Subject(subject)).reveal();
  }

  /** Another issuer's, of the same key. */
  String assertion(String iss, String subject) throws IOException {
    return new DemoIssuer(key, iss, "symbolon", InstantSource.system())
        .assertion(new Subject(subject))
        .reveal();
  }

  /** One of another time. */
  String assertion(String subject, Instant at) throws IOException {
    return new DemoIssuer(key, "https://issuer.test", "symbolon", () -> at)
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
  public String login(String subject) {
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
