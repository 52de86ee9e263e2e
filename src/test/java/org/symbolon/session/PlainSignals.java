package org.symbolon.session;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** A judge who reads user agent and address as they are, and the latter's first bytes as facts. */
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
            Signal.USER_AGENT,
            Presenter::userAgent,
            Signal.NETWORK,
            Presenter::address,
            Signal.TRAVEL,
            presenter -> bytes(presenter, 1),
            Signal.FAN_OUT,
            Presenter::address,
            Signal.ASN,
            presenter -> bytes(presenter, 2),
            Signal.COUNTRY,
            presenter -> bytes(presenter, 1),
            Signal.FINGERPRINT,
            Presenter::fingerprint,
            Signal.GATEWAY,
            Presenter::anyGateway),
        audit,
        indicators,
        tally,
        clock,
        new SecureRandom());
  }

  private static String bytes(Presenter presenter, int count) {
    return Arrays.stream(presenter.address().split("[.]", -1))
        .limit(count)
        .collect(Collectors.joining("."));
  }
}
