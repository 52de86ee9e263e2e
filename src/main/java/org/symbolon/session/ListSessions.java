package org.symbolon.session;

import java.util.concurrent.CompletionStage;

/** Shows a subject's live sessions. */
public final class ListSessions {
  private final SessionIds ids;
  private final SessionStore store;

  public ListSessions(SessionIds ids, SessionStore store) {
    this.ids = ids;
    this.store = store;
  }

  public CompletionStage<Listing> of(Tenant tenant, Subject subject) {
    return store.list(ids.subjectKey(tenant, subject));
  }

  /** One session by its public name, whoever's it is. */
  public CompletionStage<SessionStore.Finding> one(Handle handle) {
    return store.find(handle);
  }
}
