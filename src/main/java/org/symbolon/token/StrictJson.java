package org.symbolon.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a JSON object (RFC 8259) in UTF-8 and forgives nothing: no member twice, no lone surrogate,
 * no depth beyond 8, nothing after the end. What two readers can read differently is an attack on
 * one of them.
 */
final class StrictJson {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NUMBER = 32;
  private static final int MAX_INTEGER = 18;

  /** JSON's null. */
  enum Null {
    NULL
  }

  /** Why reading ended; never leaves this class. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super("", null, false, false);
    }
  }

  private final String text;
  private int at;

  private StrictJson(String text) {
    this.text = text;
  }

  /** The object's members as String, Long, Double, Boolean, {@link Null}, List and Map. */
  static Optional<Map<String, Object>> object(byte[] utf8) {
    try {
      return object(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static Optional<Map<String, Object>> object(String text) {
    StrictJson reader = new StrictJson(text);
    try {
      reader.blank();
      Map<String, Object> members = reader.members(1);
      reader.blank();
      return reader.at == text.length() ? Optional.of(members) : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private Object value(int depth) throws Malformed {
    return switch (peek()) {
      case '{' -> members(depth + 1);
      case '[' -> elements(depth + 1);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", Null.NULL);
      default -> number();
    };
  }

  private Map<String, Object> members(int depth) throws Malformed {
    open('{', depth);
    Map<String, Object> members = new LinkedHashMap<>();
    if (closes('}')) {
      return members;
    }
    do {
      blank();
      String name = string();
      blank();
      expect(':');
      blank();
      if (members.put(name, value(depth)) != null) {
        throw new Malformed();
      }
    } while (continues('}'));
    return members;
  }

  private List<Object> elements(int depth) throws Malformed {
    open('[', depth);
    List<Object> elements = new ArrayList<>();
    if (closes(']')) {
      return elements;
    }
    do {
      blank();
      elements.add(value(depth));
    } while (continues(']'));
    return elements;
  }

  private void open(char bracket, int depth) throws Malformed {
    expect(bracket);
    if (depth > MAX_DEPTH) {
      throw new Malformed();
    }
    blank();
  }

  private boolean closes(char bracket) throws Malformed {
    if (peek() != bracket) {
      return false;
    }
    at++;
    return true;
  }

  private boolean continues(char bracket) throws Malformed {
    blank();
    if (closes(bracket)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() throws Malformed {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c < ' ') {
        throw new Malformed();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    for (int i = 0; i < string.length(); i += Character.charCount(string.codePointAt(i))) {
      if (Character.getType(string.codePointAt(i)) == Character.SURROGATE) {
        throw new Malformed();
      }
    }
    return string.toString();
  }

  private char escaped() throws Malformed {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unit();
      default -> throw new Malformed();
    };
  }

  private char unit() throws Malformed {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      // Character.digit alone would take the digits of other scripts.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new Malformed();
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private Object number() throws Malformed {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    boolean isInteger = true;
    if (at < text.length() && text.charAt(at) == '.') {
      isInteger = false;
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      isInteger = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    if (at - start > MAX_NUMBER) {
      throw new Malformed();
    }
    String number = text.substring(start, at);
    if (isInteger && number.length() <= MAX_INTEGER) {
      return Long.valueOf(number);
    }
    return Double.valueOf(number);
  }

  private void digits() throws Malformed {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw new Malformed();
    }
  }

  private Object word(String word, Object value) throws Malformed {
    if (!text.startsWith(word, at)) {
      throw new Malformed();
    }
    at += word.length();
    return value;
  }

  private void expect(char c) throws Malformed {
    if (peek() != c) {
      throw new Malformed();
    }
    at++;
  }

  private char peek() throws Malformed {
    if (at >= text.length()) {
      throw new Malformed();
    }
    return text.charAt(at);
  }

  private void blank() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
