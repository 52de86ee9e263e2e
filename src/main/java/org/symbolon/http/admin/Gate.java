package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.symbolon.http.Backends;
import org.symbolon.http.Endpoint;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Operators;
import org.symbolon.session.Services.Role;
import org.symbolon.session.Services.Scope;
import org.symbolon.session.Services.Service;

/**
 * The one place where the admin listener lets anybody in: by a credential with the scope admin or,
 * where a request has none, by the client certificate of its connection; and then by role.
 */
final class Gate {
  private final Backends backends;
  private final Operators operators;

  Gate(Backends backends, Operators operators) {
    this.backends = backends;
    this.operators = operators;
  }

  /** Answers whoever has the role. */
  @FunctionalInterface
  interface Admitted {
    Future<Reply> answer(Exchange exchange, Service operator, Map<String, String> path);
  }

  /** Answers whoever has the roles that the body calls for. */
  @FunctionalInterface
  interface AdmittedWithBody {
    Future<Reply> answer(
        Exchange exchange, Service operator, Map<String, String> path, ObjectNode body);
  }

  Endpoint with(Role role, Admitted endpoint) {
    return (exchange, path) ->
        admit(
            exchange,
            operator ->
                checked(operator, List.of(role), () -> endpoint.answer(exchange, operator, path)));
  }

  /**
   * @param roles all that are needed
   */
  Endpoint withBody(Function<ObjectNode, List<Role>> roles, AdmittedWithBody endpoint) {
    return (exchange, path) ->
        exchange
            .body()
            .compose(
                buffer ->
                    admit(
                        exchange,
                        operator -> {
                          ObjectNode body = Json.read(buffer);
                          return checked(
                              operator,
                              roles.apply(body),
                              () -> endpoint.answer(exchange, operator, path, body));
                        }));
  }

  private Future<Reply> admit(Exchange exchange, Function<Service, Future<Reply>> then) {
    Optional<X509Certificate> certificate =
        exchange.request().headers().contains("Authorization")
            ? Optional.empty()
            : exchange.clientCertificate();
    if (certificate.isEmpty()) {
      return backends.admit(exchange, Scope.ADMIN, then);
    }
    Optional<Service> operator = operators.of(certificate.get());
    return operator.isPresent()
        ? then.apply(operator.get())
        : Future.succeededFuture(
            Reply.problem(
                Problems.operatorUnknown(certificate.get().getSubjectX500Principal().getName())));
  }

  private interface Answer {
    Future<Reply> get();
  }

  private static Future<Reply> checked(Service operator, List<Role> needed, Answer answer) {
    for (Role role : needed) {
      if (!operator.has(role)) {
        return Future.succeededFuture(Reply.problem(Problems.roleMissing(operator.name(), role)));
      }
    }
    return answer.get();
  }
}
