package org.symbolon.http.api;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Problem;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Decision;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/** {@code /v1/session}: a page's own dealings with the session that it runs in. */
final class CurrentSession {
  private final PublicPorts ports;
  private final CookieAttributes cookie;
  private final CrossSite crossSite;

  CurrentSession(PublicPorts ports, CookieAttributes cookie, CrossSite crossSite) {
    this.ports = ports;
    this.cookie = cookie;
    this.crossSite = crossSite;
  }

  /** Replaces the session's ID now, unless that has just happened. */
  Future<Reply> refresh(Exchange exchange, Map<String, String> path) {
    Optional<Problem> objection = crossSite.objection(exchange);
    if (objection.isPresent()) {
      return Future.succeededFuture(Reply.problem(objection.get()));
    }
    return exchange
        .await(
            ports
                .validate()
                .refresh(
                    ports.cookies().read(exchange.cookieFields()),
                    exchange.evidence(),
                    exchange.presenter("direct")))
        .map(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var successor, var outcome) ->
                      refreshed(session, successor, outcome);
                  case Decision.Deny(Reason reason) -> denied(reason);
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  private Reply refreshed(
      Session session, Optional<SecretText> successor, RotationOutcome outcome) {
    if (outcome == RotationOutcome.ISSUED) {
      ports.indicators().renewed("refresh");
    }
    Reply reply = Reply.json(200, SessionView.of(session));
    return successor.map(id -> reply.with(cookie.carrying(id, session))).orElse(reply);
  }

  /** Hands out a token that tells the application's own requests from other sites'. */
  Future<Reply> csrf(Exchange exchange, Map<String, String> path) {
    Optional<Problem> objection = crossSite.objection(exchange);
    if (objection.isPresent()) {
      return Future.succeededFuture(Reply.problem(objection.get()));
    }
    return exchange
        .await(
            ports
                .validate()
                .validate(
                    ports.cookies().read(exchange.cookieFields()),
                    exchange.evidence(),
                    false,
                    exchange.presenter("direct")))
        .map(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var _, var _) ->
                      Reply.json(
                          200,
                          Json.object().put("csrf_token", ports.csrf().issue(session).reveal()));
                  case Decision.Deny(Reason reason) -> denied(reason);
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  private Reply denied(Reason reason) {
    Reply refused = ports.refusal(reason);
    return reason.isFinal() ? refused.with(cookie.cleared()) : refused;
  }
}
