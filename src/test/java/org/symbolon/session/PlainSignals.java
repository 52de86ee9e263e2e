package org.symbolon.session;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** A judge who reads user agent and address as they are. */
public final class PlainSignals {
  private PlainSignals() {}

  /** One that tells nobody. */
  public static SignalJudge of(Policy policy, SessionIds ids) {
    return of(policy, ids, _ -> {}, new Counts(), RefusalTally.NONE, InstantSource.system());
  }

  static SignalJudge of(
      Policy policy,
      SessionIds ids,
      AuditTrail audit,
      Indicators indicators,
      RefusalTally tally,
      InstantSource clock) {
    return new SignalJudge(
        policy,
        ids,
        Map.of(
            Signal.USER_AGENT, Presenter::userAgent,
            Signal.NETWORK, Presenter::address,
            Signal.FINGERPRINT, Presenter::fingerprint),
        audit,
        indicators,
        tally,
        clock,
        new SecureRandom());
  }
}
