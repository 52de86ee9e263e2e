package org.symbolon.benchmarks.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.redis.RedisSessionStore;
import io.vertx.redis.client.Redis;

/** The session handler of vertx-web over its own Redis store. */
final class WebSessions {
  private WebSessions() {}

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    String redis = "redis://127.0.0.1:" + args[1];
    Vertx vertx = Vertx.vertx();
    vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    Router router = Router.router(vertx);
                    router
                        .route()
                        .handler(
                            SessionHandler.create(
                                RedisSessionStore.create(vertx, Redis.createClient(vertx, redis))));
                    router
                        .post("/login")
                        .handler(
                            context -> {
                              context.session().put("user", context.queryParam("user").getFirst());
                              var _ = context.response().setStatusCode(204).end();
                            });
                    router
                        .get("/validate")
                        .handler(
                            context -> {
                              String user = context.session().get("user");
                              context.response().setStatusCode(user == null ? 401 : 200);
                              var _ =
                                  context
                                      .response()
                                      .putHeader("X-Session-User", user == null ? "" : user)
                                      .end();
                            });
                    return vertx
                        .createHttpServer()
                        .requestHandler(router)
                        .listen(port, "127.0.0.1");
                  }
                },
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
  }
}
