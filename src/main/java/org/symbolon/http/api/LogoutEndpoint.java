package org.symbolon.http.api;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Members;
import org.symbolon.http.Problem;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.session.Decision;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.Reason;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionId;
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
    Presented presented = ports.cookies().read(exchange.cookieFields());
    return exchange
        .await(session(exchange, presented, scope))
        .compose(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var _, var _) ->
                      end(exchange, session, scope);
                  case Decision.Deny(Reason reason) ->
                      (reason == Reason.REVOKED || reason == Reason.REUSED)
                              && scope == Scope.THIS
                              && presented instanceof Presented.Genuine(SessionId id)
                          ? endAgain(exchange, id)
                          : Future.succeededFuture(denied(reason, scope));
                  case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
                });
  }

  /** Whoever holds an ID may end that one session; others take the proof of a bound one. */
  private CompletionStage<Decision> session(Exchange exchange, Presented presented, Scope scope) {
    Presenter presenter = exchange.presenter("direct");
    return switch (scope) {
      case THIS -> ports.validate().recognise(presented, presenter);
      case OTHERS, ALL -> ports.validate().inspect(presented, exchange.evidence(), presenter);
    };
  }

  private Reply denied(Reason reason, Scope scope) {
    Reply refused = ports.refusal(reason);
    return switch (reason) {
      // One of several IDs, or a newer one, is of a live session: nothing has ended.
      case AMBIGUOUS -> refused.with(settings.cookie().cleared());
      case SUPERSEDED,
          INSUFFICIENT,
          CSRF,
          BINDING_MISSING,
          BINDING_STALE,
          BINDING_WRONG,
          BINDING_REPLAYED,
          INVALID_DPOP_PROOF,
          USE_DPOP_NONCE,
          UNBOUND,
          SIGNALS_DIFFER,
          STEP_UP,
          ANEW ->
          refused;
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
    return answered(exchange, revocation, () -> done(scope));
  }

  /** Its end may have been answered as not durable, and must not pass for durable the next time. */
  private Future<Reply> endAgain(Exchange exchange, SessionId id) {
    return answered(
        exchange, ports.revoke().ended(id, RevocationReason.LOGOUT), () -> ended(Scope.THIS));
  }

  private static Future<Reply> answered(
      Exchange exchange, CompletionStage<Revocation> revocation, Supplier<Reply> done) {
    return exchange
        .await(revocation)
        .map(
            outcome ->
                switch (outcome) {
                  case Revocation.Done _ -> done.get();
                  case Revocation.NotDurable _ -> Reply.notDurable();
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
