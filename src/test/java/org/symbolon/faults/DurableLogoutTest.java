package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.TestNode;
import org.symbolon.redis.Ensemble;
import org.symbolon.redis.RedisServers;

/** Whoever asks again for an end that was not durable is not told that it is until it is. */
class DurableLogoutTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void asksAgain() throws Exception {
    try (Ensemble ensemble = new Ensemble();
        TestNode node =
            TestNode.start(
                ensemble.servers(),
                folder,
                Map.of("revocation.minReplicas", "1", "redis.timeout", "2s"))) {
      String id = node.login("ada");
      RedisServers.Node replica = ensemble.replicas().getFirst();
      ensemble.stop(replica);
      assertThat(logout(node, id)).isEqualTo(503);
      assertThat(logout(node, id)).isEqualTo(503);
      ensemble.resume(replica);
      RedisServers.await(() -> logout(node, id) == 204);
    }
  }

  private static int logout(TestNode node, String id) {
    return node.client().send("POST", "/v1/logout", "", "Cookie", "__Host-sid=" + id).statusCode();
  }
}
