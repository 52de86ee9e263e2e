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
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private final String start;
  private final SessionIds ids;

  /**
   * @throws IllegalArgumentException where the name is no token (RFC 9110 section 5.6.2)
   */
  public SessionCookie(String name, SessionIds ids) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException("cookie name: letters, digits and !#$%&'*+-.^_`|~ needed");
    }
    this.start = name + "=";
    this.ids = ids;
  }

  @Override
  public Presented read(List<String> cookieFields) {
    return read(cookieFields, Presented.VALUES);
  }

  @Override
  public <R> R read(List<String> cookieFields, Presented.Fold<R> fold) {
    String holder = "";
    int valueStart = -1;
    int valueEnd = -1;
    for (int i = 0; i < cookieFields.size(); i++) {
      String field = cookieFields.get(i);
      int start = nextOfOurs(field, 0);
      while (start >= 0) {
        int pairEnd = field.indexOf(';', start);
        int next = pairEnd < 0 ? -1 : nextOfOurs(field, pairEnd + 1);
        int end = trimmedEnd(field, start, pairEnd < 0 ? field.length() : pairEnd);
        if (valueStart < 0) {
          holder = field;
          valueStart = start;
          valueEnd = end;
        } else if (end - start != valueEnd - valueStart
            || !field.regionMatches(start, holder, valueStart, end - start)) {
          return fold.ambiguous();
        }
        start = next;
      }
    }
    return valueStart < 0 ? fold.missing() : ids.parse(holder, valueStart, valueEnd, fold);
  }

  /** Where the value of our next pair begins, from a place in a pair's beginning; -1 for none. */
  private int nextOfOurs(String field, int from) {
    // A single character is searched for several times as fast as a word.
    char first = start.charAt(0);
    int found = field.indexOf(first, from);
    while (found >= 0 && !(field.startsWith(start, found) && beginsPair(field, from, found))) {
      found = field.indexOf(first, found + 1);
    }
    return found < 0 ? -1 : found + start.length();
  }

  /** Names hold no "=", so a name before a "=" at a pair's beginning is all of its name. */
  private static boolean beginsPair(String field, int from, int at) {
    int before = at - 1;
    while (before >= from && isBlank(field.charAt(before))) {
      before--;
    }
    return before < from || field.charAt(before) == ';';
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
