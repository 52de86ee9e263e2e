package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scanner alone: some of what it refuses the decoder behind it refuses as well. */
class HeadScannerTest {
  private static Optional<String> flaw(HeadScanner scanner, String head) {
    for (byte next : head.getBytes(StandardCharsets.ISO_8859_1)) {
      if (!scanner.process(next)) {
        break;
      }
    }
    return scanner.flaw();
  }

  static List<Arguments> flaws() {
    return List.of(
        Arguments.of("GET / HTTP/1.1\r\nA: b\rC: d\r\n", "CR stands"),
        Arguments.of("GET / HTTP/1.1\r\nA: b\r\r\n", "CR stands"),
        Arguments.of("GET / HTTP/1.1\rA: b\r\n", "CR stands"),
        Arguments.of("GET / HTTP/1.1\n", "LF stands"),
        Arguments.of("GET / HTTP/1.1\r\nA: b\n", "LF stands"),
        Arguments.of("GET / HTTP/1.1\r\nA: b\r\n\tc", "folded"),
        Arguments.of("GET / HTTP/1.1\r\n A: b", "folded"),
        Arguments.of("GET / HTTP/1.1\r\nA: \0", "control byte"),
        Arguments.of("GET / HTTP/1.1\r\nA: \177", "control byte"),
        Arguments.of("GET /\t HTTP/1.1\r\n", "not visible"),
        Arguments.of("GET /\u00e9 HTTP/1.1\r\n", "not visible"),
        Arguments.of("GET  / HTTP/1.1\r\n", "three words"),
        Arguments.of("GET /\r\n", "three words"));
  }

  @ParameterizedTest
  @MethodSource("flaws")
  void findsAFlaw(String head, String flaw) {
    assertThat(flaw(new HeadScanner(), head)).hasValueSatisfying(f -> assertThat(f).contains(flaw));
  }

  @Test
  void findsNoneInRequestsThatFollowEachOther() {
    HeadScanner scanner = new HeadScanner();
    for (String before : List.of("", "\r\n", "\r\n\r\n")) {
      String head = before + "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\tc \u00e9\r\n\r\n";
      assertThat(flaw(scanner, head)).isEmpty();
      scanner.restart();
    }
  }
}
