package org.symbolon;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Does what must not block an event loop, so much at once and no more: a flood is refused, and
 * neither fills the memory nor makes everybody wait for longer than gateways do.
 */
final class Workers implements Executor, AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places;

  /**
   * @param most how much is under way or waits
   */
  Workers(int most) {
    this.places = new Semaphore(most);
  }

  /**
   * @throws RejectedExecutionException where too much is under way, or after the end
   */
  @Override
  public void execute(Runnable task) {
    if (!places.tryAcquire()) {
      throw new RejectedExecutionException("too much is under way");
    }
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } finally {
              places.release();
            }
          });
    } catch (RejectedExecutionException e) {
      places.release();
      throw e;
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
