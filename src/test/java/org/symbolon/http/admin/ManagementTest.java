package org.symbolon.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class ManagementTest {
  private final Rig rig = new Rig();
  private int port;

  @BeforeEach
  void open() {
    port = rig.openManagement(ListenerSettings.plain("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Answer get(String path) {
    return Wire.call(port, "GET " + path, List.of(), "");
  }

  @Test
  void isAliveWhateverTheStoreDoes() {
    rig.obstacles.add("redis: no answer");
    assertThat(get("/livez").status()).isEqualTo(200);
    assertThat(get("/livez").body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void isReadyUntilSomethingStandsInTheWay() {
    assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ok\"}");
    rig.obstacles.add("redis: no answer");
    Answer answer = get("/readyz");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo("{\"status\":\"unready\",\"obstacles\":[\"redis: no answer\"]}");
  }

  @Test
  void showsMetricsInTheirMediaType() {
    Answer answer = get("/metrics");
    assertThat(answer.one("Content-Type")).isEqualTo("text/plain; version=0.0.4");
    assertThat(answer.body()).isEqualTo("up 1\n");
    assertThat(Wire.call(port, "HEAD /metrics", List.of(), "").status()).isEqualTo(200);
  }
}
