package org.symbolon.benchmarks.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Vert.x that says yes to everything, with the header fields of a validate. */
final class BareServer {
  private record Field(CharSequence name, CharSequence value) {
    Field(Map.Entry<String, String> entry) {
      this(
          HttpHeaders.createOptimized(entry.getKey()),
          HttpHeaders.createOptimized(entry.getValue()));
    }
  }

  private static final List<Field> FIELDS =
      new ArrayList<>(
              List.of(
                  Map.entry("Cache-Control", "no-store"),
                  Map.entry("X-Content-Type-Options", "nosniff"),
                  Map.entry("Referrer-Policy", "no-referrer"),
                  Map.entry("X-Session-User", "user-000"),
                  Map.entry("X-Session-Handle", "0123456789abcdefABCD"),
                  Map.entry("X-Session-Tenant", "default"),
                  Map.entry("X-Session-Auth-Level", "aal2"),
                  Map.entry("X-Session-Auth-Methods", "pwd,otp"),
                  Map.entry("X-Session-Auth-Time", "1700000000"),
                  Map.entry("X-Session-Rotated", "0"),
                  Map.entry("X-Session-Assertion", ""),
                  Map.entry("Content-Length", "0")))
          .stream().map(Field::new).toList();

  private BareServer() {}

  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    Vertx vertx = Vertx.vertx();
    Supplier<VerticleBase> verticle =
        () ->
            new VerticleBase() {
              @Override
              public io.vertx.core.Future<?> start() {
                return vertx
                    .createHttpServer()
                    .requestHandler(
                        request -> {
                          HttpServerResponse response = request.response();
                          for (Field field : FIELDS) {
                            response.putHeader(field.name(), field.value());
                          }
                          response.end();
                        })
                    .listen(port, "127.0.0.1");
              }
            };
    vertx
        .deployVerticle(
            verticle,
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
  }
}
