package org.symbolon.http;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.symbolon.session.CookieReader;
import org.symbolon.session.Presented;
import org.symbolon.session.SessionIds;

/** Reads the cookie of one name, without the strictness of the real one. */
public final class PlainCookies implements CookieReader {
  private final String start;
  private final SessionIds ids;

  public PlainCookies(String name, SessionIds ids) {
    this.start = name + "=";
    this.ids = ids;
  }

  @Override
  public Presented read(List<String> cookieFields) {
    Set<String> values =
        cookieFields.stream()
            .flatMap(field -> List.of(field.split(";", -1)).stream())
            .map(String::strip)
            .filter(pair -> pair.startsWith(start))
            .map(pair -> pair.substring(start.length()))
            .collect(Collectors.toSet());
    return switch (values.size()) {
      case 0 -> new Presented.Missing();
      case 1 -> ids.parse(values.iterator().next());
      default -> new Presented.Ambiguous();
    };
  }
}
