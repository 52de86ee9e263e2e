package org.symbolon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Readiness;

/**
 * The first step of a node's end: it is not ready any more, and goes on answering while whoever
 * sends requests takes note of that. Each reply is its connection's last, so that no request is on
 * its way when the connections are closed.
 */
final class Drain implements Readiness, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private final Duration delay;
  private final List<Runnable> leaving;
  private volatile boolean hasBegun;

  /**
   * @param leaving what makes listeners part with their connections
   */
  Drain(Duration delay, List<Runnable> leaving) {
    this.delay = delay;
    this.leaving = List.copyOf(leaving);
  }

  @Override
  public Optional<String> obstacle() {
    return hasBegun ? Optional.of("the node is about to end") : Optional.empty();
  }

  /** Begins, and returns when the time is over. */
  @Override
  public void close() {
    LOG.info("draining for {} ms", delay.toMillis());
    hasBegun = true;
    leaving.forEach(Runnable::run);
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
