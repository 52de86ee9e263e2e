package org.symbolon.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads the bytes of a request's head beside the decoder and holds it to RFC 9112 where the decoder
 * is lenient: line ends, folded lines (section 5.2), separators of the request line, control bytes.
 */
final class HeadScanner {
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = LOW_BITS << 7;
  private static final short CRLF = '\r' << 8 | '\n';
  private static final long DELS = LOW_BITS * 0x7f;

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

  /** Reads on, until something is wrong. */
  void scan(ByteBuf bytes, int from, int to) {
    if (from == to) {
      return;
    }
    // A plain view, for every look at the buffer itself asks whether it is still there.
    ByteBuffer view =
        bytes.nioBufferCount() == 1
            ? bytes.internalNioBuffer(from, to - from)
            : bytes.nioBuffer(from, to - from);
    int at = view.position();
    int end = at + to - from;
    while (at < end && flaw.isEmpty()) {
      int plain = lineIsEmpty || previous == '\r' ? at : plainEnd(view, at, end);
      if (plain > at) {
        at = plain;
        previous = 'a';
      } else if (isNextField(view, at, end)) {
        at += 3;
      } else {
        byte next = view.get(at++);
        flaw = judge(next);
        previous = next;
      }
    }
  }

  /**
   * Up to where the bytes need no look of their own, eight at a time. In the request line those are
   * the ones above SP and below DEL, elsewhere all but those below SP, and DEL.
   */
  private int plainEnd(ByteBuffer view, int from, int end) {
    int lowest = inRequestLine ? ' ' + 1 : ' ';
    long high = inRequestLine ? HIGH_BITS : 0;
    int at = from;
    while (at + 8 <= end) {
      long word = Long.reverseBytes(view.getLong(at));
      long special = below(word, lowest) | below(word ^ DELS, 1) | (word & high);
      if (special != 0) {
        return at + (Long.numberOfTrailingZeros(special) >>> 3);
      }
      at += 8;
    }
    return at;
  }

  /** Whether a field's line ends here, and the next byte begins another's name. */
  private boolean isNextField(ByteBuffer view, int at, int end) {
    return !inRequestLine
        && !lineIsEmpty
        && previous != '\r'
        && at + 3 <= end
        && view.getShort(at) == CRLF
        && view.get(at + 2) > ' '
        && view.get(at + 2) != 0x7f;
  }

  /** Marks the bytes below a limit by their high bits; the lowest mark is right. */
  private static long below(long word, int limit) {
    return (word - LOW_BITS * limit) & ~word & HIGH_BITS;
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
