package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;

class GoneClientTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void servesOthersWhenClientsLeaveBeforeTheirReply() {
    int port = rig.open(Rig.settings());
    String cookie = rig.logIn(port, "alice");
    for (int i = 0; i < 100; i++) {
      try (Wire wire = new Wire(port)) {
        wire.write(Wire.request("GET /v1/validate", port, List.of(cookie), ""));
      }
    }
    assertThat(Wire.call(port, "GET /v1/validate", List.of(cookie), "").status()).isEqualTo(200);
    assertThat(rig.tally.lines).noneMatch(line -> line.contains("unavailable"));
  }
}
