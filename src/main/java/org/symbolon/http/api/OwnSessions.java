package org.symbolon.http.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Problem;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Decision;
import org.symbolon.session.Handle;
import org.symbolon.session.Listing;
import org.symbolon.session.Reason;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Unavailable;

/** {@code /v1/me/sessions}: a person sees and ends their own sessions. */
final class OwnSessions {
  private final PublicPorts ports;
  private final PublicSettings settings;
  private final CrossSite crossSite;

  OwnSessions(PublicPorts ports, PublicSettings settings, CrossSite crossSite) {
    this.ports = ports;
    this.settings = settings;
    this.crossSite = crossSite;
  }

  Future<Reply> list(Exchange exchange, Map<String, String> path) {
    return logged(
        exchange,
        current ->
            exchange
                .await(ports.list().of(current.tenant(), current.subject()))
                .map(
                    listing ->
                        switch (listing) {
                          case Listing.Sessions sessions -> view(sessions, current);
                          case Unavailable _ -> Reply.unavailable();
                        }));
  }

  private static Reply view(Listing.Sessions sessions, Session current) {
    ObjectNode node = Json.object();
    ArrayNode views = node.putArray("sessions");
    for (Session session : sessions.sessions()) {
      views.add(SessionView.of(session).put("current", session.handle().equals(current.handle())));
    }
    return Reply.json(200, node);
  }

  Future<Reply> end(Exchange exchange, Map<String, String> path) {
    Optional<Problem> objection = crossSite.objection(exchange);
    if (objection.isPresent()) {
      return Future.succeededFuture(Reply.problem(objection.get()));
    }
    Optional<Handle> handle = Handle.parse(path.getOrDefault("handle", ""));
    return logged(
        exchange,
        current ->
            handle.isEmpty()
                ? Future.succeededFuture(Reply.problem(Problems.sessionUnknown()))
                : exchange
                    .await(ports.list().one(handle.get()))
                    .compose(finding -> end(exchange, current, finding)));
  }

  private Future<Reply> end(Exchange exchange, Session current, SessionStore.Finding finding) {
    return switch (finding) {
      case SessionStore.Found(Session session, var now)
          when session.tenant().equals(current.tenant())
              && session.subject().equals(current.subject())
              && !session.isExpired(now) ->
          end(exchange, current, session);
      case SessionStore.Found _, SessionStore.Ended _, SessionStore.Absent _ ->
          Future.succeededFuture(Reply.problem(Problems.sessionUnknown()));
      case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
    };
  }

  private Future<Reply> end(Exchange exchange, Session current, Session session) {
    boolean isCurrent = session.handle().equals(current.handle());
    RevocationReason reason =
        isCurrent ? RevocationReason.LOGOUT : RevocationReason.LOGOUT_ELSEWHERE;
    return exchange
        .await(ports.revoke().one(session, reason, exchange.presenter("direct")))
        .map(
            revocation ->
                switch (revocation) {
                  case Revocation.Done _ ->
                      isCurrent
                          ? Reply.empty(204).with(settings.cookie().cleared())
                          : Reply.empty(204);
                  case Revocation.NotDurable _ -> Reply.notDurable();
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  /** Goes on with the session of the request's cookie; this counts as a use of it. */
  private Future<Reply> logged(Exchange exchange, Function<Session, Future<Reply>> then) {
    return exchange
        .await(
            ports
                .validate()
                .validate(
                    ports.cookies().read(exchange.cookieFields()),
                    exchange.evidence(),
                    false,
                    exchange.presenter("direct")))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var _, var _) -> then.apply(session);
                  case Decision.Deny(Reason reason) ->
                      Future.succeededFuture(ports.refusal(reason));
                  case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
                });
  }
}
