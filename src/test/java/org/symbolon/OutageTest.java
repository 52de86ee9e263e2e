package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/** A store that is away makes 503s and loses nothing. */
class OutageTest {
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
}
