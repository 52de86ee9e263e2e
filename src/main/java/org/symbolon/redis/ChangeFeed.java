package org.symbolon.redis;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Changes;
import org.symbolon.session.Revoked;

/**
 * Hears of every change that any node makes in the store, and proves some times a second that none
 * was missed.
 *
 * <p>Changes are pushed, which takes a millisecond and promises nothing. The proof is to read the
 * counters of all lanes from the masters: where each counts no more than was heard, and each lane's
 * log goes on from what was heard, everything is known that had happened when they were asked. What
 * a push left out is read from the log.
 *
 * <p>A lane that counts less than was heard, or whose log holds something else, lost what it had
 * told of: a failover took a replica that lagged, or a server came back empty.
 */
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final List<byte[]> COUNTERS = Lane.ALL.stream().map(Lane::counter).toList();

  /** Polls in one staleness bound. */
  private static final int POLLS = 10;

  private final RedisLink link;
  private final StoreClock clock;
  private final Changes changes;
  private final Consumer<Revoked> revocations;
  private final IntConsumer rolledBack;
  private final Consumer<Duration> lag;
  private final List<LaneProgress> lanes;
  private final LaneLogs logs;
  private final ChangeSubscription subscription;
  private final Future<?> polling;
  private final AtomicBoolean isPolling = new AtomicBoolean();
  private final LongAdder rollbacks = new LongAdder();
  private long warned;
  private volatile long provenAt = System.nanoTime();

  /**
   * Begins to listen. What it tells is told by the store's threads, one at a time, and may not
   * block.
   *
   * @param bound the staleness bound, within which it proves itself ten times
   * @param revocations hears of a session's end before {@code changes} does
   * @param rolledBack hears of lanes that may have lost revocations, by their numbers: 0 to 255,
   *     the upper byte of the buckets, and 256 for what concerns more than one subject
   * @param lag how long after it was made a change was heard
   */
  public ChangeFeed(
      RedisLink link,
      StoreClock clock,
      Duration bound,
      Changes changes,
      Consumer<Revoked> revocations,
      IntConsumer rolledBack,
      Consumer<Duration> lag) {
    this.link = link;
    this.clock = clock;
    this.changes = changes;
    this.revocations = revocations;
    this.rolledBack = rolledBack;
    this.lag = lag;
    this.lanes = Lane.ALL.stream().map(lane -> new LaneProgress(lane, this::hear)).toList();
    this.logs = new LaneLogs(link, this, this::lost);
    this.subscription = new ChangeSubscription(link, this::push, this::poll);
    long every = bound.dividedBy(POLLS).toMillis();
    this.polling =
        link.scheduler().scheduleAtFixedRate(this::poll, 0, every, TimeUnit.MILLISECONDS);
  }

  /** How many changes were read from the log because no push had told of them. */
  public long caughtUp() {
    return logs.caughtUp();
  }

  /** How often a lane was found to have lost changes that were heard, or had none left to hear. */
  public long rollbacks() {
    return rollbacks.sum();
  }

  /** How long ago the moment is up to which every change is known to be heard. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - provenAt);
  }

  @Override
  public void close() {
    polling.cancel(false);
    subscription.close();
  }

  private void hear(Change change) {
    switch (change) {
      case Change.Moved(var handle, long _) -> changes.changed(handle);
      case Change.Ended(List<Revoked> ended, long _) ->
          ended.forEach(
              revoked -> {
                revocations.accept(revoked);
                if (revoked instanceof Revoked.Tombstone(var handle, var _, var _)) {
                  changes.changed(handle);
                }
              });
      case Change.Fenced _ -> changes.fenced();
      // It may be about any session.
      case Change.Unknown _ -> changes.missed();
    }
    if (change.micros() > 0) {
      // The clock is an estimate, and a change may seem to come from its future.
      long micros = Math.max(0, clock.micros() - change.micros());
      lag.accept(Duration.of(micros, ChronoUnit.MICROS));
    }
  }

  private void push(Lane lane, long number, byte[] change) {
    LaneProgress progress = lanes.get(lane.number());
    boolean isIncomplete;
    synchronized (this) {
      isIncomplete = progress.push(number, change);
    }
    if (isIncomplete) {
      logs.readSoon(progress);
    }
  }

  private void poll() {
    if (!isPolling.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<Void> proof;
    try {
      proof = prove(System.nanoTime()).toCompletableFuture();
    } catch (RuntimeException e) {
      proof = CompletableFuture.failedFuture(e);
    }
    var _ =
        proof
            .orTimeout(2 * link.timeout().toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (_, failure) -> {
                  isPolling.set(false);
                  if (failure != null) {
                    LOG.debug("no proof of the changes", failure);
                  }
                });
  }

  /**
   * Proves that all changes before an instant were heard, after hearing what is missing.
   *
   * @param asOf the instant, in the past
   */
  private CompletionStage<Void> prove(long asOf) {
    // While it stays the same, each connection has led to one server, and a reading of a counter
    // and one of a log are of one history.
    long closed = link.channels().closed();
    long[] heard;
    synchronized (this) {
      heard = lanes.stream().mapToLong(LaneProgress::last).toArray();
    }
    return link.masters()
        .read(COUNTERS)
        .thenCompose(
            readings -> {
              requireSame(closed);
              List<Counted> counted = counted(readings, closed);
              return CompletableFuture.allOf(
                      behind(counted, heard).stream()
                          .map(one -> logs.read(one.lane(), one.server()))
                          .toArray(CompletableFuture<?>[]::new))
                  .thenRun(() -> conclude(asOf, closed, counted));
            });
  }

  private record Counted(LaneProgress lane, long number, Object server) {}

  private record Server(Object server, long closed) {}

  private List<Counted> counted(List<Masters.Reading> readings, long closed) {
    List<Counted> counted = new ArrayList<>(readings.size());
    for (int i = 0; i < readings.size(); i++) {
      Masters.Reading reading = readings.get(i);
      counted.add(
          new Counted(lanes.get(i), reading.number(), new Server(reading.server(), closed)));
    }
    return counted;
  }

  private synchronized List<Counted> behind(List<Counted> counted, long[] heard) {
    Set<Integer> lost = new TreeSet<>();
    boolean isMissed = false;
    for (Counted one : counted) {
      LaneProgress lane = one.lane();
      int number = lane.lane().number();
      if (lane.isBegun() && one.number() < heard[number]) {
        lost.add(number);
      }
      if (!lane.isBegun() || lost.contains(number)) {
        lane.begin(one.number(), one.server());
        isMissed = true;
      }
    }
    if (isMissed) {
      changes.missed();
    }
    lost.forEach(this::tellLost);
    warn();
    return counted.stream()
        .filter(one -> !one.lane().isProven(one.server(), one.number()))
        .toList();
  }

  private void lost(LaneProgress lane, LaneProgress.Continuity continuity) {
    lane.end();
    changes.missed();
    LOG.debug("lane {} of the store: {}", lane.lane().number(), continuity);
    tellLost(lane.lane().number());
  }

  private void tellLost(int lane) {
    rollbacks.increment();
    rolledBack.accept(lane);
  }

  private void warn() {
    long all = rollbacks.sum();
    if (all > warned) {
      LOG.warn("{} lanes of the store lost changes that it had told of", all - warned);
      warned = all;
    }
  }

  private synchronized void conclude(long asOf, long closed, List<Counted> counted) {
    requireSame(closed);
    if (counted.stream().allMatch(one -> one.lane().isProven(one.server(), one.number()))) {
      changes.current(asOf);
      provenAt = asOf;
    }
  }

  private void requireSame(long closed) {
    if (link.channels().closed() != closed) {
      throw new RedisException("a connection was lost meanwhile");
    }
  }
}
