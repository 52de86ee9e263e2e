package org.symbolon.token;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of a JWT's header or claims; a member of another type than asked for is absent. */
record JsonMembers(Map<String, Object> values) {
  /** The end of the year 9999: dates beyond are mistakes, such as milliseconds. */
  private static final double LATEST = 253402300799.0;

  JsonMembers {
    values = Collections.unmodifiableMap(values);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> text(String name) {
    return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  Optional<JsonMembers> object(String name) {
    if (!(values.get(name) instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach((key, value) -> members.put(String.valueOf(key), value));
    return Optional.of(new JsonMembers(members));
  }

  /** Strings alone; empty where there is anything else among them. */
  Optional<List<String>> texts(String name) {
    if (!(values.get(name) instanceof List<?> list)) {
      return Optional.empty();
    }
    List<String> texts =
        list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
    return texts.size() == list.size() ? Optional.of(texts) : Optional.empty();
  }

  /** A NumericDate (RFC 7519 section 2), down to its second. */
  Optional<Instant> date(String name) {
    if (!(values.get(name) instanceof Number number)
        || !(number.doubleValue() >= 0 && number.doubleValue() <= LATEST)) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(number.longValue()));
  }
}
