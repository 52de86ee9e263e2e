package org.symbolon.session;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Small facts an application keeps with a session: names of 1 to 64 characters to text, at most
 * 1024 bytes of UTF-8 together, names included.
 */
public record Attributes(Map<String, String> values) {
  public static final int MAX_BYTES = 1024;
  public static final int MAX_NAME = 64;
  public static final Attributes NONE = new Attributes(Map.of());

  /**
   * @throws IllegalArgumentException where a name or the whole is too long
   */
  public Attributes {
    if (values.keySet().stream().anyMatch(n -> n.isEmpty() || n.length() > MAX_NAME)) {
      throw new IllegalArgumentException("attributes: names of 1 to 64 characters needed");
    }
    if (bytes(values) > MAX_BYTES) {
      throw new IllegalArgumentException("attributes: at most 1024 bytes together");
    }
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  private static int bytes(Map<String, String> values) {
    return values.entrySet().stream()
        .mapToInt(
            e ->
                e.getKey().getBytes(StandardCharsets.UTF_8).length
                    + e.getValue().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
