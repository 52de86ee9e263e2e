package org.symbolon.events;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message that its receiver refused.
 *
 * @param why the last answer, for operators
 */
public record DeadLetter(Message message, Instant at, int attempts, String why) {
  private static final String FIELD = "f.";

  /** As it is kept: names and values as of a form. */
  public String text() {
    List<String> pairs = new ArrayList<>();
    pairs.add(pair("at", at.toString()));
    pairs.add(pair("attempts", Integer.toString(attempts)));
    pairs.add(pair("why", why));
    message.fields().forEach((name, value) -> pairs.add(pair(FIELD + name, value)));
    return String.join("&", pairs);
  }

  private static String pair(String name, String value) {
    return encode(name) + "=" + encode(value);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads what is kept.
   *
   * @throws RuntimeException where it is something else
   */
  public static DeadLetter parse(String id, String text) {
    Map<String, String> own = new TreeMap<>();
    Map<String, String> fields = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(pair.substring(0, equals));
      String value = decode(pair.substring(equals + 1));
      if (name.startsWith(FIELD)) {
        fields.put(name.substring(FIELD.length()), value);
      } else {
        own.put(name, value);
      }
    }
    return new DeadLetter(
        new Message(id, fields),
        Instant.parse(own.getOrDefault("at", "")),
        Integer.parseInt(own.getOrDefault("attempts", "")),
        own.getOrDefault("why", ""));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
