package org.symbolon.http.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.symbolon.http.Backends;
import org.symbolon.http.Listener;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Responder;
import org.symbolon.http.Routes;
import org.symbolon.session.Indicators;
import org.symbolon.session.ListSessions;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services;

/**
 * The listener for operators' programs: sessions of anybody, by credentials with the scope admin.
 */
public final class AdminListener {
  private final Listener listener;

  /**
   * @param policy the effective timeouts and limits as a JSON object
   */
  public AdminListener(
      Vertx vertx,
      ListenerSettings settings,
      Services services,
      ListSessions list,
      RevokeSessions revoke,
      Indicators indicators,
      Supplier<String> policy) {
    Responder responder = new Responder(indicators);
    AdminEndpoints endpoints = new AdminEndpoints(new Backends(services), list, revoke, policy);
    String ofSubject = "/admin/v1/tenants/{tenant}/subjects/{subject}/sessions";
    Routes routes =
        new Routes()
            .add("GET", "/admin/v1/sessions/{handle}", endpoints::show)
            .add("DELETE", "/admin/v1/sessions/{handle}", endpoints::end)
            .add("GET", ofSubject, endpoints::list)
            .add("DELETE", ofSubject, endpoints::endAll)
            .add("GET", "/policy", endpoints::policy);
    this.listener =
        new Listener(
            vertx,
            "admin",
            settings,
            responder,
            indicators,
            Listener.routed(responder, routes, settings.limits()));
  }

  /** Listens; gives the bound port. */
  public Future<Integer> start() {
    return listener.start();
  }

  public Future<Void> close() {
    return listener.close();
  }
}
