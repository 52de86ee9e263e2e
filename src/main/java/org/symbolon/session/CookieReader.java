package org.symbolon.session;

import java.util.List;

/** Finds the session ID in a request's {@code Cookie} fields (RFC 6265 section 5.4), strictly. */
public interface CookieReader {
  /**
   * Reads the session ID.
   *
   * @param cookieFields the raw values of all {@code Cookie} fields, in their order
   */
  Presented read(List<String> cookieFields);

  /** Reads the session ID and makes of it what the fold says. */
  default <R> R read(List<String> cookieFields, Presented.Fold<R> fold) {
    return read(cookieFields).fold(fold);
  }
}
