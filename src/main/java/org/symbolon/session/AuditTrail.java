package org.symbolon.session;

/** Takes what happened to sessions, for people who ask later. Never blocks and never throws. */
public interface AuditTrail {
  void record(AuditEvent event);

  /** Gives every event to each of the trails. */
  static AuditTrail all(AuditTrail... trails) {
    return event -> {
      for (AuditTrail trail : trails) {
        trail.record(event);
      }
    };
  }
}
