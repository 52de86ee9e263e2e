package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.Certificate;

/** Whom the service trusts where it speaks TLS to Redis; the server is Debian's, which has TLS. */
class RedisTlsTest {
  @TempDir private Path folder = Path.of("");
  private Certificate certificate = new Certificate(Path.of(""), Path.of(""));

  @BeforeEach
  void make() throws IOException, InterruptedException {
    certificate = Certificate.selfSigned(folder, "redis", "DNS:localhost,IP:127.0.0.1");
  }

  private static String[] lines(int port, Certificate certificate) {
    return new String[] {
      "tls-port " + port,
      "tls-cert-file \"" + certificate.chain() + "\"",
      "tls-key-file \"" + certificate.key() + "\"",
      "tls-auth-clients no"
    };
  }

  private static RedisSettings settings(
      RedisServers servers, String node, Optional<Path> authority) {
    RedisSettings plain = servers.settings();
    return new RedisSettings(
        List.of(URI.create("rediss://" + node)),
        plain.mode(),
        plain.username(),
        plain.password(),
        plain.timeout(),
        authority,
        plain.sentinel());
  }

  private static String opened(RedisSettings settings) {
    return switch (StoreCheck.open(settings)) {
      case StoreCheck.Ready(RedisLink link) -> {
        link.close();
        yield "ready";
      }
      case Obstacle obstacle -> obstacle.toString();
    };
  }

  @Test
  void trustsTheConfiguredAuthorityForTheNameInTheCertificate() throws IOException {
    int port = RedisProcess.freePort();
    try (RedisServers servers = RedisServers.packaged(lines(port, certificate));
        OpenStore store =
            new OpenStore(
                settings(servers, "localhost:" + port, Optional.of(certificate.chain())))) {
      Random random = new Random();
      store.created(Samples.draft(Samples.subject(random), random));
      assertThat(opened(settings(servers, "127.0.0.1:" + port, Optional.of(certificate.chain()))))
          .isEqualTo("ready");
    }
  }

  @Test
  void refusesAnAuthorityThatDidNotSignIt() throws IOException, InterruptedException {
    Certificate other = Certificate.selfSigned(folder, "other", "DNS:localhost");
    int port = RedisProcess.freePort();
    try (RedisServers servers = RedisServers.packaged(lines(port, certificate))) {
      assertThat(opened(settings(servers, "localhost:" + port, Optional.of(other.chain()))))
          .startsWith("store-tls: ")
          .contains("redis.ca");
      assertThat(opened(settings(servers, "localhost:" + port, Optional.empty())))
          .startsWith("store-tls: ");
    }
  }

  @Test
  void refusesACertificateForAnotherHost() throws IOException, InterruptedException {
    Certificate elsewhere = Certificate.selfSigned(folder, "elsewhere", "DNS:elsewhere.test");
    int port = RedisProcess.freePort();
    try (RedisServers servers = RedisServers.packaged(lines(port, elsewhere))) {
      assertThat(opened(settings(servers, "localhost:" + port, Optional.of(elsewhere.chain()))))
          .startsWith("store-tls: ")
          .contains("localhost");
    }
  }

  @Test
  void refusesAServerThatSpeaksPlaintext() throws IOException {
    try (RedisServers servers = RedisServers.packaged()) {
      int port = servers.settings().nodes().getFirst().getPort();
      assertThat(opened(settings(servers, "localhost:" + port, Optional.of(certificate.chain()))))
          .startsWith("store-")
          .doesNotStartWith("store-permission");
    }
  }

  @Test
  void speaksTlsToSentinelsAndTheMasterThatTheyName() throws IOException {
    int master = RedisProcess.freePort();
    int sentinel = RedisProcess.freePort();
    try (RedisServers servers =
        RedisServers.sentinelOverTls(
            master, lines(master, certificate), lines(sentinel, certificate))) {
      assertThat(
              opened(settings(servers, "localhost:" + sentinel, Optional.of(certificate.chain()))))
          .isEqualTo("ready");
    }
  }
}
