package org.symbolon.http.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The cookies that an application sees: all but ours. */
final class AppCookies {
  private AppCookies() {}

  /**
   * The value of one {@code Cookie} field; empty for none.
   *
   * @param own the names of those left out
   * @param fields the raw values of all {@code Cookie} fields
   */
  static String without(Set<String> own, List<String> fields) {
    List<String> kept = new ArrayList<>();
    for (String field : fields) {
      for (String pair : field.split(";", -1)) {
        String text = pair.strip();
        int end = text.indexOf('=');
        String name = end < 0 ? text : text.substring(0, end).strip();
        if (!text.isEmpty() && !own.contains(name)) {
          kept.add(text);
        }
      }
    }
    return String.join("; ", kept);
  }
}
