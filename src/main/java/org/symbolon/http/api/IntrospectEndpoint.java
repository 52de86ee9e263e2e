package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.symbolon.http.Backends;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problems;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.http.SessionView;
import org.symbolon.session.Binding;
import org.symbolon.session.Decision;
import org.symbolon.session.Evidence;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
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

  /** What a backend can ask for itself; of the others it sees nothing. */
  private static final Set<Binding.Kind> TOLD =
      EnumSet.of(Binding.Kind.DPOP, Binding.Kind.CERTIFICATE, Binding.Kind.CERTIFICATE_KEY);

  private final PublicPorts ports;
  private final CookieAttributes cookie;
  private final Backends backends;

  IntrospectEndpoint(PublicPorts ports, CookieAttributes cookie, Backends backends) {
    this.ports = ports;
    this.cookie = cookie;
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
        service -> introspect(exchange, service, token(form), evidence(form)));
  }

  /** What the user's browser showed the backend beside the session ID. */
  private Evidence evidence(Form form) {
    return form.one("bound_cookie")
        .map(value -> new Evidence(List.of(cookie.boundName() + "=" + value)))
        .orElse(Evidence.NONE);
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
    if (assertion.get().chars().filter(c -> c == '.').count() != 2) {
      throw Members.refused(
          ASSERTION, "is no signed JWT", "Send a service's key as Authorization: Bearer");
    }
    return assertion.map(SecretText::new);
  }

  private static SecretText token(Form form) {
    return form.one("token")
        .filter(token -> !token.isEmpty())
        .map(SecretText::new)
        .orElseThrow(() -> Members.refused("token", "is missing", "Send the session ID as token"));
  }

  private Future<Reply> introspect(
      Exchange exchange, Services.Service service, SecretText token, Evidence evidence) {
    return exchange
        .await(decide(ports.ids().parse(token.reveal()), evidence))
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

  /**
   * Whoever is told a thumbprint asks for the proof by its key themselves (RFC 9449 section 6.2).
   */
  private CompletionStage<Decision> decide(Presented presented, Evidence evidence) {
    return ports
        .validate()
        .lookUp(presented)
        .thenCompose(
            decision ->
                decision instanceof Decision.Allow allow && !isTold(allow.session())
                    ? ports.validate().inspect(presented, evidence, Presenter.UNKNOWN)
                    : CompletableFuture.completedStage(decision));
  }

  private static boolean isTold(Session session) {
    return session.binding().map(Binding::kind).filter(TOLD::contains).isPresent();
  }
}
