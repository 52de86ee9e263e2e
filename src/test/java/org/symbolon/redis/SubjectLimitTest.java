package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.SubjectLimit.WhenReached;

/** The limit under 50 logins of one subject at once, over two connections. */
class SubjectLimitTest {
  private static final int MAX = 5;
  private static final int LOGINS = 50;

  @ParameterizedTest
  @CsvSource({
    "STANDALONE, REJECT",
    "STANDALONE, EVICT_OLDEST",
    "STANDALONE, EVICT_LEAST_USED",
    "CLUSTER, REJECT",
    "CLUSTER, EVICT_OLDEST",
    "CLUSTER, EVICT_LEAST_USED"
  })
  void neverLeavesMoreThanTheLimitLive(RedisSettings.Mode mode, WhenReached whenReached)
      throws Exception {
    Random random = new Random();
    RedisServers servers = RedisServers.shared(mode);
    try (OpenStore one = new OpenStore(servers);
        OpenStore other = new OpenStore(servers);
        OpenStore observer = new OpenStore(servers);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 5; round++) {
        SubjectKey subject = Samples.subject(random);
        AtomicBoolean isOver = new AtomicBoolean();
        Future<Integer> most = threads.submit(() -> mostLive(observer, subject, isOver));
        List<CompletionStage<SessionStore.Creation>> logins =
            IntStream.range(0, LOGINS)
                .mapToObj(i -> i % 2 == 0 ? one : other)
                .map(
                    store ->
                        store.store.create(
                            Samples.draft(subject, random), new SubjectLimit(MAX, whenReached)))
                .toList();
        List<SessionStore.Creation> outcomes = logins.stream().map(OpenStore::await).toList();
        isOver.set(true);
        assertThat(most.get()).isLessThanOrEqualTo(MAX);
        assertThat(observer.list(subject)).hasSize(MAX);
        int created = whenReached == WhenReached.REJECT ? MAX : LOGINS;
        assertThat(outcomes).filteredOn(SessionStore.Created.class::isInstance).hasSize(created);
        assertThat(outcomes).filteredOn(new SessionStore.Full()::equals).hasSize(LOGINS - created);
      }
    }
  }

  private static int mostLive(OpenStore observer, SubjectKey subject, AtomicBoolean isOver) {
    int most = 0;
    do {
      most = Math.max(most, observer.list(subject).size());
    } while (!isOver.get());
    return most;
  }
}
