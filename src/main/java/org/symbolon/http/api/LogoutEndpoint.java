package org.symbolon.http.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Problem;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.session.Decision;
import org.symbolon.session.Presenter;
import org.symbolon.session.Reason;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/** {@code POST /v1/logout}: ends this session, the subject's others, or all. */
final class LogoutEndpoint {
  private enum Scope {
    THIS("this"),
    OTHERS("others"),
    ALL("all");

    private final String text;

    Scope(String text) {
      this.text = text;
    }
  }

  private static final String SCOPE = "scope";
  private static final List<String> KNOWN = List.of(SCOPE);

  private final PublicPorts ports;
  private final PublicSettings settings;
  private final CrossSite crossSite;

  LogoutEndpoint(PublicPorts ports, PublicSettings settings, CrossSite crossSite) {
    this.ports = ports;
    this.settings = settings;
    this.crossSite = crossSite;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    Optional<Problem> objection = crossSite.objection(exchange);
    if (objection.isPresent()) {
      return Future.succeededFuture(Reply.problem(objection.get()));
    }
    Scope scope = scope(exchange);
    return exchange
        .await(ports.validate().inspect(ports.cookies().read(exchange.cookieFields())))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var _, var _) ->
                      end(exchange, session, scope);
                  case Decision.Deny(Reason reason) ->
                      Future.succeededFuture(denied(reason, scope));
                  case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
                });
  }

  private Reply denied(Reason reason, Scope scope) {
    Reply refused = Reply.problem(Problems.of(reason));
    return switch (reason) {
      // One of several IDs, or a newer one, is of a live session: nothing has ended.
      case AMBIGUOUS -> refused.with(settings.cookie().cleared());
      case SUPERSEDED -> refused;
      case MISSING, MALFORMED, EXPIRED, REVOKED, REUSED ->
          scope == Scope.THIS ? ended(scope) : refused;
    };
  }

  private static Scope scope(Exchange exchange) {
    Form query = exchange.query();
    query.unknown(KNOWN).ifPresent(LogoutEndpoint::refuse);
    String text = query.one(SCOPE).orElse(Scope.THIS.text);
    for (Scope scope : Scope.values()) {
      if (scope.text.equals(text)) {
        return scope;
      }
    }
    throw new RefusedRequest(
        Problems.parameterInvalid(
            "scope is none of the known ones", SCOPE, "Use this, others or all"));
  }

  private static void refuse(String name) {
    String shown = Members.shown(name);
    throw new RefusedRequest(
        Problems.parameterInvalid(
            shown + " is no known parameter", shown, "Did you mean " + SCOPE + "?"));
  }

  private Future<Reply> end(Exchange exchange, Session session, Scope scope) {
    Presenter presenter = exchange.presenter("direct");
    CompletionStage<Revocation> revocation =
        switch (scope) {
          case THIS -> ports.revoke().one(session, RevocationReason.LOGOUT, presenter);
          case OTHERS ->
              ports.revoke().others(session, RevocationReason.LOGOUT_ELSEWHERE, presenter);
          case ALL ->
              ports
                  .revoke()
                  .all(session.tenant(), session.subject(), RevocationReason.LOGOUT, presenter);
        };
    return exchange
        .await(revocation)
        .map(
            outcome ->
                switch (outcome) {
                  case Revocation.Done _ -> done(scope);
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  private Reply done(Scope scope) {
    ports.indicators().logout(scope.text);
    return ended(scope);
  }

  private Reply ended(Scope scope) {
    Reply reply = Reply.empty(204);
    if (scope == Scope.OTHERS) {
      return reply;
    }
    String clear = settings.clearSiteData().value();
    return (clear.isEmpty() ? reply : reply.with("Clear-Site-Data", clear))
        .with(settings.cookie().cleared());
  }
}
