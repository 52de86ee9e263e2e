package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.Limits;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;

/** The deadlines are short here; no test depends on how long they take. */
class SlowClientTest {
  private static final String POST =
      "POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/jwt\r\n";
  private static final String ANONYMOUS = "GET /v1/validate HTTP/1.1\r\nHost: a\r\n\r\n";
  private final Rig rig = new Rig();
  private int port;

  @BeforeEach
  void open() {
    Limits limits = Limits.DEFAULT.withDeadlines(Duration.ofMillis(300), Duration.ofMillis(300));
    port = rig.open(Rig.on(listener -> Rig.limited(listener, limits)));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void closesAConnectionThatSaysNothing() {
    try (Wire wire = new Wire(port)) {
      assertThat(wire.isClosed()).isTrue();
    }
  }

  @Test
  void closesAConnectionThatNeverEndsItsHead() {
    try (Wire wire = new Wire(port)) {
      assertThat(wire.write("GET / HTTP/1.1\r\nHost: a\r\nX-A: b").isClosed()).isTrue();
    }
  }

  @Test
  void closesOneThatSpreadsItsHeadOverTime() throws Exception {
    try (Wire wire = new Wire(port)) {
      wire.write("GET / HTTP/1.1\r\nHost: a\r\n");
      boolean closed = false;
      for (int i = 0; i < 200 && !closed; i++) {
        Thread.sleep(50);
        try {
          wire.write("X-" + i + ": b\r\n");
        } catch (java.io.UncheckedIOException e) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void closesAConnectionWhoseFurtherRequestIsSlow() {
    try (Wire wire = new Wire(port)) {
      assertThat(wire.write(ANONYMOUS).read(false).status()).isEqualTo(401);
      assertThat(wire.write("GET / HT").isClosed()).isTrue();
    }
  }

  @Test
  void closesAConnectionWhoseBodyNeverComes() {
    try (Wire wire = new Wire(port)) {
      wire.write(POST + "Content-Length: 10\r\n\r\nabc");
      assertThat(wire.isClosed()).isTrue();
    }
  }

  @Test
  void closesAConnectionWhoseChunksNeverEnd() {
    try (Wire wire = new Wire(port)) {
      wire.write(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      assertThat(wire.isClosed()).isTrue();
    }
  }

  @Test
  void keepsAnIdleConnectionBetweenRequests() throws Exception {
    try (Wire wire = new Wire(port)) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.write(ANONYMOUS).read(false).status()).isEqualTo(401);
        Thread.sleep(500);
      }
      assertThat(wire.write(ANONYMOUS).read(false).status()).isEqualTo(401);
    }
  }

  @Test
  void doesNotCountItsOwnWaitAgainstTheClient() throws Exception {
    String cookie = rig.logIn(port, "alice");
    try (Wire wire = new Wire(port)) {
      wire.write(Wire.request("GET /v1/validate", port, List.of(cookie), ""));
      assertThat(wire.read(false).status()).isEqualTo(200);
    }
  }
}
