package org.symbolon.proof;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Evidence;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Session;

/**
 * The bound cookie of one session that was found good last, and when it ends: the same value is
 * compared the next time, and its seal not computed again.
 */
final class KnownProof implements QuickProof {
  private final BoundCookie cookie;
  private final Session session;
  private volatile @Nullable Good last;

  KnownProof(BoundCookie cookie, Session session) {
    this.cookie = cookie;
    this.session = session;
  }

  /**
   * A value that proves the session's key.
   *
   * @param endsAt by the store's clock, in milliseconds since 1970
   */
  record Good(String value, long endsAt) {
    /** Holds a secret. */
    @Override
    public String toString() {
      return "Good[until " + endsAt + "]";
    }
  }

  @Override
  public boolean isGiven(List<String> cookieFields, Supplier<Evidence> evidence, long now) {
    Good known = last;
    if (known != null && now < known.endsAt && cookie.isShown(known.value, cookieFields)) {
      return true;
    }
    Good good = cookie.good(session, cookieFields, Instant.ofEpochMilli(now));
    if (good == null) {
      return false;
    }
    last = good;
    return true;
  }
}
