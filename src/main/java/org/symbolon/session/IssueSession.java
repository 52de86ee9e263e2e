package org.symbolon.session;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Turns a proven subject into a session with a new ID. */
public final class IssueSession {
  /** Two handles meet once in 2^64 / live sessions of a bucket; a third attempt is never seen. */
  private static final int ATTEMPTS = 3;

  private final SessionIds ids;
  private final SessionStore store;
  private final Policy policy;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final SecureRandom random;
  private final boolean keepsDevices;

  public IssueSession(
      SessionIds ids,
      SessionStore store,
      Policy policy,
      AuditTrail audit,
      InstantSource clock,
      SecureRandom random) {
    this(ids, store, policy, audit, clock, random, true);
  }

  /**
   * @param keepsDevices whether a session is kept with the device it is issued to
   */
  public IssueSession(
      SessionIds ids,
      SessionStore store,
      Policy policy,
      AuditTrail audit,
      InstantSource clock,
      SecureRandom random,
      boolean keepsDevices) {
    this.ids = ids;
    this.store = store;
    this.policy = policy;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
    this.keepsDevices = keepsDevices;
  }

  /** Creates the session; one that was genuinely presented with the login ends with it. */
  public CompletionStage<Issuance> issue(Login login) {
    if (!(login.presented() instanceof Presented.Genuine(SessionId id))) {
      return create(login, Optional.empty());
    }
    return store
        .find(ids.handle(id.locator()))
        .thenCompose(
            finding ->
                switch (finding) {
                  case SessionStore.Found(Session old, var _) when ids.verify(id, old.seed()) ->
                      replace(login, old);
                  case SessionStore.Found _, SessionStore.Ended _, SessionStore.Absent _ ->
                      create(login, Optional.empty());
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private CompletionStage<Issuance> replace(Login login, Session old) {
    SubjectKey owner = ids.subjectKey(old.tenant(), old.subject());
    if (owner.equals(ids.subjectKey(login.tenant(), login.subject()))) {
      return create(login, Optional.of(old));
    }
    // Another subject's session lies in another slot, so no one step ends it and begins this one.
    // It ends first: a failure in between leaves nobody logged in, never two people in one browser.
    return store
        .revoke(owner, old.handle(), RevocationReason.REPLACED)
        .thenCompose(
            revocation ->
                switch (revocation) {
                  case Revocation.Done _, Revocation.NotDurable _ -> {
                    revoked(old, RevocationReason.REPLACED, login.presenter());
                    yield create(login, Optional.empty());
                  }
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private CompletionStage<Issuance> create(Login login, Optional<Session> replaced) {
    return create(login, replaced, ids.subjectKey(login.tenant(), login.subject()), ATTEMPTS);
  }

  private CompletionStage<Issuance> create(
      Login login, Optional<Session> replaced, SubjectKey subject, int attempts) {
    Locator locator = ids.newLocator(subject);
    SessionStore.Draft draft = draft(login, replaced, subject, ids.handle(locator));
    SubjectLimit limit = policy.limit(login.tenant());
    return store
        .create(draft, limit)
        .thenCompose(
            creation ->
                switch (creation) {
                  case SessionStore.Created created ->
                      CompletableFuture.completedStage(
                          issued(created, locator, replaced, login.presenter()));
                  case SessionStore.Full _ -> {
                    record(
                        AuditEvent.Action.SESSION_REJECTED,
                        login,
                        Map.of("limit", Integer.toString(limit.max())));
                    yield CompletableFuture.completedStage(new Issuance.LimitReached(limit.max()));
                  }
                  case SessionStore.HandleTaken _ ->
                      attempts > 1
                          ? create(login, replaced, subject, attempts - 1)
                          : CompletableFuture.completedStage(
                              new Unavailable("no free handle in " + ATTEMPTS + " attempts"));
                  case Unavailable outage -> CompletableFuture.completedStage(outage);
                });
  }

  private SessionStore.Draft draft(
      Login login, Optional<Session> replaced, SubjectKey subject, Handle handle) {
    return new SessionStore.Draft(
        subject,
        handle,
        ids.signingKey(),
        Seed.random(random),
        login.tenant(),
        login.subject(),
        login.authentication(),
        login.clientClass(),
        keepsDevices ? login.device() : Device.UNKNOWN,
        login.attributes(),
        policy.timeouts(login.tenant(), login.clientClass()),
        replaced.map(Session::handle),
        login.keys().stream()
            .filter(
                binding ->
                    policy.binding(login.tenant()).rung(binding.kind()) != BindingPolicy.Rung.OFF)
            .findFirst());
  }

  private Issuance issued(
      SessionStore.Created created,
      Locator locator,
      Optional<Session> replaced,
      Presenter presenter) {
    Session session = created.session();
    replaced.ifPresent(old -> revoked(old, RevocationReason.REPLACED, presenter));
    for (Handle evicted : created.evicted()) {
      audit.record(
          new AuditEvent(
              clock.instant(),
              AuditEvent.Action.SESSION_EVICTED,
              Optional.of(session.tenant()),
              Optional.of(session.subject()),
              Optional.of(evicted),
              presenter,
              Map.of()));
    }
    audit.record(
        AuditEvent.of(
            session,
            clock.instant(),
            AuditEvent.Action.SESSION_ISSUED,
            presenter,
            Map.of("acr", session.authentication().acr())));
    return new Issuance.Issued(
        session, ids.encode(session.key(), locator, session.generation(), session.seed()));
  }

  private void revoked(Session session, RevocationReason reason, Presenter presenter) {
    audit.record(
        AuditEvent.of(
            session,
            clock.instant(),
            AuditEvent.Action.SESSION_REVOKED,
            presenter,
            Map.of("reason", reason.code())));
  }

  private void record(AuditEvent.Action action, Login login, Map<String, String> detail) {
    audit.record(
        new AuditEvent(
            clock.instant(),
            action,
            Optional.of(login.tenant()),
            Optional.of(login.subject()),
            Optional.empty(),
            login.presenter(),
            detail));
  }
}
