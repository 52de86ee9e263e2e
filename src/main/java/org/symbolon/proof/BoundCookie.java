package org.symbolon.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.BindingProofs.Finding;
import org.symbolon.session.BindingProofs.NotProved;
import org.symbolon.session.BindingProofs.Proved;
import org.symbolon.session.Reason;
import org.symbolon.session.Seals;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/**
 * The cookie by which a browser shows that it proved the session's key a short while ago: a {@link
 * Sealed} text. Earlier ones stay good until they end, for requests under way while the browser
 * proves the key again.
 */
final class BoundCookie {
  /** Of its age, for a request that was sent just before the browser let go of the cookie. */
  private static final int SLACK = 10;

  private static final byte[] NOTHING = {};

  private final String start;
  private final Sealed sealed;

  BoundCookie(String name, Seals seals) {
    this.start = name + "=";
    this.sealed = new Sealed(seals);
  }

  /**
   * Makes a value.
   *
   * @param age how long the browser keeps it
   */
  SecretText issue(Session session, Instant now, Duration age) {
    return new SecretText(
        sealed.make(
            Sealed.Purpose.COOKIE, session, now.plus(age).plus(age.dividedBy(SLACK)), NOTHING));
  }

  /** Judges what a request shows; of several values one that is good does. */
  Finding judge(Session session, List<String> cookieFields, Instant now) {
    Reason reason = Reason.BINDING_MISSING;
    for (String value : values(cookieFields)) {
      switch (judge(session, value, now)) {
        case Proved proved -> {
          return proved;
        }
        case NotProved(Reason why, var _) -> reason = reason == Reason.BINDING_STALE ? reason : why;
        case Unavailable _ -> {}
      }
    }
    return new NotProved(reason);
  }

  /** The first value that is good; null for none. */
  KnownProof.@Nullable Good good(Session session, List<String> cookieFields, Instant now) {
    for (String value : values(cookieFields)) {
      if (judge(session, value, now) instanceof Proved) {
        return Sealed.read(value, 0)
            .map(text -> new KnownProof.Good(value, text.endsAt().toEpochMilli()))
            .orElse(null);
      }
    }
    return null;
  }

  /** Whether the first value of this name is the given one; compares in constant time. */
  boolean isShown(String value, List<String> cookieFields) {
    for (int i = 0; i < cookieFields.size(); i++) {
      String field = cookieFields.get(i);
      int name = field.indexOf(start);
      if (name >= 0) {
        boolean isFirst = name == 0 || isBlank(field.charAt(name - 1));
        int at = name + start.length();
        int end = at + value.length();
        return isFirst
            && (end == field.length() || (end < field.length() && field.charAt(end) == ';'))
            && isSame(value, field, at);
      }
    }
    return false;
  }

  private static boolean isSame(String value, String field, int at) {
    int difference = 0;
    for (int i = 0; i < value.length(); i++) {
      difference |= value.charAt(i) ^ field.charAt(at + i);
    }
    return difference == 0;
  }

  private List<String> values(List<String> cookieFields) {
    List<String> values = new ArrayList<>(1);
    for (String field : cookieFields) {
      for (int at = 0; at <= field.length(); ) {
        int semicolon = field.indexOf(';', at);
        int end = semicolon < 0 ? field.length() : semicolon;
        String pair = trimmed(field, at, end);
        if (pair.startsWith(start)) {
          values.add(pair.substring(start.length()));
        }
        at = end + 1;
      }
    }
    return values;
  }

  private Finding judge(Session session, String value, Instant now) {
    Optional<Sealed.Text> text =
        Sealed.read(value, 0).filter(read -> read.isFor(Sealed.Purpose.COOKIE));
    if (text.isEmpty() || !sealed.isOf(text.get(), session)) {
      return new NotProved(Reason.BINDING_WRONG);
    }
    return now.isBefore(text.get().endsAt()) ? new Proved() : new NotProved(Reason.BINDING_STALE);
  }

  private static String trimmed(String field, int start, int end) {
    int first = start;
    int last = end;
    while (first < last && isBlank(field.charAt(first))) {
      first++;
    }
    while (last > first && isBlank(field.charAt(last - 1))) {
      last--;
    }
    return field.substring(first, last);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
