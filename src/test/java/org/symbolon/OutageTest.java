package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/** A store that is away makes 503s and loses nothing. */
class OutageTest {
  private static final Pattern HIT = Pattern.compile("symbolon_near_cache_hits_total [1-9]");

  @TempDir private Path folder = Path.of("");

  private static void isOutage(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(response.headers().allValues("Set-Cookie")).isEmpty();
    assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  private static void isAwayAndUntouched(TestNode service, String id) {
    String[] cookie = Client.cookie(id);
    isOutage(service.client().send("GET", "/v1/validate", "", cookie));
    isOutage(service.client().send("GET", "/gw/nginx/validate", "", cookie));
    isOutage(service.client().send("POST", "/v1/logout", "", cookie));
    isOutage(service.client().send("GET", "/v1/me/sessions", "", cookie));
    isOutage(
        service
            .client()
            .send(
                "POST",
                "/v1/login",
                service.assertion("alice"),
                "Content-Type",
                "application/jwt"));
    assertThat(service.client().send("GET", "/v1/validate", "").statusCode()).isEqualTo(401);
  }

  @Test
  void aHungStoreIsAnOutageAndThenOver() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode service = TestNode.start(servers, folder, Map.of())) {
      String id = service.login("alice");
      servers.pause();
      isAwayAndUntouched(service, id);
      RedisServers.await(() -> service.management().send("GET", "/readyz", "").statusCode() == 503);
      assertThat(service.management().send("GET", "/livez", "").statusCode()).isEqualTo(200);
      servers.resume();
      RedisServers.await(
          () ->
              service.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode()
                  == 200);
      RedisServers.await(() -> service.management().send("GET", "/readyz", "").statusCode() == 200);
    }
  }

  @Test
  void aKilledStoreIsAnOutageAndThenOver() throws Exception {
    try (RedisServers servers = RedisServers.standalone("appendonly yes", "appendfsync always");
        TestNode service = TestNode.start(servers, folder, Map.of())) {
      String id = service.login("alice");
      servers.kill();
      isAwayAndUntouched(service, id);
      servers.start();
      RedisServers.await(
          () ->
              service.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode()
                  == 200);
    }
  }

  @Test
  void aRouteMayAllowKnownSessionsMeanwhile() throws Exception {
    Map<String, String> routes =
        Map.of(
            "trust.addresses", "127.0.0.1",
            "routes.docs.path", "/docs",
            "routes.docs.staleAllow", "10m");
    try (RedisServers servers = RedisServers.standalone();
        TestNode service = TestNode.start(servers, folder, routes)) {
      String known = service.login("alice");
      String unknown = service.login("bob");
      RedisServers.await(
          () ->
              status(service, known, "/docs") == 200
                  && HIT.matcher(service.management().send("GET", "/metrics", "").body()).find());
      servers.kill();
      RedisServers.await(() -> status(service, known, "/shop") == 503);
      assertThat(status(service, known, "/docs/a")).isEqualTo(200);
      assertThat(status(service, unknown, "/docs/a")).isEqualTo(503);
    }
  }

  private static int status(TestNode service, String id, String path) {
    return service
        .client()
        .send(
            "GET", "/gw/nginx/validate", "", "Cookie", "__Host-sid=" + id, "X-Forwarded-Uri", path)
        .statusCode();
  }
}
