package org.symbolon.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
    return flaw(scanner, head, head.length());
  }

  /** Read in pieces of some size, as it may arrive. */
  private static Optional<String> flaw(HeadScanner scanner, String head, int size) {
    ByteBuf bytes = Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1);
    for (int at = 0; at < head.length(); at += size) {
      scanner.scan(bytes, at, Math.min(at + size, head.length()));
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

  /** Eight bytes are looked at together; none may hide behind the others. */
  @Test
  void findsAByteAtEveryPlace() {
    String plain = "X-A: abcdefghijklmnopqrstuvwxyz\u0080\u00ff\t~ ";
    for (int at = 5; at < plain.length(); at++) {
      for (int bad = 0; bad < 256; bad++) {
        boolean isControl = (bad < ' ' && bad != '\t') || bad == 0x7f;
        String line = plain.substring(0, at) + (char) bad + plain.substring(at);
        for (int size : new int[] {1, 7, 100}) {
          assertThat(flaw(new HeadScanner(), "GET / HTTP/1.1\r\n" + line + "\r\n\r\n", size))
              .as("%s at %s", bad, at)
              .matches(flaw -> flaw.isPresent() == isControl);
        }
      }
    }
  }

  @Test
  void findsAByteAtEveryPlaceOfTheRequestLine() {
    String target = "/abcdefghijklmnopqrstuvwxyz!~";
    for (int at = 1; at <= target.length(); at++) {
      for (int bad = 0; bad < 256; bad++) {
        boolean isRefused = bad <= ' ' || bad >= 0x7f;
        String line = "GET " + target.substring(0, at) + (char) bad + target.substring(at);
        assertThat(flaw(new HeadScanner(), line + " HTTP/1.1\r\nA: b\r\n\r\n"))
            .as("%s at %s", bad, at)
            .matches(flaw -> flaw.isPresent() == isRefused);
      }
    }
  }
}
