package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.symbolon.http.Backends;
import org.symbolon.http.Exchange;
import org.symbolon.http.Listener;
import org.symbolon.http.Responder;
import org.symbolon.http.Routes;
import org.symbolon.http.gateway.Validation;
import org.symbolon.session.Presented;
import org.symbolon.session.SecretText;
import org.symbolon.session.Subject;

/** The listener for gateways, browsers and backends. */
public final class PublicListener {
  private final Listener listener;
  private final PublicPorts ports;
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
    this.ports = ports;
    this.validation =
        new Validation(
            ports.cookies(), ports.validate(), settings.cookie(), responder, ports.indicators());
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
            .add("POST", "/v1/introspect", new IntrospectEndpoint(ports, backends)::answer)
            .add("POST", "/v1/logout", new LogoutEndpoint(ports, settings, crossSite)::answer)
            .add("GET", "/v1/me/sessions", own::list)
            .add("DELETE", "/v1/me/sessions/{handle}", own::end);
    demo.ifPresent(signer -> new DemoPage(signer).addTo(routes));
    return routes;
  }

  /** Listens; gives the bound port. */
  public Future<Integer> start() {
    return listener.start();
  }

  public Future<Void> close() {
    return listener.close();
  }

  private void accept(Exchange exchange) {
    countPlaintext(exchange);
    if (!validation.answers(exchange)) {
      routed.accept(exchange);
    }
  }

  private void countPlaintext(Exchange exchange) {
    boolean acceptable = exchange.hop().acceptable();
    if ((!acceptable || exchange.hop().clientPlaintext())
        && !(ports.cookies().read(exchange.cookieFields()) instanceof Presented.Missing)) {
      ports.indicators().cookieOverPlaintext(acceptable ? "client" : "service");
    }
  }
}
