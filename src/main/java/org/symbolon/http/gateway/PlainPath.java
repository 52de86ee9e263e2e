package org.symbolon.http.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the path of a request target where every server reads it alike. One that servers between
 * here and the application might resolve, decode or fold differently has no plain form.
 */
final class PlainPath {
  private PlainPath() {}

  /**
   * The path, decoded once and in lower case; empty where it is ambiguous: dot segments, empty
   * segments, parameters, backslashes, a second layer of encoding, encoded separators, characters
   * that another normal form of Unicode makes others of.
   *
   * @param target an origin-form (RFC 9112 section 3.2.1), the query included
   */
  static Optional<String> of(String target) {
    int query = target.indexOf('?');
    String raw = query < 0 ? target : target.substring(0, query);
    if (!raw.startsWith("/")) {
      return Optional.empty();
    }
    return decoded(raw).filter(PlainPath::isResolved).map(p -> p.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> decoded(String raw) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    boolean isAscii = true;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      int value = c;
      if (c == '%') {
        value = hex(raw, i + 1);
        boolean isSeparator = value == '/' || value == '.' || value == '?' || value == '#';
        if (value < 0 || isSeparator || (value == '%' && hex(raw, i + 3) >= 0)) {
          return Optional.empty();
        }
        i += 2;
      } else if (c == '#' || c == ' ') {
        return Optional.empty();
      }
      if (value == ';' || value == '\\' || value < ' ' || value == 0x7f || value > 0xff) {
        return Optional.empty();
      }
      isAscii &= value < 0x80;
      bytes.put((byte) value);
    }
    return text(bytes.flip())
        .filter(isAscii ? _ -> true : path -> Normalizer.isNormalized(path, Normalizer.Form.NFKC));
  }

  private static Optional<String> text(ByteBuffer bytes) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The two digits at an index, or -1. */
  private static int hex(String raw, int at) {
    if (at + 2 > raw.length()) {
      return -1;
    }
    int high = Character.digit(raw.charAt(at), 16);
    int low = Character.digit(raw.charAt(at + 1), 16);
    return high < 0 || low < 0 || raw.charAt(at) > 'f' || raw.charAt(at + 1) > 'f'
        ? -1
        : high << 4 | low;
  }

  /** No segment but the last is empty, and none ends in what some file systems drop. */
  private static boolean isResolved(String path) {
    String[] segments = path.substring(1).split("/", -1);
    return Arrays.stream(segments).limit(segments.length - 1L).noneMatch(String::isEmpty)
        && Arrays.stream(segments).noneMatch(s -> s.endsWith(".") || s.endsWith(" "));
  }
}
