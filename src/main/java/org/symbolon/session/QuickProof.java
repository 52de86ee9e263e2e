package org.symbolon.session;

import java.util.List;
import java.util.function.Supplier;

/**
 * Judges whether a request proves what one session is bound to, on the caller's thread and without
 * I/O: for answers from memory. What it does not find proved may be so all the same.
 */
@FunctionalInterface
public interface QuickProof {
  /** For a session of which no proof is asked. */
  QuickProof NONE_NEEDED = (_, _, _) -> true;

  /**
   * Judges a request.
   *
   * @param cookieFields the raw values of all {@code Cookie} fields
   * @param evidence all that the request shows, made where it is asked for
   * @param now the store's clock, in milliseconds since 1970
   */
  boolean isGiven(List<String> cookieFields, Supplier<Evidence> evidence, long now);
}
