package org.symbolon.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Validate at each node, over and over: sessions that a campaign is about, and others that it is
 * not. Remembers when one of the first was let in last, and whether one of the others ever was not.
 */
final class Watchers implements AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(1).toNanos();

  private final List<String> meant;
  private final List<String> spared;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong lastLetIn = new AtomicLong(Long.MIN_VALUE);
  private final LongAdder refused = new LongAdder();
  private final LongAdder outages = new LongAdder();
  private final LongAdder asked = new LongAdder();
  private volatile Latencies latencies = new Latencies();
  private volatile boolean isClosed;

  /** What a phase took. */
  private static final class Latencies {
    private long[] nanos = new long[1024];
    private int size;

    synchronized void add(long took) {
      if (size == nanos.length) {
        nanos = Arrays.copyOf(nanos, size * 2);
      }
      nanos[size] = took;
      size++;
    }

    synchronized double p99Millis() {
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      return size == 0 ? 0 : sorted[size * 99 / 100] / 1e6;
    }
  }

  Watchers(List<NodeProcess> nodes, List<String> meant, List<String> spared) {
    this.meant = List.copyOf(meant);
    this.spared = new CopyOnWriteArrayList<>(spared);
    for (int i = 0; i < nodes.size(); i++) {
      int first = i;
      NodeProcess node = nodes.get(i);
      threads.add(Thread.ofPlatform().daemon().start(() -> watch(node.open(), first)));
    }
  }

  private void watch(int port, int first) {
    try (Line line = new Line(port)) {
      for (int i = first; !isClosed; i++) {
        boolean isMeant = i % 2 == 0;
        List<String> of = isMeant ? meant : spared;
        long begun = System.nanoTime();
        int status =
            line.ask(
                    "GET",
                    "/v1/validate",
                    "Cookie: __Host-sid=" + of.get(i / 2 % of.size()) + "\r\n",
                    "")
                .status();
        note(isMeant, status, begun);
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private void note(boolean isMeant, int status, long begun) {
    asked.increment();
    switch (status) {
      case 200 -> {
        latencies.add(System.nanoTime() - begun);
        if (isMeant) {
          lastLetIn.accumulateAndGet(begun, Math::max);
        }
      }
      case 401 -> {
        latencies.add(System.nanoTime() - begun);
        if (!isMeant) {
          refused.increment();
        }
      }
      default -> outages.increment();
    }
  }

  /** More that the campaign is not about. */
  void spare(List<String> more) {
    spared.addAll(more);
  }

  /** The p99 in ms since the last call. */
  double p99() {
    Latencies before = latencies;
    latencies = new Latencies();
    return before.p99Millis();
  }

  /** When the last validate began that let a session in which the campaign is about, in ns. */
  long lastLetIn() {
    return lastLetIn.get();
  }

  /** How often one was refused that the campaign is not about. */
  long refused() {
    return refused.sum();
  }

  /** How many validates got another answer than 200 or 401, or none. */
  long outages() {
    return outages.sum();
  }

  long asked() {
    return asked.sum();
  }

  @Override
  public void close() throws InterruptedException {
    isClosed = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    }
  }
}
