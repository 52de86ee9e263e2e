package example;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** Greets whom Symbolon vouches for. */
public final class App {
  private App() {}

  static Router router(Vertx vertx, String jwks, String issuer, String audience) {
    Router router = Router.router(vertx);
    router.route().handler(new SymbolonHandler(vertx, jwks, issuer, audience));
    router
        .get("/")
        .respond(
            context -> {
              JsonObject identity = SymbolonHandler.identity(context);
              return context
                  .response()
                  .end(
                      "Hello "
                          + identity.getString("sub")
                          + ", "
                          + identity.getString("acr")
                          + "\n");
            });
    return router;
  }

  private static String set(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    Router router =
        router(
            vertx,
            set("JWKS", "http://symbolon.internal:8080/.well-known/jwks.json"),
            set("ISSUER", "symbolon"),
            set("AUDIENCE", "https://app.example"));
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(Integer.parseInt(set("PORT", "8000")), "127.0.0.1")
        .onSuccess(server -> System.out.println("listening on " + server.actualPort()))
        .onFailure(
            cause -> {
              System.err.println(cause.getMessage());
              vertx.close();
            });
  }
}
