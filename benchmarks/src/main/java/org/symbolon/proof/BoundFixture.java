package org.symbolon.proof;

import java.time.Duration;
import java.time.Instant;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Seals;
import org.symbolon.session.Session;

/** A browser's bound cookie, and who judges it, out of a package that shows neither. */
public final class BoundFixture {
  private static final String NAME = "__Host-sid_bound";

  private final BoundCookie cookie;

  public BoundFixture(Seals seals) {
    this.cookie = new BoundCookie(NAME, seals);
  }

  /** A pair of a Cookie field that is good for a day. */
  public String pair(Session session) {
    return NAME + "=" + cookie.issue(session, Instant.now(), Duration.ofDays(1)).reveal();
  }

  public QuickProof proof(Session session) {
    return new KnownProof(cookie, session);
  }
}
