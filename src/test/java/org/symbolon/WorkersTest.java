package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.symbolon.redis.RedisServers;

class WorkersTest {
  @Test
  void refuseOneTooManyAndGoOnWhenOneIsDone() {
    CountDownLatch gate = new CountDownLatch(1);
    try (Workers workers = new Workers(2)) {
      CompletableFuture<Void> first = CompletableFuture.runAsync(() -> pass(gate), workers);
      CompletableFuture<Void> second =
          CompletableFuture.runAsync(
              () -> {
                pass(gate);
                throw new IllegalStateException("a task that fails");
              },
              workers);
      assertThatThrownBy(() -> workers.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      gate.countDown();
      first.join();
      assertThat(second.handle((_, fault) -> fault != null).join()).isTrue();
      // The places are free a moment after their tasks are done.
      RedisServers.await(() -> isTaken(workers));
    }
  }

  private static boolean isTaken(Workers workers) {
    try {
      CompletableFuture.runAsync(() -> {}, workers).join();
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void refuseAllAfterTheEnd() {
    Workers workers = new Workers(1);
    workers.close();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> workers.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageNotContaining("too much");
    }
  }
}
