package org.symbolon.http;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.session.SecretText;
import org.symbolon.session.Services;
import org.symbolon.session.Unavailable;

/** Lets backends in by their credentials and scopes. */
public final class Backends {
  /** RFC 6750 section 2.1. */
  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/-]+=*)");

  private final Services services;

  public Backends(Services services) {
    this.services = services;
  }

  /** Goes on as the service that the request's bearer credential names, if it has the scope. */
  public Future<Reply> admit(
      Exchange exchange, Services.Scope scope, Function<Services.Service, Future<Reply>> then) {
    return admit(exchange, bearer(exchange), scope, then);
  }

  /** The same with a credential that was found elsewhere. */
  public Future<Reply> admit(
      Exchange exchange,
      Optional<SecretText> credential,
      Services.Scope scope,
      Function<Services.Service, Future<Reply>> then) {
    if (credential.isEmpty()) {
      return refused(Problems.credentialMissing());
    }
    return exchange
        .await(services.authenticate(credential.get()))
        .compose(
            caller ->
                switch (caller) {
                  case Services.Service service when service.scopes().contains(scope) ->
                      then.apply(service);
                  case Services.Service _ -> refused(Problems.scopeMissing(scope));
                  case Services.Unknown unknown -> refused(Problems.of(unknown));
                  case Unavailable _ -> Future.succeededFuture(Reply.unavailable());
                });
  }

  /** The bearer credential of a request that has exactly one. */
  public static Optional<SecretText> bearer(Exchange exchange) {
    List<String> fields = exchange.request().headers().getAll("Authorization");
    if (fields.size() != 1) {
      return Optional.empty();
    }
    Matcher matcher = BEARER.matcher(fields.getFirst());
    return matcher.matches() ? Optional.of(new SecretText(matcher.group(1))) : Optional.empty();
  }

  private static Future<Reply> refused(Problem problem) {
    return Future.succeededFuture(Reply.problem(problem));
  }
}
