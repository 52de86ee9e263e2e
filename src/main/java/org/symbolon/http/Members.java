package org.symbolon.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of a JSON object; a wrong one is refused by its name. */
public final class Members {
  private static final int SHOWN = 24;

  private final ObjectNode node;

  /**
   * @throws RefusedRequest where a member is none of the known ones
   */
  public Members(ObjectNode node, List<String> known) {
    this.node = node;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = member.getKey();
      if (!known.contains(name)) {
        throw refused(
            shown(name), "is no known member", "Did you mean " + nearest(name, known) + "?");
      }
    }
  }

  public Optional<String> text(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw refused(name, "is no text", "Send " + name + " as a JSON string");
    }
    return Optional.of(value.textValue());
  }

  public String requiredText(String name) {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> refused(name, "is missing", "Send " + name));
  }

  public Optional<Long> integer(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw refused(name, "is no whole number", "Send " + name + " in seconds since 1970");
    }
    return Optional.of(value.longValue());
  }

  public List<String> texts(String name) {
    JsonNode value = node.get(name);
    List<String> texts = new ArrayList<>();
    if (value != null) {
      if (!value.isArray() || value.valueStream().anyMatch(v -> !v.isTextual())) {
        throw refused(name, "is no list of texts", "Send " + name + " as an array of strings");
      }
      value.forEach(v -> texts.add(v.textValue()));
    }
    return texts;
  }

  /** True or false; false where it is missing. */
  public boolean flag(String name) {
    JsonNode value = node.get(name);
    if (value != null && !value.isBoolean()) {
      throw refused(name, "is neither true nor false", "Send true or false, or leave it out");
    }
    return value != null && value.booleanValue();
  }

  public Map<String, String> map(String name) {
    JsonNode value = node.get(name);
    Map<String, String> map = new LinkedHashMap<>();
    if (value != null) {
      if (!value.isObject() || value.valueStream().anyMatch(v -> !v.isTextual())) {
        throw refused(
            name, "is no object of texts", "Send " + name + " as an object with string values");
      }
      value.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
    }
    return map;
  }

  /** A name as it may be repeated: a longer one may be a session ID in the wrong place. */
  public static String shown(String name) {
    return name.length() > SHOWN ? "a name of " + name.length() + " characters" : name;
  }

  public static RefusedRequest refused(String name, String what, String mend) {
    return new RefusedRequest(Problems.bodyMalformed(name + " " + what, name, mend));
  }

  public static String nearest(String name, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(other -> distance(name, other)))
        .orElseThrow();
  }

  /** Levenshtein's, over names cut to a size that can't cost. */
  private static int distance(String left, String right) {
    String a = left.substring(0, Math.min(left.length(), SHOWN));
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
