package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private final Rig rig = new Rig();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Listener listener(int port, int eventLoops) {
    Responder responder = new Responder(rig.tally);
    ListenerSettings settings =
        new ListenerSettings(
            "127.0.0.1",
            port,
            java.util.Optional.empty(),
            TrustedPeers.NONE,
            Limits.DEFAULT,
            eventLoops);
    return new Listener(
        rig.vertx,
        "test",
        settings,
        responder,
        rig.tally,
        exchange -> {
          threads.add(Thread.currentThread().getName());
          responder.send(exchange, Reply.empty(200));
        });
  }

  @Test
  void sharesItsConnectionsAmongEventLoops() {
    Listener listener = listener(0, 2);
    int port = listener.start().await();
    for (int i = 0; i < 16; i++) {
      assertThat(Wire.call(port, "GET /", List.of(), "").status()).isEqualTo(200);
    }
    assertThat(threads).hasSize(2);
    listener.close().await();
    assertThatThrownBy(() -> new Wire(port)).hasMessageContaining("refused");
  }

  @Test
  void listensOnItsOwnPortBesideOthers() {
    Listener one = listener(0, 2);
    Listener two = listener(0, 2);
    assertThat(one.start().await()).isNotEqualTo(two.start().await());
    one.close().await();
    two.close().await();
  }

  @Test
  void failsToStartOnAPortInUse() throws Exception {
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> listener(taken.getLocalPort(), 1).start().await())
          .hasMessage(
              "port: "
                  + taken.getLocalPort()
                  + " is in use; choose another or end the program that has it");
    }
  }
}
