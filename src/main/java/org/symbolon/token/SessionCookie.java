package org.symbolon.token;

import java.util.List;
import java.util.regex.Pattern;
import org.symbolon.session.CookieReader;
import org.symbolon.session.Presented;
import org.symbolon.session.SessionIds;

/**
 * Finds the session cookie in raw {@code Cookie} fields: pairs are split on {@code ;} only, trimmed
 * of SP and HTAB only, the first {@code =} ends the name, quotes are part of the value, and the
 * name is compared byte by byte.
 *
 * <p>Stricter than RFC 6265 asks of a server, and on purpose: what two parsers read differently
 * lets one cookie hide another. Sightings of different values are {@link Presented.Ambiguous}.
 */
public final class SessionCookie implements CookieReader {
  private static final Presented MISSING = new Presented.Missing();
  private static final Presented AMBIGUOUS = new Presented.Ambiguous();

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private final String name;
  private final SessionIds ids;

  /**
   * @throws IllegalArgumentException where the name is no token (RFC 9110 section 5.6.2)
   */
  public SessionCookie(String name, SessionIds ids) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException("cookie name: letters, digits and !#$%&'*+-.^_`|~ needed");
    }
    this.name = name;
    this.ids = ids;
  }

  @Override
  public Presented read(List<String> cookieFields) {
    String holder = "";
    int valueStart = -1;
    int valueLength = 0;
    for (String field : cookieFields) {
      int start = 0;
      while (start <= field.length()) {
        int end = field.indexOf(';', start);
        end = end < 0 ? field.length() : end;
        int value = valueOfOurs(field, start, end);
        if (value >= 0) {
          int length = trimmedEnd(field, value, end) - value;
          if (valueStart < 0) {
            holder = field;
            valueStart = value;
            valueLength = length;
          } else if (length != valueLength
              || !field.regionMatches(value, holder, valueStart, length)) {
            return AMBIGUOUS;
          }
        }
        start = end + 1;
      }
    }
    return valueStart < 0
        ? MISSING
        : ids.parse(holder.substring(valueStart, valueStart + valueLength));
  }

  /** Where the value of a pair begins; -1 where the pair is another cookie's. */
  private int valueOfOurs(String field, int from, int end) {
    int start = from;
    while (start < end && isBlank(field.charAt(start))) {
      start++;
    }
    int equals = start + name.length();
    // Names hold no "=", so a match of the name before a "=" is a match up to the first "=".
    return equals < end && field.charAt(equals) == '=' && field.startsWith(name, start)
        ? equals + 1
        : -1;
  }

  private static int trimmedEnd(String field, int start, int end) {
    int trimmed = end;
    while (trimmed > start && isBlank(field.charAt(trimmed - 1))) {
      trimmed--;
    }
    return trimmed;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
