package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.symbolon.token.KeyRing;

/** The services that are compared, Symbolon first. */
final class Contenders {
  static final int SESSIONS = 100;
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private Contenders() {}

  /** A contender by its name and its way to start. */
  private record Named(String name, Start how) implements Contender {
    @Override
    public Running start(int redis, Path folder) throws IOException, InterruptedException {
      return how.start(redis, folder);
    }
  }

  @FunctionalInterface
  private interface Start {
    Contender.Running start(int redis, Path folder) throws IOException, InterruptedException;
  }

  /** The login of the nth user. */
  @FunctionalInterface
  private interface Login {
    HttpRequest.Builder of(Server server, int user);
  }

  /**
   * @param root the folder of the project
   */
  static List<Contender> all(Path root) {
    return List.of(
        new Named("symbolon hit", (redis, folder) -> symbolon(root, "hit", true, redis, folder)),
        new Named(
            "symbolon strict", (redis, folder) -> symbolon(root, "strict", false, redis, folder)),
        new Named("symbolon dbsc", (redis, folder) -> BoundSessions.dbsc(root, redis, folder)),
        new Named("symbolon dpop", (redis, folder) -> BoundSessions.dpop(root, redis, folder)),
        new Named("bare vert.x", (_, folder) -> bare(folder)),
        new Named("spring session", (redis, folder) -> spring(root, redis, folder)),
        new Named("vertx-web sessions", Contenders::web),
        new Named("express-session", (redis, folder) -> express(root, redis, folder)));
  }

  private static Contender.Running symbolon(
      Path root, String name, boolean isCached, int redis, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    Map<String, String> environment = new HashMap<>(symbolon(port, redis));
    environment.put("SYMBOLON_NEAR_CACHE_ENABLED", Boolean.toString(isCached));
    Server server =
        Server.start(
                "symbolon-" + name,
                port,
                environment,
                folder,
                List.of(root.resolve("src/main/sh/symbolon").toString(), "serve"))
            .answering("/v1/validate");
    return running(server, "/v1/validate", Contenders::issue);
  }

  /** A session of the nth user, by a backend. */
  static HttpRequest.Builder issue(Server server, int user) {
    return server
        .request("/v1/sessions")
        .header("Authorization", "Bearer backend." + SECRET)
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"subject\":\"user-%03d\",\"acr\":\"aal2\",\"amr\":[\"pwd\",\"otp\"]}"
                    .formatted(user)));
  }

  /** What it is told; the JVM's heap is as large as the others'. */
  static Map<String, String> symbolon(int port, int redis) {
    KeyRing ring = KeyRing.generate(new SecureRandom());
    return Map.ofEntries(
        Map.entry("JDK_JAVA_OPTIONS", "-Xmx512m"),
        Map.entry("JAVA_HOME", System.getProperty("java.home")),
        Map.entry("SYMBOLON_PUBLIC_PORT", Integer.toString(port)),
        Map.entry("SYMBOLON_ADMIN_PORT", "0"),
        Map.entry("SYMBOLON_MANAGEMENT_PORT", "0"),
        Map.entry("SYMBOLON_REDIS_MODE", "standalone"),
        Map.entry("SYMBOLON_REDIS_NODES", "127.0.0.1:" + redis),
        Map.entry("SYMBOLON_REDIS_PASSWORD", RedisServer.PASSWORD),
        Map.entry("SYMBOLON_KEYS_RING", ring.text().reveal()),
        Map.entry("SYMBOLON_SERVICES_BACKEND_SECRET_SHA256", sha256(SECRET)),
        Map.entry("SYMBOLON_SERVICES_BACKEND_SCOPES", "issue"));
  }

  private static Contender.Running bare(Path folder) throws IOException, InterruptedException {
    int port = Server.freePort();
    Server server =
        Server.start("bare", port, Map.of(), folder, Server.java(BareServer.class, "" + port))
            .answering("/");
    String cookie = "theme=dark; lang=en-GB; consent=necessary; __Host-sid=" + "A".repeat(36);
    return new Contender.Running(server, "/v1/validate", List.of(cookie));
  }

  private static Contender.Running web(int redis, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    Server server =
        Server.start(
                "vertx-web",
                port,
                Map.of(),
                folder,
                Server.java(WebSessions.class, "" + port, "" + redis))
            .answering("/validate");
    return running(server, "/validate", Contenders::login);
  }

  private static Contender.Running spring(Path root, int redis, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    Path peer = root.resolve("benchmarks/peers/spring/target");
    Server server =
        Server.start(
                "spring",
                port,
                Map.of(),
                folder,
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseCompactObjectHeaders",
                    "-Xmx512m",
                    "-cp",
                    peer.resolve("classes") + ":" + peer.resolve("lib") + "/*",
                    "org.symbolon.benchmarks.spring.SpringSessions",
                    "--server.port=" + port,
                    "--server.address=127.0.0.1",
                    "--spring.data.redis.port=" + redis))
            .answering("/validate");
    return running(server, "/validate", Contenders::login);
  }

  private static Contender.Running express(Path root, int redis, Path folder)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    Path script = root.resolve("benchmarks/peers/express/server.js");
    Server server =
        Server.start(
                "express",
                port,
                Map.of("NODE_ENV", "production"),
                folder,
                List.of("node", script.toString(), "" + port, "" + redis))
            .answering("/validate");
    return running(server, "/validate", Contenders::login);
  }

  private static HttpRequest.Builder login(Server server, int user) {
    return server
        .request("/login?user=user-%03d".formatted(user))
        .POST(HttpRequest.BodyPublishers.noBody());
  }

  private static Contender.Running running(Server server, String path, Login login)
      throws IOException, InterruptedException {
    List<String> cookies = new ArrayList<>();
    for (int user = 0; user < SESSIONS; user++) {
      cookies.add(server.begin(login.of(server, user)));
    }
    return new Contender.Running(server, path, cookies);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
