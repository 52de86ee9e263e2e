package org.symbolon.events;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Presenter;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services.Service;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Ends a subject's sessions for a service that names them by a subject identifier. */
public final class RevokeSubject {
  private final Map<String, Set<Tenant>> issuers;
  private final boolean isDefaultAlone;
  private final EndSubject end;
  private final AuditTrail audit;
  private final InstantSource clock;

  /**
   * @param issuers the tenants that each issuer speaks for, by its {@code iss}
   * @param isDefaultAlone whether nobody can log in to another tenant than {@code default}
   */
  public RevokeSubject(
      Map<String, Set<Tenant>> issuers,
      boolean isDefaultAlone,
      RevokeSessions revoke,
      AuditTrail audit,
      InstantSource clock) {
    this.issuers = Map.copyOf(issuers);
    this.isDefaultAlone = isDefaultAlone;
    this.end = new EndSubject(revoke, RevocationReason.ADMIN);
    this.audit = audit;
    this.clock = clock;
  }

  /** The outcome. */
  public sealed interface Outcome
      permits Ended, NotFound, NotAllowed, Faulty, Ambiguous, Unreachable {}

  /** None of the subject's sessions is left, if there was any. */
  public record Ended() implements Outcome {}

  /** No subject is known by such an identifier. */
  public record NotFound() implements Outcome {}

  /** The service may act for none of the subject's tenants, of which this is one. */
  public record NotAllowed(Tenant tenant) implements Outcome {}

  /** What it names can't be a subject. */
  public record Faulty() implements Outcome {}

  /** A name alone, of a service that may act for all tenants: in each it may be somebody else. */
  public record Ambiguous() implements Outcome {}

  /** The store gave no answer, or the end is not durable. */
  public record Unreachable(String cause) implements Outcome {}

  /** Ends the sessions in all tenants of the subject that the service may act for. */
  public CompletionStage<Outcome> revoke(SubjectId id, Service service, Presenter presenter) {
    String name =
        switch (id) {
          case SubjectId.IssSub(var _, String sub) -> sub;
          case SubjectId.Opaque(String own) -> own;
        };
    Set<Tenant> tenants =
        switch (id) {
          case SubjectId.IssSub(String iss, var _) -> issuers.getOrDefault(iss, Set.of());
          case SubjectId.Opaque _ ->
              service.mayActForAll() ? Set.of(Tenant.DEFAULT) : service.tenants();
        };
    if (!Subject.isValid(name)) {
      return done(new Faulty());
    }
    if (id instanceof SubjectId.Opaque && service.mayActForAll() && !isDefaultAlone) {
      return done(new Ambiguous());
    }
    if (tenants.isEmpty()) {
      return done(new NotFound());
    }
    Set<Tenant> allowed =
        tenants.stream().filter(service::mayActFor).collect(Collectors.toUnmodifiableSet());
    if (allowed.isEmpty()) {
      return done(new NotAllowed(tenants.iterator().next()));
    }
    Subject subject = new Subject(name);
    return end.in(allowed, subject, presenter)
        .thenApply(
            obstacle -> {
              if (obstacle.isPresent()) {
                return new Unreachable(obstacle.get());
              }
              record(service, allowed, subject, presenter);
              return new Ended();
            });
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedStage(outcome);
  }

  private void record(Service service, Set<Tenant> tenants, Subject subject, Presenter presenter) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("sender", service.name());
    detail.put("kind", "global-token-revocation");
    detail.put("outcome", "revoke");
    audit.record(
        new AuditEvent(
            clock.instant(),
            AuditEvent.Action.EVENT_TAKEN,
            Optional.of(tenants).filter(t -> t.size() == 1).map(t -> t.iterator().next()),
            Optional.of(subject),
            Optional.empty(),
            presenter,
            detail));
  }
}
