package org.symbolon.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.symbolon.session.Changes;
import org.symbolon.session.Handle;
import org.symbolon.session.Revoked;

/** A feed over a store of its own, and all that it told. */
final class Hearing implements Changes, AutoCloseable {
  /** Of which the feed proves itself ten times. */
  static final Duration BOUND = Duration.ofSeconds(1);

  final OpenStore store;
  final ChangeFeed feed;

  /**
   * Revoked and changed handles in the order in which they were told, as {@code end H}, {@code
   * change H}.
   */
  final List<String> told = new CopyOnWriteArrayList<>();

  final List<Integer> lost = new CopyOnWriteArrayList<>();
  final List<Duration> lags = new CopyOnWriteArrayList<>();
  final AtomicInteger missed = new AtomicInteger();
  volatile boolean isDeaf;
  private volatile long currentAsOf;
  private volatile boolean isCurrent;

  Hearing(RedisServers servers, Duration bound) {
    this.store = new OpenStore(servers.settings());
    this.feed =
        new ChangeFeed(store.link, store.clock, bound, this, this::revoked, lost::add, lags::add);
  }

  private void revoked(Revoked revoked) {
    if (isDeaf) {
      throw new IllegalStateException("deaf");
    }
    told.add("end " + ((Revoked.Tombstone) revoked).handle());
  }

  @Override
  public void changed(Handle handle) {
    told.add("change " + handle);
  }

  @Override
  public void missed() {
    missed.incrementAndGet();
    told.add("missed");
  }

  @Override
  public void current(long asOf) {
    currentAsOf = asOf;
    isCurrent = true;
  }

  boolean hasHeardEnd(Handle handle) {
    return told.contains("change " + handle);
  }

  /** Whether it proved that it knows all that happened before now. */
  boolean isCurrent(long now) {
    return isCurrent && currentAsOf - now >= 0;
  }

  /** Waits for the first proof, from which on it knows what it has heard. */
  void awaitBegin() {
    RedisServers.await(() -> isCurrent);
  }

  /** Waits for such a proof. */
  void awaitCurrent() {
    long now = System.nanoTime();
    RedisServers.await(() -> isCurrent(now));
  }

  @Override
  public void close() {
    feed.close();
    store.close();
  }
}
