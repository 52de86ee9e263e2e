package org.symbolon.http;

import io.netty.util.ByteProcessor;
import java.util.Optional;

/**
 * Reads the bytes of a request's head beside the decoder and holds it to RFC 9112 where the decoder
 * is lenient: line ends, folded lines (section 5.2), separators of the request line, control bytes.
 */
final class HeadScanner implements ByteProcessor {
  private boolean inRequestLine = true;
  private boolean lineIsEmpty = true;
  private int spaces;
  private byte previous = '\n';
  private String flaw = "";

  /** Forgets what it read: another request begins. */
  void restart() {
    inRequestLine = true;
    lineIsEmpty = true;
    spaces = 0;
    previous = '\n';
  }

  /** What is wrong with the bytes read so far. */
  Optional<String> flaw() {
    return flaw.isEmpty() ? Optional.empty() : Optional.of(flaw);
  }

  /** True until the request line has ended well. */
  boolean isInRequestLine() {
    return inRequestLine;
  }

  @Override
  public boolean process(byte next) {
    flaw = judge(next);
    previous = next;
    return flaw.isEmpty();
  }

  private String judge(byte next) {
    if (previous == '\r' && next != '\n') {
      return "A CR stands without its LF";
    }
    if (next == '\n') {
      return previous == '\r' ? endOfLine() : "An LF stands without its CR";
    }
    if (next == '\r') {
      return "";
    }
    boolean first = lineIsEmpty;
    lineIsEmpty = false;
    if (inRequestLine) {
      spaces += next == ' ' ? 1 : 0;
      return next < ' ' || next == 0x7f ? "The request line holds a byte that is not visible" : "";
    }
    if (first && (next == ' ' || next == '\t')) {
      return "A header line is folded";
    }
    return isControl(next) ? "A header field holds a control byte" : "";
  }

  private String endOfLine() {
    if (inRequestLine && !lineIsEmpty) {
      if (spaces != 2) {
        return "The request line is not three words between single spaces";
      }
      inRequestLine = false;
    }
    lineIsEmpty = true;
    return "";
  }

  private static boolean isControl(byte next) {
    return (next >= 0 && next < ' ' && next != '\t') || next == 0x7f;
  }
}
