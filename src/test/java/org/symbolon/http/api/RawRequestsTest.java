package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.http.Limits;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class RawRequestsTest {
  private static final String GET = "GET /v1/me/sessions HTTP/1.1\r\n";
  private static final String HOST = "Host: localhost\r\n";
  private static final String POST =
      "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/jwt\r\n";
  private static final Rig RIG = new Rig();
  private static final List<Integer> PORTS = new ArrayList<>();

  @BeforeAll
  static void open() {
    PORTS.add(RIG.open(Rig.settings()));
    PORTS.add(RIG.openAdmin());
    PORTS.add(RIG.openManagement(ListenerSettings.plain("127.0.0.1", 0)));
  }

  @AfterAll
  static void close() throws Exception {
    RIG.close();
  }

  private static Arguments refused(String what, int status, String request) {
    return Arguments.of(what, status, request);
  }

  static List<Arguments> malformed() {
    return List.of(
        refused("no Host", 400, GET + "\r\n"),
        refused("no Host in HTTP/1.0", 400, "GET / HTTP/1.0\r\n\r\n"),
        refused("two Hosts", 400, GET + HOST + HOST + "\r\n"),
        refused("two different Hosts", 400, GET + HOST + "host: evil\r\n\r\n"),
        refused("empty Host", 400, GET + "Host:\r\n\r\n"),
        refused("Host with a path", 400, GET + "Host: a/b\r\n\r\n"),
        refused("Host with a user", 400, GET + "Host: u@a\r\n\r\n"),
        refused("Host with a space", 400, GET + "Host: a b\r\n\r\n"),
        refused("list of Hosts", 400, GET + "Host: a, b\r\n\r\n"),
        refused("folded line", 400, GET + HOST + "X-A: b\r\n c\r\n\r\n"),
        refused("folded line with a tab", 400, GET + HOST + "X-A: b\r\n\tc\r\n\r\n"),
        refused("folded Host", 400, GET + "Host:\r\n localhost\r\n\r\n"),
        refused("folded empty line", 400, GET + HOST + "X-A: b\r\n \r\n\r\n"),
        refused("first line folded", 400, GET + " " + HOST + "\r\n"),
        refused("space before the colon", 400, GET + "Host : localhost\r\n\r\n"),
        refused("tab before the colon", 400, GET + HOST + "X-A\t: b\r\n\r\n"),
        refused("no colon", 400, GET + HOST + "X-A\r\n\r\n"),
        refused("no name", 400, GET + HOST + ": b\r\n\r\n"),
        refused("the mark of refusal", 400, GET + HOST + ":refused: b\r\n\r\n"),
        refused("NUL in a value", 400, GET + HOST + "X-A: b\0c\r\n\r\n"),
        refused("NUL in a name", 400, GET + HOST + "X\0A: b\r\n\r\n"),
        refused("NUL in the target", 400, "GET /\0 HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("bell in a value", 400, GET + HOST + "X-A: \7\r\n\r\n"),
        refused("DEL in a value", 400, GET + HOST + "X-A: \177\r\n\r\n"),
        refused("bare CR in a value", 400, GET + HOST + "X-A: b\rX-B: c\r\n\r\n"),
        refused("bare LF after a line", 400, GET + HOST + "X-A: b\nX-B: c\r\n\r\n"),
        refused("bare LFs alone", 400, "GET / HTTP/1.1\nHost: a\n\n"),
        refused("CR CR LF", 400, GET + HOST + "X-A: b\r\r\n\r\n"),
        refused("name with a blank", 400, GET + HOST + "X A: b\r\n\r\n"),
        refused("name beyond ASCII", 400, GET + HOST + "X-\u00e9: b\r\n\r\n"),
        refused("no version", 400, "GET /\r\n" + HOST + "\r\n"),
        refused("HTTP/1.2", 400, "GET / HTTP/1.2\r\n" + HOST + "\r\n"),
        refused("HTTP/2.0", 400, "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
        refused("HTTP/0.9", 400, "GET / HTTP/0.9\r\n" + HOST + "\r\n"),
        refused("http/1.1", 400, "GET / http/1.1\r\n" + HOST + "\r\n"),
        refused("another protocol", 400, "GET / FOO/1.1\r\n" + HOST + "\r\n"),
        refused("preface of HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        refused("two spaces", 400, "GET  / HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("a tab between", 400, "GET\t/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("four words", 400, "GET / x HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("target beyond ASCII", 400, "GET /\u00e9 HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("target with a fragment", 400, "GET /#a HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("target of another host", 400, "GET http://evil/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused(
            "target of another scheme", 400, "GET ftp://localhost/ HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("target without a slash", 400, "GET v1 HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("asterisk", 400, "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
        refused(
            "length and chunks",
            400,
            POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "chunks and length",
            400,
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        refused("two lengths", 400, POST + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
        refused(
            "the same length twice",
            400,
            POST + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"),
        refused("list of lengths", 400, POST + "Content-Length: 4, 4\r\n\r\nabcd"),
        refused("length with a sign", 400, POST + "Content-Length: +4\r\n\r\nabcd"),
        refused("negative length", 400, POST + "Content-Length: -4\r\n\r\n"),
        refused("hexadecimal length", 400, POST + "Content-Length: 0x4\r\n\r\nabcd"),
        refused("empty length", 400, POST + "Content-Length:\r\n\r\n"),
        refused(
            "length beyond 64 bits", 400, POST + "Content-Length: 99999999999999999999\r\n\r\n"),
        refused(
            "chunks in HTTP/1.0",
            400,
            "POST /v1/login HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused("unknown coding", 400, POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        refused(
            "gzip before chunked", 400, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "chunked before identity",
            400,
            POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        refused(
            "chunked twice",
            400,
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused(
            "chunked after a vertical tab",
            400,
            POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        refused(
            "Hixie's handshake",
            400,
            GET
                + HOST
                + "Upgrade: WebSocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Key1: a\r\n"
                + "Sec-WebSocket-Key2: b\r\n\r\n"),
        refused("unknown method", 405, "FOO / HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("TRACE", 405, "TRACE / HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("CONNECT", 405, "CONNECT localhost:80 HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("method in lower case", 405, "get / HTTP/1.1\r\n" + HOST + "\r\n"),
        refused("method that is no token", 400, "G@T / HTTP/1.1\r\n" + HOST + "\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesOnEveryListener(String what, int status, String request) {
    for (int port : PORTS) {
      try (Wire wire = new Wire(port)) {
        // A second request in the same bytes is what smuggling wants answered.
        Answer answer = wire.write(request + GET + HOST + "\r\n").read(false);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        SecurityFieldsTest.assertSecure(answer);
        assertThat(answer.one("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.one("Connection")).isEqualTo("close");
        assertThat(answer.all("Allow")).hasSize(status == 405 ? 1 : 0);
        assertThat(wire.read(false).status()).as("a second reply").isZero();
        assertThat(wire.isClosed()).isTrue();
      }
    }
  }

  static List<Arguments> brokenChunks() {
    return List.of(
        Arguments.of("negative size", "-1\r\nx\r\n0\r\n\r\n"),
        Arguments.of("no size", "\r\nx\r\n0\r\n\r\n"),
        Arguments.of("size with a prefix", "0x1\r\nx\r\n0\r\n\r\n"),
        Arguments.of("size with a bare LF", "1\nx\r\n0\r\n\r\n"),
        Arguments.of("size beyond 32 bits", "100000001\r\nx\r\n0\r\n\r\n"),
        Arguments.of("more than its size", "1\r\nxyz\r\n0\r\n\r\n"),
        Arguments.of("extension with a bare LF", "1;a\nb\r\nx\r\n0\r\n\r\n"),
        Arguments.of("trailer with a bare LF", "0\r\nX-A: b\nX-B: c\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenChunks")
  void answersNothingBehindABrokenChunk(String what, String body) {
    try (Wire wire = new Wire(PORTS.getFirst())) {
      Answer answer =
          wire.write(POST + "Transfer-Encoding: chunked\r\n\r\n" + body + GET + HOST + "\r\n")
              .read(false);
      assertThat(answer.status()).isIn(0, 400);
      assertThat(wire.isClosed()).isTrue();
    }
  }

  static List<Arguments> wellFormed() {
    return List.of(
        Arguments.of("HTTP/1.0", "GET /v1/validate HTTP/1.0\r\n" + HOST + "\r\n"),
        Arguments.of("empty lines before", "\r\n\r\n" + GET + HOST + "\r\n"),
        Arguments.of(
            "its own URL", "GET http://localhost/v1/validate HTTP/1.1\r\n" + HOST + "\r\n"),
        Arguments.of("IPv6 host", GET + "Host: [::1]:8080\r\n\r\n"),
        Arguments.of("empty value", GET + HOST + "X-A:\r\nX-B:  \t \r\n\r\n"),
        Arguments.of("value beyond ASCII", GET + HOST + "User-Agent: caf\u00e9\r\n\r\n"),
        Arguments.of("value with a tab", GET + HOST + "X-A: b\tc\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wellFormed")
  void takes(String what, String request) {
    assertThat(Wire.send(PORTS.getFirst(), request).status()).isEqualTo(401);
  }

  @Test
  void judgesAHeadThatArrivesByteByByte() {
    for (Arguments arguments : malformed()) {
      String request = (String) arguments.get()[2];
      try (Wire wire = new Wire(PORTS.getFirst())) {
        int half = request.length() / 2;
        wire.write(request.substring(0, half));
        wire.write(request.substring(half));
        assertThat(wire.read(false).status()).isEqualTo((int) arguments.get()[1]);
      }
    }
    try (Wire wire = new Wire(PORTS.getFirst())) {
      (GET + HOST + "X-A: b\r\n c\r\n\r\n").chars().forEach(c -> wire.write("" + (char) c));
      assertThat(wire.read(false).status()).isEqualTo(400);
    }
  }

  @Test
  void answersThoseBeforeAMalformedOneInTheirTurn() {
    try (Wire wire = new Wire(PORTS.getFirst())) {
      String cookie = RIG.logIn(PORTS.getFirst(), "alice");
      wire.write(GET + HOST + cookie + "\r\n\r\n" + GET + HOST + "X-A: b\r\n c\r\n\r\n");
      assertThat(wire.read(false).status()).isEqualTo(200);
      assertThat(wire.read(false).status()).isEqualTo(400);
      assertThat(wire.isClosed()).isTrue();
    }
  }

  private static String fields(int count) {
    StringBuilder fields = new StringBuilder();
    IntStream.range(0, count).forEach(i -> fields.append("X-").append(i).append(": v\r\n"));
    return fields.toString();
  }

  private static Limits limits(int port) {
    return port == PORTS.getFirst() ? Limits.PUBLIC : Limits.DEFAULT;
  }

  @Test
  void takesAsManyFieldsAsItsLimitAndNoMore() {
    for (int port : PORTS) {
      int most = limits(port).fields();
      assertThat(Wire.send(port, GET + HOST + fields(most - 1) + "\r\n").status())
          .isNotEqualTo(431);
      assertLimit(port, GET + HOST + fields(most) + "\r\n", 431, "headers-too-large");
      assertLimit(port, GET + HOST + fields(900) + "\r\n", 431, "headers-too-large");
    }
  }

  @Test
  void takesARequestLineOf4KibibytesAndNoMore() {
    String start = "GET /v1/validate?";
    String end = " HTTP/1.1";
    int room = 4096 - start.length() - end.length();
    for (int port : PORTS) {
      String most = start + "q".repeat(room) + end + "\r\n" + HOST + "\r\n";
      assertThat(Wire.send(port, most).status()).isNotEqualTo(414);
      assertLimit(
          port,
          start + "q".repeat(room + 1) + end + "\r\n" + HOST + "\r\n",
          414,
          "request-line-too-long");
    }
  }

  @Test
  void takesHeadersUpToItsLimitAndNoMore() {
    String start = "Host: localhostX-A: ";
    for (int port : PORTS) {
      String most = "a".repeat(limits(port).head() - start.length());
      assertThat(Wire.send(port, GET + HOST + "X-A: " + most + "\r\n\r\n").status())
          .isNotEqualTo(431);
      assertLimit(port, GET + HOST + "X-A: " + most + "a\r\n\r\n", 431, "headers-too-large");
    }
  }

  @Test
  void takesABodyOf16KibibytesAndNoMore() {
    for (int port : PORTS) {
      String start = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: ";
      assertThat(Wire.send(port, start + "16384\r\n\r\n" + "b".repeat(16384)).status())
          .isEqualTo(404);
      assertLimit(port, start + "16385\r\n\r\n" + "b".repeat(16385), 413, "body-too-large");
    }
  }

  private static void assertLimit(int port, String request, int status, String code) {
    try (Wire wire = new Wire(port)) {
      Answer answer = wire.write(request).read(false);
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body()).contains("urn:symbolon:problem:" + code, "mend");
      SecurityFieldsTest.assertSecure(answer);
      assertThat(wire.isClosed()).isTrue();
    }
  }
}
