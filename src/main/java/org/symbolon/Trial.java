package org.symbolon;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.symbolon.cli.Symbolon;
import org.symbolon.config.Configuration;
import org.symbolon.redis.EmbeddedRedis;
import org.symbolon.session.ClientClass;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.token.Credential;
import org.symbolon.token.DemoIssuer;
import org.symbolon.token.JwksValue;
import org.symbolon.token.KeyRing;
import org.symbolon.token.TrustedIssuer;

/** What stands in, for trying out, for what an operator has not set up yet. */
final class Trial implements AutoCloseable {
  private static final String ISSUER = "https://demo.symbolon.invalid";

  private static final Map<String, Set<Services.Role>> ROLES =
      Map.of(
          "operator", Set.of(Services.Role.ADMIN, Services.Role.BREAK_GLASS),
          "approver", Set.of(Services.Role.APPROVER));

  private final Configuration configuration;
  private final Path folder;
  private final EmbeddedRedis redis;
  private final DemoIssuer issuer;

  private Trial(Configuration configuration, Path folder, EmbeddedRedis redis, DemoIssuer issuer) {
    this.configuration = configuration;
    this.folder = folder;
    this.redis = redis;
    this.issuer = issuer;
  }

  /** Starts Redis, and takes or makes the keys, in the configured folder. */
  static Trial start(Configuration configuration, SecureRandom random, InstantSource clock)
      throws Symbolon.StartFailure {
    Path folder = configuration.redis().directory().toAbsolutePath().normalize();
    try {
      EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0, random);
      DemoIssuer issuer =
          new DemoIssuer(
              folder.resolve("demo-issuer.jwk"),
              ISSUER,
              configuration.assertions().audience(),
              clock);
      return new Trial(configuration, folder, redis, issuer);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  static void createFolder(Configuration configuration) throws Symbolon.StartFailure {
    try {
      Files.createDirectories(configuration.redis().directory());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static Symbolon.StartFailure failure(IOException e) {
    String reason =
        e instanceof AccessDeniedException
            ? e.getMessage() + " can't be written; name a folder of your own"
            : e.getMessage();
    return new Symbolon.StartFailure("redis.directory: " + reason);
  }

  EmbeddedRedis redis() {
    return redis;
  }

  /** The file of the key ring, made where it is missing. */
  Path keyRing(SecureRandom random) throws Symbolon.StartFailure {
    Path file = folder.resolve("keys.txt");
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, KeyRing.generate(random).text().reveal(), StandardOpenOption.WRITE);
      }
      return file;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Two people who may use the admin listener, {@code operator} and {@code approver}, each with a
   * file of their NAME.KEY in the folder.
   */
  List<Credential> operators(SecureRandom random) throws Symbolon.StartFailure {
    List<Credential> operators = new ArrayList<>();
    for (Map.Entry<String, Set<Services.Role>> operator : ROLES.entrySet()) {
      String name = operator.getKey();
      Path file = folder.resolve(name + ".txt");
      try {
        if (!Files.exists(file)) {
          byte[] key = new byte[24];
          random.nextBytes(key);
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          Files.writeString(
              file, name + "." + HexFormat.of().formatHex(key) + "\n", StandardOpenOption.WRITE);
        }
        String key = Files.readString(file).strip().substring(name.length() + 1);
        byte[] hash =
            MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        operators.add(
            new Credential(
                name,
                HexFormat.of().formatHex(hash),
                Set.of(Services.Scope.ADMIN),
                Set.of(),
                operator.getValue()));
      } catch (IOException e) {
        throw failure(e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
    return operators;
  }

  TrustedIssuer trustedIssuer() {
    return new TrustedIssuer(
        ISSUER,
        Set.of("ES256"),
        new JwksValue(issuer.jwks()),
        new TrustedIssuer.Fixed(Tenant.DEFAULT),
        ClientClass.BROWSER);
  }

  SecretText assertion(Subject subject) {
    return issuer.assertion(subject);
  }

  void announce(PrintWriter out, Node.Ports ports) {
    String scheme = configuration.publicListener().tls().isPresent() ? "https" : "http";
    String site = scheme + "://localhost:" + ports.open();
    out.printf(
        """

        Symbolon runs, for trying out: its own Redis, and a demo that signs whomever you name.
        Never let others reach it like this; README.md says how to run it for real.

        Log in as alice, ask what a gateway asks, log out:

        curl -s -c jar -H 'Content-Type: application/jwt' -d "$(curl -s '%1$s/demo/assertion?subject=alice')" %1$s/v1/login
        curl -s -b jar -i %1$s/v1/validate
        curl -s -b jar -c jar -i -X POST %1$s/v1/logout

        Log many out: symbolon campaign --help, and docs/incident.md
        In a browser: %1$s/   Metrics: http://localhost:%2$d/metrics   Data: %3$s
        Control-C ends it; sessions survive.

        """,
        site, ports.management(), folder);
    out.flush();
  }

  @Override
  public void close() {
    redis.close();
  }
}
