package org.symbolon.session;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Ends sessions before their time. A stage completes when the store has acknowledged it. */
public final class RevokeSessions {
  private final SessionIds ids;
  private final SessionStore store;
  private final AuditTrail audit;
  private final InstantSource clock;

  public RevokeSessions(SessionIds ids, SessionStore store, AuditTrail audit, InstantSource clock) {
    this.ids = ids;
    this.store = store;
    this.audit = audit;
    this.clock = clock;
  }

  public CompletionStage<Revocation> one(
      Session session, RevocationReason reason, Presenter presenter) {
    SubjectKey subject = ids.subjectKey(session.tenant(), session.subject());
    return store
        .revoke(subject, session.handle(), reason)
        .thenApply(
            revocation ->
                recorded(
                    revocation,
                    AuditEvent.Action.SESSION_REVOKED,
                    session.tenant(),
                    session.subject(),
                    Optional.of(session.handle()),
                    reason,
                    presenter));
  }

  /**
   * Makes sure of the end of a session that has ended: it is acknowledged when that is as safe as
   * the end of a live one would be.
   */
  public CompletionStage<Revocation> ended(SessionId id, RevocationReason reason) {
    Handle handle = ids.handle(id.locator());
    // No index has a place of it any more, so that any subject of its bucket will do.
    return store.revoke(new SubjectKey(handle.bucket(), 0), handle, reason);
  }

  /** Ends every other session of the one's subject. */
  public CompletionStage<Revocation> others(
      Session session, RevocationReason reason, Presenter presenter) {
    return all(
        session.tenant(), session.subject(), Optional.of(session.handle()), reason, presenter);
  }

  /** Ends every session of a subject. */
  public CompletionStage<Revocation> all(
      Tenant tenant, Subject subject, RevocationReason reason, Presenter presenter) {
    return all(tenant, subject, Optional.empty(), reason, presenter);
  }

  /**
   * Ends the sessions of a subject that an event elsewhere is about.
   *
   * @param upTo when they were issued at the latest; those that began later are good. All that have
   *     been issued are meant where it is not past
   * @param event recorded beside the end
   */
  public CompletionStage<Revocation> issued(
      Tenant tenant,
      Subject subject,
      Instant upTo,
      RevocationReason reason,
      Presenter presenter,
      Map<String, String> event) {
    SubjectKey key = ids.subjectKey(tenant, subject);
    CompletionStage<Revocation> ended =
        upTo.isBefore(clock.instant())
            ? store.revokeIssued(key, upTo, reason)
            : store.revokeAll(key, Optional.empty(), reason);
    return ended.thenApply(
        revocation ->
            recorded(
                revocation,
                AuditEvent.Action.SUBJECT_REVOKED,
                tenant,
                subject,
                Optional.empty(),
                reason,
                presenter,
                event));
  }

  /** Ends every session of a tenant that has been issued. */
  public CompletionStage<Revocation> tenant(
      Tenant tenant, RevocationReason reason, Presenter presenter) {
    return store
        .revoke(new Revoked.OfTenant(tenant), reason)
        .thenApply(
            revocation ->
                recorded(
                    revocation,
                    AuditEvent.Action.TENANT_REVOKED,
                    Optional.of(tenant),
                    reason,
                    presenter));
  }

  /** Ends every session that has been issued. */
  public CompletionStage<Revocation> everything(RevocationReason reason, Presenter presenter) {
    return store
        .revoke(new Revoked.Everything(), reason)
        .thenApply(
            revocation ->
                recorded(
                    revocation,
                    AuditEvent.Action.EVERYTHING_REVOKED,
                    Optional.empty(),
                    reason,
                    presenter));
  }

  private Revocation recorded(
      Revocation revocation,
      AuditEvent.Action action,
      Optional<Tenant> tenant,
      RevocationReason reason,
      Presenter presenter) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("reason", reason.code());
    switch (revocation) {
      case Revocation.Done _ -> {}
      case Revocation.NotDurable(var _, String missing) -> detail.put("not_durable", missing);
      case Unavailable _ -> {
        return revocation;
      }
    }
    audit.record(
        new AuditEvent(
            clock.instant(),
            action,
            tenant,
            Optional.empty(),
            Optional.empty(),
            presenter,
            detail));
    return revocation;
  }

  private CompletionStage<Revocation> all(
      Tenant tenant,
      Subject subject,
      Optional<Handle> except,
      RevocationReason reason,
      Presenter presenter) {
    return store
        .revokeAll(ids.subjectKey(tenant, subject), except, reason)
        .thenApply(
            revocation ->
                recorded(
                    revocation,
                    AuditEvent.Action.SUBJECT_REVOKED,
                    tenant,
                    subject,
                    except,
                    reason,
                    presenter));
  }

  private Revocation recorded(
      Revocation revocation,
      AuditEvent.Action action,
      Tenant tenant,
      Subject subject,
      Optional<Handle> handle,
      RevocationReason reason,
      Presenter presenter) {
    return recorded(revocation, action, tenant, subject, handle, reason, presenter, Map.of());
  }

  private Revocation recorded(
      Revocation revocation,
      AuditEvent.Action action,
      Tenant tenant,
      Subject subject,
      Optional<Handle> handle,
      RevocationReason reason,
      Presenter presenter,
      Map<String, String> further) {
    int count =
        switch (revocation) {
          case Revocation.Done(int ended) -> ended;
          case Revocation.NotDurable(int ended, var _) -> ended;
          case Unavailable _ -> 0;
        };
    if (count > 0) {
      Map<String, String> detail = new LinkedHashMap<>();
      detail.put("reason", reason.code());
      if (revocation instanceof Revocation.NotDurable(var _, String missing)) {
        detail.put("not_durable", missing);
      }
      detail.put("count", Integer.toString(count));
      if (action == AuditEvent.Action.SUBJECT_REVOKED && handle.isPresent()) {
        detail.put("kept", "1");
      }
      detail.putAll(further);
      audit.record(
          new AuditEvent(
              clock.instant(),
              action,
              Optional.of(tenant),
              Optional.of(subject),
              handle,
              presenter,
              detail));
    }
    return revocation;
  }
}
