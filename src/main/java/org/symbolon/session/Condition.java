package org.symbolon.session;

import java.time.Instant;
import java.util.Optional;

/** What a request demands of a session beyond that it is good. */
@FunctionalInterface
public interface Condition {
  /** No more than a good session. */
  Condition NONE = (_, _) -> Optional.empty();

  /**
   * Why the session does not do for this request. One that does not is confirmed, but not rotated:
   * the refusal may not carry a cookie.
   *
   * @param now the store's clock
   */
  Optional<Reason> objection(Session session, Instant now);
}
