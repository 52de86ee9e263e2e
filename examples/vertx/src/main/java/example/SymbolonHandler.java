package example;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.WebClient;
import java.util.List;

/**
 * Lets in requests for which Symbolon vouches, and tells whose they are in {@link #identity}.
 * Everything else is 401; 503 while there are no keys.
 */
public final class SymbolonHandler implements Handler<RoutingContext> {
  private static final long REFRESH_MILLIS = 300_000;
  private static final int LEEWAY_SECONDS = 5;
  private static final String IDENTITY = SymbolonHandler.class.getName();

  private final Vertx vertx;
  private final WebClient client;
  private final String jwks;
  private final JWTOptions demands;
  private JWTAuth auth;

  /**
   * @param jwks the address of Symbolon's /.well-known/jwks.json, read every 5 minutes
   * @param issuer Symbolon's name, its setting "audience"
   * @param audience this application's
   */
  public SymbolonHandler(Vertx vertx, String jwks, String issuer, String audience) {
    this.vertx = vertx;
    this.client = WebClient.create(vertx);
    this.jwks = jwks;
    this.demands =
        new JWTOptions().setIssuer(issuer).setAudience(List.of(audience)).setLeeway(LEEWAY_SECONDS);
    vertx.setPeriodic(REFRESH_MILLIS, id -> fetch());
  }

  /** The claims of the assertion: sub, sid, tenant, acr, amr, auth_time. */
  public static JsonObject identity(RoutingContext context) {
    return context.get(IDENTITY);
  }

  @Override
  public void handle(RoutingContext context) {
    List<String> assertions = context.request().headers().getAll("X-Session-Assertion");
    if (assertions.size() != 1 || assertions.get(0).isEmpty()) {
      context.fail(401);
      return;
    }
    Future<JWTAuth> keys = auth == null ? fetch() : Future.succeededFuture(auth);
    keys.onFailure(cause -> context.fail(503, cause))
        .onSuccess(
            now ->
                now.authenticate(new TokenCredentials(assertions.get(0)))
                    .map(user -> user.attributes().getJsonObject("accessToken"))
                    .onSuccess(
                        claims -> {
                          // The library takes a token without an end for one that never ends.
                          if (claims.containsKey("exp") && claims.containsKey("sub")) {
                            context.put(IDENTITY, claims);
                            context.next();
                          } else {
                            context.fail(401);
                          }
                        })
                    .onFailure(cause -> context.fail(401, cause)));
  }

  /** Reads the keys; those read before stay where that fails. */
  private Future<JWTAuth> fetch() {
    return client
        .getAbs(jwks)
        .timeout(2_000)
        .send()
        .map(
            response -> {
              if (response.statusCode() != 200) {
                throw new IllegalStateException(jwks + ": " + response.statusCode());
              }
              JWTAuthOptions options = new JWTAuthOptions().setJWTOptions(demands);
              response
                  .bodyAsJsonObject()
                  .getJsonArray("keys")
                  .forEach(key -> options.addJwk((JsonObject) key));
              auth = JWTAuth.create(vertx, options);
              return auth;
            });
  }
}
