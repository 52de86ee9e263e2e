package org.symbolon.session;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trail that takes only so many events of one action a second, since anybody can cause them and
 * would push the others out. The next one taken says how many were left out.
 */
public final class SparseAudit implements AuditTrail {
  private final AuditTrail trail;
  private final AuditEvent.Action action;
  private final int perSecond;
  private final InstantSource clock;
  private long second;
  private int taken;
  private long leftOut;

  /** Lets every other action pass. */
  public SparseAudit(
      AuditTrail trail, AuditEvent.Action action, int perSecond, InstantSource clock) {
    this.trail = trail;
    this.action = action;
    this.perSecond = perSecond;
    this.clock = clock;
  }

  @Override
  public void record(AuditEvent event) {
    if (event.action() != action) {
      trail.record(event);
      return;
    }
    long before;
    synchronized (this) {
      long now = clock.millis() / 1000;
      if (now != second) {
        second = now;
        taken = 0;
      }
      if (taken == perSecond) {
        leftOut++;
        return;
      }
      taken++;
      before = leftOut;
      leftOut = 0;
    }
    trail.record(before == 0 ? event : saying(event, before));
  }

  private static AuditEvent saying(AuditEvent event, long leftOut) {
    Map<String, String> detail = new LinkedHashMap<>(event.detail());
    detail.put("left_out", Long.toString(leftOut));
    return new AuditEvent(
        event.at(),
        event.action(),
        event.tenant(),
        event.subject(),
        event.handle(),
        event.presenter(),
        detail);
  }
}
