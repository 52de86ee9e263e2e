package org.symbolon.http.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.symbolon.http.Backends;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.http.SetCookie;
import org.symbolon.session.Authentication;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.Handle;
import org.symbolon.session.Presenter;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Unavailable;

/**
 * {@code POST /v1/sessions/{handle}/elevate}: gives a session the new authentication that a backend
 * has seen, and with it a new ID, the only good one from then on.
 */
final class ElevateEndpoint {
  private static final List<String> MEMBERS =
      List.of("auth_time", "acr", "amr", "user_agent", "address");

  private final PublicPorts ports;
  private final CookieAttributes cookie;
  private final Backends backends;
  private final InstantSource clock;

  ElevateEndpoint(
      PublicPorts ports, CookieAttributes cookie, Backends backends, InstantSource clock) {
    this.ports = ports;
    this.cookie = cookie;
    this.backends = backends;
    this.clock = clock;
  }

  /** A new authentication, and whose browser takes the new ID, if the backend tells. */
  private record StepUp(Authentication authentication, Presenter presenter) {}

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    Optional<Handle> handle = Handle.parse(path.getOrDefault("handle", ""));
    return exchange
        .body()
        .compose(
            body ->
                backends.admit(
                    exchange,
                    Services.Scope.ISSUE,
                    service -> {
                      StepUp stepUp = read(exchange, body);
                      return handle.isEmpty()
                          ? unknown()
                          : exchange
                              .await(ports.list().one(handle.get()))
                              .compose(finding -> found(exchange, service, finding, stepUp));
                    }));
  }

  private StepUp read(Exchange exchange, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.JSON)) {
      throw new RefusedRequest(Problems.mediaTypeUnsupported(MediaType.JSON));
    }
    Members members = new Members(Json.read(body), MEMBERS);
    if (members.integer("auth_time").isEmpty()) {
      throw Members.refused(
          "auth_time", "is missing", "Send when the user authenticated, in seconds since 1970");
    }
    Instant time = SessionRequest.time(members, clock.instant());
    String userAgent = Exchange.cut(members.text("user_agent").orElse(""));
    String address = SessionRequest.address(members);
    boolean named = !userAgent.isEmpty() || !address.isEmpty();
    return new StepUp(
        new Authentication(time, SessionRequest.acr(members), SessionRequest.amr(members)),
        named ? new Presenter(address, userAgent, "direct") : exchange.presenter("direct"));
  }

  private Future<Reply> found(
      Exchange exchange, Services.Service service, SessionStore.Finding finding, StepUp stepUp) {
    return switch (finding) {
      case SessionStore.Found(Session session, Instant now)
          when service.mayActFor(session.tenant()) && !session.isExpired(now) ->
          elevate(exchange, session, stepUp);
      case SessionStore.Found _, SessionStore.Ended _, SessionStore.Absent _ -> unknown();
      case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
    };
  }

  private Future<Reply> elevate(Exchange exchange, Session session, StepUp stepUp) {
    if (stepUp.authentication().time().isBefore(session.authentication().time())) {
      throw Members.refused(
          "auth_time",
          "is before the session's own",
          "Send the time of the new authentication; check the clocks");
    }
    return exchange
        .await(
            ports.elevate().elevate(session.handle(), stepUp.authentication(), stepUp.presenter()))
        .map(
            outcome ->
                switch (outcome) {
                  case ElevateSession.Elevated(Session elevated, SecretText id) ->
                      elevated(elevated, id);
                  case ElevateSession.NotLive _ -> Reply.problem(Problems.sessionUnknown());
                  case ElevateSession.Exhausted _ -> Reply.problem(Problems.sessionExhausted());
                  case Unavailable _ -> Reply.unavailable();
                });
  }

  private Reply elevated(Session session, SecretText id) {
    ports.indicators().renewed("elevate");
    SetCookie set = cookie.carrying(id, session);
    ObjectNode view = SessionView.withAttributes(session);
    view.put("cookie", set.line().reveal());
    return Reply.json(200, view).with(set);
  }

  private static Future<Reply> unknown() {
    return Future.succeededFuture(Reply.problem(Problems.sessionUnknown()));
  }
}
