package org.symbolon.http.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
import org.symbolon.session.Issuance;
import org.symbolon.session.Login;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/** {@code POST /v1/sessions}: issues a session for a backend that has authenticated the subject. */
final class IssueEndpoint {
  private final PublicPorts ports;
  private final CookieAttributes cookie;
  private final Backends backends;
  private final Devices devices;
  private final InstantSource clock;

  IssueEndpoint(
      PublicPorts ports, CookieAttributes cookie, Backends backends, InstantSource clock) {
    this.ports = ports;
    this.cookie = cookie;
    this.backends = backends;
    this.devices = new Devices(ports.ids());
    this.clock = clock;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    return exchange
        .body()
        .compose(
            body ->
                backends.admit(
                    exchange,
                    Services.Scope.ISSUE,
                    service -> issue(exchange, service, read(exchange, body))));
  }

  private SessionRequest read(Exchange exchange, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.JSON)) {
      throw new RefusedRequest(Problems.mediaTypeUnsupported(MediaType.JSON));
    }
    return SessionRequest.read(Json.read(body), clock.instant());
  }

  private Future<Reply> issue(Exchange exchange, Services.Service service, SessionRequest request) {
    if (!service.mayActFor(request.tenant())) {
      return Future.succeededFuture(Reply.problem(Problems.tenantNotAllowed(request.tenant())));
    }
    return exchange.await(ports.issue().issue(login(exchange, request))).map(this::reply);
  }

  private Login login(Exchange exchange, SessionRequest request) {
    boolean named = !request.userAgent().isEmpty() || !request.address().isEmpty();
    return new Login(
        request.tenant(),
        request.subject(),
        request.authentication(),
        request.clientClass(),
        devices.of(request.userAgent(), request.address()),
        request.attributes(),
        request.replaces().map(this::presented).orElseGet(Presented.Missing::new),
        named
            ? new Presenter(request.address(), request.userAgent(), "direct")
            : exchange.presenter("direct"),
        List.of());
  }

  private Presented presented(SecretText id) {
    Presented presented = ports.ids().parse(id.reveal());
    if (!(presented instanceof Presented.Genuine)) {
      throw Members.refused(
          "replaces",
          "is no session ID of this service",
          "Send the value of the user's session cookie, or leave replaces out");
    }
    return presented;
  }

  private Reply reply(Issuance issuance) {
    return switch (issuance) {
      case Issuance.Issued(Session session, SecretText id) -> {
        ports.indicators().login("issued");
        SetCookie set = cookie.carrying(id, session);
        ObjectNode view = SessionView.withAttributes(session);
        view.put("cookie", set.line().reveal());
        yield Reply.json(201, view).withAll(ports.devices().offer(session)).with(set);
      }
      case Issuance.LimitReached limit -> {
        ports.indicators().login("limit");
        yield Reply.problem(Problems.of(limit));
      }
      case Unavailable _ -> {
        ports.indicators().login("unavailable");
        yield Reply.unavailable();
      }
    };
  }
}
