package org.symbolon.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names and values of {@code application/x-www-form-urlencoded}. */
public final class Form {
  private final Map<String, List<String>> values;
  private final String place;

  private Form(Map<String, List<String>> values, String place) {
    this.values = values;
    this.place = place;
  }

  /**
   * Reads a body or a query.
   *
   * @param place what it is, for the problem
   * @throws RefusedRequest where it can't be decoded
   */
  public static Form parse(String text, String place) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), place);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), place);
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return new Form(values, place);
  }

  private static String decode(String text, String place) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      String detail = "The " + place + " has a percent sign without two hexadecimal digits";
      throw new RefusedRequest(
          place.equals("query")
              ? Problems.parameterInvalid(detail, place, "Encode a percent sign as %25")
              : Problems.bodyMalformed(detail, place, "Encode a percent sign as %25"));
    }
  }

  /** The first name that is none of the known ones. */
  public Optional<String> unknown(List<String> known) {
    return values.keySet().stream().filter(name -> !known.contains(name)).findFirst();
  }

  /**
   * The value of a name.
   *
   * @throws RefusedRequest where there are several
   */
  public Optional<String> one(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      String detail = "The " + place + " has several values of " + name;
      throw new RefusedRequest(
          place.equals("query")
              ? Problems.parameterInvalid(detail, name, "Send " + name + " once")
              : Problems.bodyMalformed(detail, name, "Send " + name + " once"));
    }
    return all.stream().findFirst();
  }
}
