package org.symbolon.events;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.symbolon.session.Presenter;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** Ends a subject's sessions in some tenants, one after the other. */
record EndSubject(RevokeSessions revoke, RevocationReason reason) {
  /** Tells what stood in the way; empty where all of it is acknowledged. */
  CompletionStage<Optional<String>> in(Set<Tenant> tenants, Subject subject, Presenter presenter) {
    return next(tenants.iterator(), tenant -> revoke.all(tenant, subject, reason, presenter));
  }

  /** The same for those sessions that an event is about. */
  CompletionStage<Optional<String>> of(Notice notice, Subject subject, Presenter presenter) {
    Map<String, String> event = Map.of("sender", notice.sender(), "kind", notice.kind().code());
    return next(
        notice.tenants().iterator(),
        tenant -> revoke.issued(tenant, subject, notice.upTo(), reason, presenter, event));
  }

  private static CompletionStage<Optional<String>> next(
      Iterator<Tenant> tenants, Function<Tenant, CompletionStage<Revocation>> end) {
    if (!tenants.hasNext()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return end.apply(tenants.next())
        .thenCompose(
            revocation ->
                switch (revocation) {
                  case Revocation.Done _ -> next(tenants, end);
                  case Revocation.NotDurable(int _, String missing) ->
                      CompletableFuture.completedStage(Optional.of("not durable: " + missing));
                  case Unavailable(String cause) ->
                      CompletableFuture.completedStage(Optional.of(cause));
                });
  }
}
