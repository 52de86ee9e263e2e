package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.redis.RedisServers;

/** A subject's limit holds at every moment of a storm of logins. */
class ConcurrentLoginTest {
  private static final int LOGINS = 50;
  private static final int LIMIT = 5;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "standalone, reject",
    "standalone, evict-oldest",
    "standalone, evict-least-used",
    "cluster, reject",
    "cluster, evict-oldest",
    "cluster, evict-least-used"
  })
  void fiftyAtOnceNeverLeaveMoreThanTheLimit(String mode, String whenReached) throws Exception {
    Map<String, String> limit =
        Map.of(
            "limit.max",
            Integer.toString(LIMIT),
            "limit.whenReached",
            whenReached,
            "redis.timeout",
            "5s");
    try (RedisServers servers =
            mode.equals("cluster") ? RedisServers.cluster() : RedisServers.standalone();
        TestNode service = TestNode.start(servers, folder, limit);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean isOver = new AtomicBoolean();
      Future<Integer> most =
          threads.submit(
              () -> {
                int seen = 0;
                do {
                  seen = Math.max(seen, live(service));
                } while (!isOver.get());
                return seen;
              });
      List<Callable<Integer>> logins = new ArrayList<>();
      for (int i = 0; i < LOGINS; i++) {
        logins.add(
            () ->
                service
                    .client()
                    .send(
                        "POST",
                        "/v1/login",
                        service.assertion("alice"),
                        "Content-Type",
                        "application/jwt")
                    .statusCode());
      }
      int issued = 0;
      for (Future<Integer> login : threads.invokeAll(logins)) {
        assertThat(login.get()).isIn(200, 409);
        issued += login.get() == 200 ? 1 : 0;
      }
      isOver.set(true);
      assertThat(most.get()).isLessThanOrEqualTo(LIMIT);
      assertThat(live(service)).isEqualTo(LIMIT);
      assertThat(issued).isEqualTo(whenReached.equals("reject") ? LIMIT : LOGINS);
    }
  }

  private static int live(TestNode service) throws Exception {
    var response =
        service
            .admin()
            .send(
                "GET",
                "/admin/v1/tenants/default/subjects/alice/sessions",
                "",
                "Authorization",
                "Bearer " + TestNode.CREDENTIAL);
    assertThat(response.statusCode()).isEqualTo(200);
    return new JsonMapper().readTree(response.body()).path("sessions").size();
  }
}
