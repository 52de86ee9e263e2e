package org.symbolon.session;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened. Holds no ID and no secret: a session goes by its handle.
 *
 * @param at the store's clock
 * @param detail further facts by name; values of at most 256 characters
 */
public record AuditEvent(
    Instant at,
    Action action,
    Optional<Tenant> tenant,
    Optional<Subject> subject,
    Optional<Handle> handle,
    Presenter presenter,
    Map<String, String> detail) {

  public enum Action {
    SESSION_ISSUED("session.issued"),
    SESSION_REJECTED("session.rejected"),
    SESSION_REVOKED("session.revoked"),
    SESSION_EVICTED("session.evicted"),
    SUBJECT_REVOKED("subject.revoked"),
    TENANT_REVOKED("tenant.revoked"),
    EVERYTHING_REVOKED("everything.revoked"),
    SESSION_REUSED("session.reused"),
    SESSION_REISSUED("session.reissued"),
    SESSION_ELEVATED("session.elevated"),
    /** A key was registered for it. */
    SESSION_BOUND("session.bound"),
    /** A request of it did not prove what it is bound to. */
    SESSION_UNPROVED("session.unproved"),
    /** A request of it comes from somebody who differs from its first presenter. */
    SESSION_DIFFERED("session.differed"),
    /** It is used from two places by turns, or from many. */
    SESSION_REPLAY_SUSPECTED("session.replay_suspected"),
    /** A key or a proof was refused at registration or refresh. */
    PROOF_REFUSED("proof.refused"),
    LOGIN_REFUSED("login.refused"),
    /** Another service's signal took effect. */
    EVENT_TAKEN("event.taken"),
    /** Another service's signal was not believed, or was there before. */
    EVENT_REFUSED("event.refused"),
    CAMPAIGN_STEP("campaign.step"),
    /** A campaign was started without the approval that it needed. */
    CAMPAIGN_BREAK_GLASS("campaign.break_glass"),
    /** The audit file was opened, or events were left out. */
    AUDIT_CHAIN("audit.chain"),
    /** How far the chain of the audit file has come. */
    AUDIT_CHECKPOINT("audit.checkpoint");

    private final String code;

    Action(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** One of a session. */
  public static AuditEvent of(
      Session session, Instant at, Action action, Presenter presenter, Map<String, String> detail) {
    return new AuditEvent(
        at,
        action,
        Optional.of(session.tenant()),
        Optional.of(session.subject()),
        Optional.of(session.handle()),
        presenter,
        detail);
  }

  public AuditEvent {
    detail = Map.copyOf(detail);
  }
}
