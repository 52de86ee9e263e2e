package org.symbolon.campaign;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.symbolon.session.Handle;
import org.symbolon.session.Listing;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** Where the sessions of a selection are to be found, without looking at all where that can be. */
final class Sources {
  private static final int PATIENCE_SECONDS = 10;

  private final SessionStore store;
  private final SessionIds ids;
  private final SessionScan whole;
  private final InstantSource storeClock;

  Sources(SessionStore store, SessionIds ids, SessionScan whole, InstantSource storeClock) {
    this.store = store;
    this.ids = ids;
    this.whole = whole;
    this.storeClock = storeClock;
  }

  /** Every session of the store, for a proof that leans on nothing else. */
  SessionScan whole() {
    return whole;
  }

  /** Named sessions by their names, and those of named subjects of named tenants by their index. */
  SessionScan of(Selection selection) {
    List<String> handles = selection.criteria().getOrDefault(Criterion.HANDLE, List.of());
    if (!handles.isEmpty()) {
      return each(handles.stream().flatMap(h -> Handle.parse(h).stream()).toList(), this::one);
    }
    List<String> subjects = selection.criteria().getOrDefault(Criterion.SUBJECT, List.of());
    List<String> tenants = selection.criteria().getOrDefault(Criterion.TENANT, List.of());
    List<String> accounts = selection.criteria().getOrDefault(Criterion.ACCOUNT, List.of());
    if (!accounts.isEmpty()) {
      return each(accounts.stream().map(Owner::of).toList(), this::all);
    }
    if (subjects.isEmpty() || tenants.isEmpty()) {
      return whole;
    }
    List<Owner> owners =
        tenants.stream()
            .flatMap(t -> subjects.stream().map(s -> new Owner(new Tenant(t), new Subject(s))))
            .toList();
    return each(owners, this::all);
  }

  private record Owner(Tenant tenant, Subject subject) {
    static Owner of(String account) {
      int slash = account.indexOf('/');
      return new Owner(
          new Tenant(account.substring(0, slash)), new Subject(account.substring(slash + 1)));
    }
  }

  private interface Look<T> {
    List<Session> at(T item) throws OutageException;
  }

  private <T> SessionScan each(List<T> items, Look<T> look) {
    return (position, size) -> {
      int next = position.isEmpty() ? 0 : Integer.parseInt(position);
      List<Session> found = new ArrayList<>();
      for (int taken = 0; next < items.size() && taken < size; taken++) {
        found.addAll(look.at(items.get(next)));
        next++;
      }
      Instant now = storeClock.instant();
      return new SessionScan.Batch(found, next < items.size() ? Integer.toString(next) : "", now);
    };
  }

  private List<Session> one(Handle handle) throws OutageException {
    return switch (await(store.find(handle))) {
      case SessionStore.Found(Session session, var _) -> List.of(session);
      case SessionStore.Ended _, SessionStore.Absent _ -> List.of();
      case Unavailable(String cause) -> throw new OutageException(cause);
    };
  }

  private List<Session> all(Owner owner) throws OutageException {
    return switch (await(store.list(ids.subjectKey(owner.tenant(), owner.subject())))) {
      case Listing.Sessions(List<Session> sessions) -> sessions;
      case Unavailable(String cause) -> throw new OutageException(cause);
    };
  }

  static <T> T await(CompletionStage<T> stage) throws OutageException {
    try {
      return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw new OutageException("no answer: " + e);
    }
  }
}
