package org.symbolon.http.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.symbolon.campaign.Campaigns;
import org.symbolon.events.Receivers;
import org.symbolon.http.Backends;
import org.symbolon.http.Listener;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Responder;
import org.symbolon.http.Routes;
import org.symbolon.session.Indicators;
import org.symbolon.session.ListSessions;
import org.symbolon.session.Operators;
import org.symbolon.session.ReportRefusals;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services;
import org.symbolon.session.Services.Role;

/**
 * The listener for operators and their programs: sessions of anybody, by credentials with the scope
 * admin or by client certificates, and by roles.
 */
public final class AdminListener {
  private final Listener listener;

  /**
   * @param operators those that show a certificate
   * @param receivers who is told of events
   * @param kept how long counts of refusals are kept
   * @param bound within which a fence holds on every node
   * @param policy the effective timeouts and limits as a JSON object
   */
  public AdminListener(
      Vertx vertx,
      ListenerSettings settings,
      Services services,
      Operators operators,
      ListSessions list,
      RevokeSessions revoke,
      Campaigns campaigns,
      ReportRefusals refusals,
      Receivers receivers,
      Duration kept,
      Duration bound,
      Indicators indicators,
      Supplier<String> policy) {
    Responder responder = new Responder(indicators);
    Gate gate = new Gate(new Backends(services), operators);
    AdminEndpoints endpoints = new AdminEndpoints(list, revoke, policy);
    CampaignEndpoints ofCampaigns = new CampaignEndpoints(campaigns, bound);
    ReceiverEndpoints ofReceivers = new ReceiverEndpoints(receivers);
    String ofSubject = "/admin/v1/tenants/{tenant}/subjects/{subject}/sessions";
    Routes routes =
        new Routes()
            .add("GET", "/admin/v1/sessions/{handle}", gate.with(Role.VIEWER, endpoints::show))
            .add("DELETE", "/admin/v1/sessions/{handle}", gate.with(Role.OPERATOR, endpoints::end))
            .add("GET", ofSubject, gate.with(Role.VIEWER, endpoints::list))
            .add("DELETE", ofSubject, gate.with(Role.OPERATOR, endpoints::endAll))
            .add(
                "POST",
                "/admin/v1/tenants/{tenant}/logout",
                gate.with(Role.ADMIN, endpoints::endTenant))
            .add("POST", "/admin/v1/logout", gate.with(Role.ADMIN, endpoints::endEverything))
            .add(
                "POST",
                "/admin/v1/campaigns",
                gate.withBody(_ -> List.of(Role.OPERATOR), ofCampaigns::plan))
            .add("GET", "/admin/v1/campaigns", gate.with(Role.VIEWER, ofCampaigns::list))
            .add("GET", "/admin/v1/campaigns/{id}", gate.with(Role.VIEWER, ofCampaigns::show))
            .add(
                "GET",
                "/admin/v1/campaigns/{id}/report",
                gate.with(Role.VIEWER, ofCampaigns::report))
            .add(
                "GET",
                "/admin/v1/campaigns/{id}/events",
                gate.with(Role.VIEWER, new CampaignEvents(vertx, campaigns, ofCampaigns)::answer))
            .add(
                "POST",
                "/admin/v1/campaigns/{id}/steps",
                gate.withBody(CampaignEndpoints::roles, ofCampaigns::step))
            .add(
                "GET",
                "/admin/v1/bindings/report",
                gate.with(Role.VIEWER, new RefusalEndpoint(refusals, kept)::answer))
            .add("GET", "/admin/v1/receivers", gate.with(Role.VIEWER, ofReceivers::list))
            .add(
                "GET",
                "/admin/v1/receivers/{name}/refused",
                gate.with(Role.VIEWER, ofReceivers::refused))
            .add(
                "POST",
                "/admin/v1/receivers/{name}/refused/{id}",
                gate.with(Role.OPERATOR, ofReceivers::tellAgain))
            .add(
                "DELETE",
                "/admin/v1/receivers/{name}/refused/{id}",
                gate.with(Role.OPERATOR, ofReceivers::drop))
            .add("GET", "/policy", gate.with(Role.VIEWER, endpoints::policy));
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

  /** Goes on answering, each reply being its connection's last. */
  public void leave() {
    listener.leave();
  }

  public Future<Void> close() {
    return listener.close();
  }
}
