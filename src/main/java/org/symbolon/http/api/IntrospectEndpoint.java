package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.symbolon.http.Backends;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Json;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Decision;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Session;
import org.symbolon.session.Unavailable;

/** {@code POST /v1/introspect}: tells a backend what a session ID stands for (RFC 7662). */
final class IntrospectEndpoint {
  private static final String TYPE = "client_assertion_type";
  private static final String ASSERTION = "client_assertion";

  /** RFC 7523 section 2.2. */
  private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final PublicPorts ports;
  private final Backends backends;

  IntrospectEndpoint(PublicPorts ports, Backends backends) {
    this.ports = ports;
    this.backends = backends;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    return exchange.body().compose(body -> answer(exchange, body));
  }

  private Future<Reply> answer(Exchange exchange, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.FORM)) {
      throw new RefusedRequest(Problems.mediaTypeUnsupported(MediaType.FORM));
    }
    Form form = Form.parse(body.toString(StandardCharsets.UTF_8), "body");
    return backends.admit(
        exchange,
        credential(exchange, form),
        Services.Scope.INTROSPECT,
        service -> introspect(exchange, service, token(form)));
  }

  private static Optional<SecretText> credential(Exchange exchange, Form form) {
    Optional<String> assertion = form.one(ASSERTION);
    if (assertion.isEmpty()) {
      return Backends.bearer(exchange);
    }
    if (!form.one(TYPE).filter(JWT_BEARER::equals).isPresent()) {
      throw Members.refused(TYPE, "is not the known one", "Send " + JWT_BEARER);
    }
    if (exchange.request().headers().contains("Authorization")) {
      throw Members.refused(
          ASSERTION, "comes beside an Authorization field", "Authenticate in one way alone");
    }
    return assertion.map(SecretText::new);
  }

  private static SecretText token(Form form) {
    return form.one("token")
        .filter(token -> !token.isEmpty())
        .map(SecretText::new)
        .orElseThrow(() -> Members.refused("token", "is missing", "Send the session ID as token"));
  }

  private Future<Reply> introspect(Exchange exchange, Services.Service service, SecretText token) {
    return exchange
        .await(ports.validate().inspect(ports.ids().parse(token.reveal())))
        .map(
            decision ->
                switch (decision) {
                  case Decision.Allow(Session session, var _, var _)
                      when service.mayActFor(session.tenant()) ->
                      Reply.json(200, SessionView.introspected(session));
                  case Decision.Allow _, Decision.Deny _ ->
                      Reply.json(200, Json.object().put("active", false));
                  case Unavailable _ -> Reply.unavailable();
                });
  }
}
