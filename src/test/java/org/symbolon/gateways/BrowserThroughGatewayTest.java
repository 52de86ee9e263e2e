package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.browser.Browser;

/** A real Chromium, over TLS through a real gateway, while session IDs rotate. */
class BrowserThroughGatewayTest {
  private static final String NAME = "__Host-sid";

  /** Loads twenty parts of a page at once and opens a WebSocket meanwhile. */
  private static final String LOAD =
      """
      const parts = Array.from({length: 20}, (_, i) => fetch(`/part/${i}`).then(r => r.status));
      const echo = new Promise(done => {
        const socket = new WebSocket(`wss://${location.host}/socket`);
        socket.onopen = () => socket.send('ping');
        socket.onmessage = message => { socket.close(); done(message.data); };
        socket.onerror = () => done('refused');
      });
      const images = Array.from(document.images, image => image.naturalWidth);
      return {statuses: await Promise.all(parts), echo: await echo, images};
      """;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @EnumSource(names = {"NGINX", "HAPROXY"})
  void nobodyIsLoggedOutWhileIdsRotate(RunningGateway.Daemon daemon) throws Exception {
    Map<String, String> rotation = Map.of("rotation.age", "3s", "rotation.overlap", "3s");
    Path stuff = Files.createDirectory(folder.resolve("stage"));
    try (Stage stage = Stage.set(stuff, rotation);
        RunningGateway gateway = RunningGateway.start(daemon, stage, UnaryOperator.identity());
        Browser chromium = new Browser(folder.resolve("profile"))) {
      String site = gateway.visitor().origin();
      chromium.open(site + "/v1/login");
      assertThat(login(chromium, stage.node().assertion("alice"))).isEqualTo(200);
      Set<String> held = new LinkedHashSet<>(Set.of(held(chromium)));
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      int rounds = 0;
      while (held.size() < 4 && System.nanoTime() < end) {
        rounds++;
        chromium.open(site + "/page?round=" + rounds);
        JsonNode loaded = chromium.run(LOAD);
        assertThat(loaded.path("echo").asText()).isEqualTo("ping");
        assertThat(loaded.path("statuses").valueStream().map(JsonNode::asInt).toList())
            .hasSize(20)
            .containsOnly(200);
        assertThat(loaded.path("images").valueStream().map(JsonNode::asInt).toList())
            .hasSize(20)
            .containsOnly(1);
        held.add(held(chromium));
      }
      assertThat(held).as("IDs in the jar after %d rounds", rounds).hasSizeGreaterThanOrEqualTo(4);
      assertThat(gateway.visitor().get("/last", "Cookie: " + NAME + "=" + held(chromium)).status())
          .isEqualTo(200);
      assertThat(stage.node().management().send("GET", "/metrics", "").body())
          .contains(
              "symbolon_rotation_total{gateway=\"" + daemon.text() + "\",outcome=\"confirmed\"}")
          .doesNotContainPattern("symbolon_rotation_total\\{[^}]*outcome=\"reuse\"} [1-9]");
    }
  }

  private static String held(Browser chromium) {
    return chromium.cookie(NAME).orElseThrow().path("value").asText();
  }

  private static int login(Browser chromium, String assertion) {
    return chromium
        .run(
            "return (await fetch('/v1/login', {method: 'POST',"
                + " headers: {'Content-Type': 'application/jwt'}, body: '"
                + assertion
                + "'})).status;")
        .asInt();
  }
}
