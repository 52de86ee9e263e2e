package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/**
 * The npm package dpop against the whole service. Node.js and the package are not kept here: {@code
 * npm i dpop@2.1.2} in a folder, and
 *
 * <pre>mvn test -Dtest=DpopClientTest -Ddpop.folder=/path/to/the/folder</pre>
 */
@EnabledIfSystemProperty(named = "dpop.folder", matches = ".+")
class DpopClientTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void itsProofsLogInAndValidateOnceEach() throws Exception {
    Path script = folder.resolve("dpop-client.mjs");
    try (var in =
        Objects.requireNonNull(
            DpopClientTest.class.getResourceAsStream("/proof/dpop-client.mjs"))) {
      Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
    }
    try (RedisServers servers = RedisServers.standalone();
        TestNode node =
            TestNode.start(
                servers, folder, Map.of("binding.dpop", "enforce", "redis.timeout", "5s"))) {
      for (String alg : List.of("ES256", "RS256", "PS256")) {
        Process process =
            new ProcessBuilder(
                    "node",
                    script.toString(),
                    System.getProperty("dpop.folder", ""),
                    "http://127.0.0.1:" + node.port(),
                    node.assertion("alice"),
                    alg)
                .redirectErrorStream(true)
                .start();
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEqualTo(alg + " 401 200 200 401 Session error=\"binding-replayed\"");
      }
    }
  }
}
