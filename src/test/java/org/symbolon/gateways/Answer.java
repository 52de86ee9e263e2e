package org.symbolon.gateways;

import java.util.List;
import java.util.Locale;

/** A reply as it came over the wire. */
record Answer(int status, List<String> fields, String body) {
  /** The values of a field, the name in any case. */
  List<String> all(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return fields.stream()
        .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
        .map(field -> field.substring(start.length()).strip())
        .toList();
  }

  /** All of a field's values in one line, as a cache reads them. */
  String joined(String name) {
    return String.join(", ", all(name));
  }
}
