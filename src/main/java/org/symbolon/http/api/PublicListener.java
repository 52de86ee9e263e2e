package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.symbolon.http.Backends;
import org.symbolon.http.Exchange;
import org.symbolon.http.Listener;
import org.symbolon.http.Reply;
import org.symbolon.http.Responder;
import org.symbolon.http.Routes;
import org.symbolon.http.gateway.Validation;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;

/** The listener for gateways, browsers and backends. */
public final class PublicListener {
  private final Listener listener;
  private final Validation validation;
  private final Consumer<Exchange> routed;

  /**
   * @param demo signs assertions for the demo page, which is there only with it and only to peers
   *     on this machine
   * @throws IllegalArgumentException where an allowed origin can't be read
   */
  public PublicListener(
      Vertx vertx,
      PublicSettings settings,
      PublicPorts ports,
      InstantSource clock,
      Optional<Function<Subject, SecretText>> demo) {
    Responder responder = new Responder(ports.indicators());
    this.validation =
        new Validation(
            ports.cookies(),
            ports.known(),
            ports.validate(),
            ports.signals(),
            settings.cookie(),
            settings.carriers(),
            settings.routes(),
            ports.csrf(),
            settings.audiences(),
            ports.assertions(),
            ports.keys()::nonce,
            responder,
            ports.indicators());
    this.routed =
        Listener.routed(
            responder, routes(settings, ports, clock, demo), settings.listener().limits());
    this.listener =
        new Listener(
            vertx,
            "public",
            settings.listener(),
            responder,
            ports.indicators(),
            Validation::refusal,
            this::accept);
  }

  private static Routes routes(
      PublicSettings settings,
      PublicPorts ports,
      InstantSource clock,
      Optional<Function<Subject, SecretText>> demo) {
    CrossSite crossSite = new CrossSite(settings.allowedOrigins());
    Backends backends = new Backends(ports.services());
    CurrentSession current = new CurrentSession(ports, settings.cookie(), crossSite);
    DeviceEndpoints devices = new DeviceEndpoints(ports.devices(), settings.cookie());
    OwnSessions own = new OwnSessions(ports, settings, crossSite);
    Routes routes =
        new Routes()
            .add(
                "POST",
                "/v1/login",
                new LoginEndpoint(ports, settings.cookie(), crossSite, clock)::answer)
            .add(
                "POST",
                "/v1/sessions",
                new IssueEndpoint(ports, settings.cookie(), backends, clock)::answer)
            .add(
                "POST",
                "/v1/sessions/{handle}/elevate",
                new ElevateEndpoint(ports, settings.cookie(), backends, clock)::answer)
            .add("POST", "/v1/session/refresh", current::refresh)
            .add("GET", "/v1/session/csrf", current::csrf)
            .add("POST", "/.session/dbsc/register", devices::register)
            .add("POST", "/.session/dbsc/refresh", devices::refresh)
            .add(
                "POST",
                "/v1/introspect",
                new IntrospectEndpoint(ports, settings.cookie(), backends)::answer)
            .add("POST", "/v1/logout", new LogoutEndpoint(ports, settings, crossSite)::answer)
            .add("GET", "/v1/me/sessions", own::list)
            .add("DELETE", "/v1/me/sessions/{handle}", own::end);
    AgainPage.addTo(routes);
    ports
        .intake()
        .logouts()
        .ifPresent(
            logouts ->
                routes.add(
                    "POST", "/v1/backchannel-logout", new BackchannelLogout(logouts)::answer));
    ports
        .intake()
        .events()
        .ifPresent(events -> routes.add("POST", "/v1/events", new SecurityEvents(events)::answer));
    ports
        .intake()
        .revocations()
        .ifPresent(
            revocations ->
                routes.add(
                    "POST",
                    "/v1/global-token-revocation",
                    new GlobalRevocation(revocations, backends)::answer));
    routes.add(
        "POST",
        "/v1/streams/{stream}/poll",
        new EventPoll(ports.intake().streams(), backends)::answer);
    ports
        .devices()
        .wellKnown()
        .ifPresent(
            json ->
                routes.add(
                    "GET",
                    "/.well-known/device-bound-sessions",
                    (_, _) -> devices.wellKnown(json)));
    if (!settings.audiences().isEmpty() || ports.intake().isTelling()) {
      routes.add("GET", "/.well-known/jwks.json", (exchange, _) -> keys(exchange, ports));
    }
    demo.ifPresent(signer -> new DemoPage(signer).addTo(routes));
    return routes;
  }

  /** What applications verify their assertions with, and receivers their events. */
  private static Future<Reply> keys(Exchange exchange, PublicPorts ports) {
    return exchange
        .await(ports.assertions().jwks())
        .map(
            jwks ->
                Reply.content(200, "application/jwk-set+json", Buffer.buffer(jwks))
                    .with("Cache-Control", "public, max-age=300"));
  }

  /** Listens; gives the bound port. */
  public Future<Integer> start() {
    return listener.start();
  }

  /** Goes on answering, each reply being its connection's last. */
  public void leave() {
    listener.leave();
  }

  /** What decides for gateways, whichever way they ask. */
  public Validation validation() {
    return validation;
  }

  public Future<Void> close() {
    return listener.close();
  }

  private void accept(Exchange exchange) {
    validation.notePlaintext(exchange);
    if (!validation.answers(exchange)) {
      routed.accept(exchange);
    }
  }
}
