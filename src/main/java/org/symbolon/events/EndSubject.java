package org.symbolon.events;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    return next(tenants.iterator(), subject, presenter);
  }

  private CompletionStage<Optional<String>> next(
      Iterator<Tenant> tenants, Subject subject, Presenter presenter) {
    if (!tenants.hasNext()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return revoke
        .all(tenants.next(), subject, reason, presenter)
        .thenCompose(
            revocation ->
                switch (revocation) {
                  case Revocation.Done _ -> next(tenants, subject, presenter);
                  case Revocation.NotDurable(int _, String missing) ->
                      CompletableFuture.completedStage(Optional.of("not durable: " + missing));
                  case Unavailable(String cause) ->
                      CompletableFuture.completedStage(Optional.of(cause));
                });
  }
}
