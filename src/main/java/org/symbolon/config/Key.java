package org.symbolon.config;

import java.util.List;
import java.util.Locale;

/**
 * One setting: its dotted name, in which a segment in angle brackets stands for any name, and what
 * the reference says of it.
 *
 * @param kind the shape of its values
 * @param fallback the text of its default, empty for none
 * @param secret true where its value is never shown
 */
record Key(String name, Kind kind, String fallback, boolean secret, String help) {
  /** The shapes of values, each with the words of its error. */
  enum Kind {
    TEXT("text"),
    TEXTS("a list, in YAML or separated by commas"),
    PATH("a path"),
    INTEGER("a whole number"),
    FLAG("true or false"),
    DURATION("a number with a unit: ms, s, m, h or d, as in 15m");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  List<String> segments() {
    return List.of(name.split("\\."));
  }

  boolean matches(List<String> path) {
    List<String> segments = segments();
    if (segments.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!isName(segments.get(i)) && !segments.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean isName(String segment) {
    return segment.startsWith("<");
  }

  /** The environment's way to write a segment: {@code sameSite} is {@code SAME_SITE}. */
  static String environmentForm(String segment) {
    return segment.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }
}
