package org.symbolon.session;

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
    if (revocation instanceof Revocation.Done(int count) && count > 0) {
      Map<String, String> detail = new LinkedHashMap<>();
      detail.put("reason", reason.code());
      detail.put("count", Integer.toString(count));
      if (action == AuditEvent.Action.SUBJECT_REVOKED && handle.isPresent()) {
        detail.put("kept", "1");
      }
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
