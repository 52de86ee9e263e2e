package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Handle;
import org.symbolon.session.ListSessions;
import org.symbolon.session.Listing;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.RevokeSessions;
import org.symbolon.session.Services.Service;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/** What operators see and end. A session of a tenant that the caller may not act for is unknown. */
final class AdminEndpoints {
  private final ListSessions list;
  private final RevokeSessions revoke;
  private final Supplier<String> policy;

  AdminEndpoints(ListSessions list, RevokeSessions revoke, Supplier<String> policy) {
    this.list = list;
    this.revoke = revoke;
    this.policy = policy;
  }

  Future<Reply> show(Exchange exchange, Service operator, Map<String, String> path) {
    return one(
        exchange,
        operator,
        path,
        session -> Future.succeededFuture(Reply.json(200, SessionView.forOperators(session))));
  }

  Future<Reply> end(Exchange exchange, Service operator, Map<String, String> path) {
    return one(
        exchange,
        operator,
        path,
        session ->
            exchange
                .await(revoke.one(session, RevocationReason.ADMIN, exchange.presenter("direct")))
                .map(AdminEndpoints::done));
  }

  private static Reply done(Revocation revocation) {
    return switch (revocation) {
      case Revocation.Done _ -> Reply.empty(204);
      case Revocation.NotDurable _ -> Reply.notDurable();
      case Unavailable _ -> Reply.unavailable();
    };
  }

  Future<Reply> endTenant(Exchange exchange, Service operator, Map<String, String> path) {
    Tenant tenant = tenant(path.getOrDefault("tenant", ""));
    return operator.mayActFor(tenant)
        ? exchange
            .await(revoke.tenant(tenant, RevocationReason.ADMIN, exchange.presenter("direct")))
            .map(AdminEndpoints::done)
        : Future.succeededFuture(Reply.problem(Problems.tenantNotAllowed(tenant)));
  }

  Future<Reply> endEverything(Exchange exchange, Service operator, Map<String, String> path) {
    return operator.mayActForAll()
        ? exchange
            .await(revoke.everything(RevocationReason.ADMIN, exchange.presenter("direct")))
            .map(AdminEndpoints::done)
        : Future.succeededFuture(Reply.problem(Problems.notForAllTenants()));
  }

  private Future<Reply> one(
      Exchange exchange,
      Service operator,
      Map<String, String> path,
      Function<Session, Future<Reply>> then) {
    Optional<Handle> handle = Handle.parse(path.getOrDefault("handle", ""));
    return handle.isEmpty()
        ? unknown()
        : exchange.await(list.one(handle.get())).compose(finding -> found(operator, finding, then));
  }

  private static Future<Reply> found(
      Service service, SessionStore.Finding finding, Function<Session, Future<Reply>> then) {
    return switch (finding) {
      case SessionStore.Found(Session session, var now)
          when service.mayActFor(session.tenant()) && !session.isExpired(now) ->
          then.apply(session);
      case SessionStore.Found _, SessionStore.Ended _, SessionStore.Absent _ -> unknown();
      case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
    };
  }

  private static Future<Reply> unknown() {
    return Future.succeededFuture(Reply.problem(Problems.sessionUnknown()));
  }

  Future<Reply> list(Exchange exchange, Service operator, Map<String, String> path) {
    return ofSubject(
        operator,
        path,
        (tenant, subject) ->
            exchange
                .await(list.of(tenant, subject))
                .map(
                    listing ->
                        switch (listing) {
                          case Listing.Sessions sessions -> view(sessions);
                          case Unavailable _ -> Reply.unavailable();
                        }));
  }

  private static Reply view(Listing.Sessions sessions) {
    ObjectNode node = Json.object();
    ArrayNode views = node.putArray("sessions");
    sessions.sessions().forEach(session -> views.add(SessionView.forOperators(session)));
    return Reply.json(200, node);
  }

  Future<Reply> endAll(Exchange exchange, Service operator, Map<String, String> path) {
    return ofSubject(
        operator,
        path,
        (tenant, subject) ->
            exchange
                .await(
                    revoke.all(
                        tenant, subject, RevocationReason.ADMIN, exchange.presenter("direct")))
                .map(
                    revocation ->
                        switch (revocation) {
                          case Revocation.Done(int count) ->
                              Reply.json(200, Json.object().put("revoked", count));
                          case Revocation.NotDurable _ -> Reply.notDurable();
                          case Unavailable _ -> Reply.unavailable();
                        }));
  }

  private interface OfSubject {
    Future<Reply> answer(Tenant tenant, Subject subject);
  }

  private static Future<Reply> ofSubject(
      Service operator, Map<String, String> path, OfSubject then) {
    Tenant tenant = tenant(path.getOrDefault("tenant", ""));
    Subject subject = subject(path.getOrDefault("subject", ""));
    return operator.mayActFor(tenant)
        ? then.answer(tenant, subject)
        : Future.succeededFuture(Reply.problem(Problems.tenantNotAllowed(tenant)));
  }

  private static Tenant tenant(String text) {
    if (!Tenant.isValid(text)) {
      throw new RefusedRequest(
          Problems.parameterInvalid(
              "tenant has another shape",
              "tenant",
              "Send 1 to 64 characters of A-Z a-z 0-9 . _ -"));
    }
    return new Tenant(text);
  }

  private static Subject subject(String text) {
    if (!Subject.isValid(text)) {
      throw new RefusedRequest(
          Problems.parameterInvalid(
              "subject has another shape",
              "subject",
              "Send 1 to 255 visible ASCII characters, percent-encoded where the path needs it"));
    }
    return new Subject(text);
  }

  Future<Reply> policy(Exchange exchange, Service operator, Map<String, String> path) {
    return Future.succeededFuture(
        Reply.content(200, "application/json", Buffer.buffer(policy.get())));
  }
}
