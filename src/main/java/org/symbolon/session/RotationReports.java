package org.symbolon.session;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Counts and records what becomes of IDs. */
public final class RotationReports {
  private final AuditTrail audit;
  private final Indicators indicators;
  private final InstantSource clock;
  private final Signals signals;

  /**
   * @param network the network of an address, as {@link Device#networkHash} was made of; empty for
   *     none
   */
  public RotationReports(
      SessionIds ids,
      AuditTrail audit,
      Indicators indicators,
      InstantSource clock,
      UnaryOperator<String> network) {
    this.audit = audit;
    this.indicators = indicators;
    this.clock = clock;
    this.signals = new Signals(ids, network);
  }

  void accepted(RotationOutcome outcome, Presenter presenter) {
    if (outcome != RotationOutcome.NONE) {
      indicators.rotated(outcome, presenter.gateway());
    }
  }

  /**
   * Judges who presents the predecessor while its successor has not been seen; records it where the
   * presenter's signals differ from the device's.
   */
  boolean isOfAnother(Session session, int presented, RotationPolicy policy, Presenter presenter) {
    String difference = signals.difference(session, presenter);
    if (difference.equals("none")) {
      return false;
    }
    indicators.replaySuspected(difference);
    Map<String, String> detail =
        new LinkedHashMap<>(signals.detail(session, difference, presented));
    detail.put("reaction", policy.onDifference().code());
    record(AuditEvent.Action.SESSION_REISSUED, session, presenter, detail);
    return true;
  }

  /** One event with both parties: who presents, and what is kept of whom the session is. */
  void reused(Session before, int presented, RotationPolicy policy, Presenter presenter) {
    indicators.rotated(RotationOutcome.REUSE, presenter.gateway());
    String difference = signals.difference(before, presenter);
    indicators.replaySuspected(difference);
    Map<String, String> detail = new LinkedHashMap<>(signals.detail(before, difference, presented));
    detail.put("reaction", policy.onReuse().code());
    record(AuditEvent.Action.SESSION_REUSED, before, presenter, detail);
  }

  void elevated(Session session, Presenter presenter) {
    record(
        AuditEvent.Action.SESSION_ELEVATED,
        session,
        presenter,
        Map.of(
            "acr",
            session.authentication().acr(),
            "amr",
            String.join(",", session.authentication().amr())));
  }

  private void record(
      AuditEvent.Action action, Session session, Presenter presenter, Map<String, String> detail) {
    audit.record(AuditEvent.of(session, clock.instant(), action, presenter, detail));
  }
}
