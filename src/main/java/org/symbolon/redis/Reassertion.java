package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.Revoked;

/**
 * Writes known revocations to a store that may have lost them, as after a failover to a replica
 * that lagged: a lane at a time, in groups, and resting as long as a group took. Writing one that
 * is there changes nothing.
 */
public final class Reassertion {
  private static final Logger LOG = LoggerFactory.getLogger(Reassertion.class);
  private static final Script END = Script.telling("reassert", ScriptOutputType.INTEGER);

  /** Sessions in one call of the script. */
  private static final int BATCH = 100;

  /** Revocations that are sent together. */
  private static final int GROUP = 1_000;

  private static final int MOST_SINGLE = 10_000;
  private static final long AGAIN_MILLIS = 200;
  private static final long TELLING = 1_000_000_000;

  private final RedisLink link;
  private final RevocationMemory known;
  private final LongAdder mended = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final Set<Integer> lanes = new TreeSet<>();
  private final Set<Revoked> single = new LinkedHashSet<>();
  private final Deque<Revoked> waiting = new ArrayDeque<>();
  private boolean isWorking;
  private long told;
  private long toldAt = System.nanoTime() - TELLING;

  public Reassertion(RedisLink link, RevocationMemory known) {
    this.link = link;
    this.known = known;
  }

  /** Writes one again that the store was seen not to have; not waited for. */
  public void one(Revoked revoked) {
    synchronized (this) {
      if (single.size() < MOST_SINGLE) {
        single.add(revoked);
      }
    }
    work();
  }

  /**
   * Writes all again that is known of a lane; not waited for.
   *
   * @param number 0 to 255, the upper byte of a bucket; 256 for what concerns more than one subject
   */
  public void lane(int number) {
    synchronized (this) {
      lanes.add(number);
    }
    work();
  }

  /** Writes all again that is known; not waited for. */
  public void everything() {
    synchronized (this) {
      Lane.ALL.forEach(lane -> lanes.add(lane.number()));
    }
    work();
  }

  /** How many revocations the store turned out not to have. */
  public long mended() {
    return mended.sum();
  }

  /** How many were written. */
  public long written() {
    return written.sum();
  }

  private void work() {
    synchronized (this) {
      if (isWorking) {
        return;
      }
      isWorking = true;
    }
    next();
  }

  private void next() {
    List<Revoked> group = group();
    if (group.isEmpty()) {
      return;
    }
    long started = System.nanoTime();
    send(group)
        .whenComplete(
            (count, failure) -> {
              if (failure == null) {
                written.add(group.size());
                mended.add(count);
                tell(false);
                later((System.nanoTime() - started) / 1_000_000);
              } else {
                synchronized (this) {
                  group.reversed().forEach(waiting::addFirst);
                }
                later(AGAIN_MILLIS);
              }
            });
  }

  /** The next ones; where there are none, the work is over. */
  private synchronized List<Revoked> group() {
    while (waiting.isEmpty() && !(single.isEmpty() && lanes.isEmpty())) {
      if (single.isEmpty()) {
        int lane = lanes.iterator().next();
        lanes.remove(lane);
        waiting.addAll(known.of(lane));
      } else {
        waiting.addAll(single);
        single.clear();
      }
    }
    List<Revoked> group = new ArrayList<>();
    while (group.size() < GROUP && !waiting.isEmpty()) {
      group.add(waiting.removeFirst());
    }
    isWorking = !group.isEmpty();
    if (!isWorking) {
      tell(true);
    }
    return group;
  }

  /** At most once a second, and at last when the work is over. */
  private synchronized void tell(boolean isOver) {
    long untold = mended.sum() - told;
    long now = System.nanoTime();
    if (untold > 0 && (isOver || now - toldAt > TELLING)) {
      told += untold;
      toldAt = now;
      LOG.warn("the store had lost {} revocations; they are written again", untold);
    }
  }

  private void later(long millis) {
    try {
      var _ = link.scheduler().schedule(this::next, Math.max(1, millis), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The link is closed.
      return;
    }
  }

  /** Sends a group; gives how many the store did not have. */
  private CompletionStage<Long> send(List<Revoked> group) {
    Map<Lane, List<Revoked.Tombstone>> tombstones = new HashMap<>();
    List<CompletionStage<Long>> sent = new ArrayList<>();
    try {
      for (Revoked revoked : group) {
        switch (revoked) {
          case Revoked.Tombstone tombstone ->
              tombstones
                  .computeIfAbsent(Lane.of(tombstone.handle().bucket()), _ -> new ArrayList<>())
                  .add(tombstone);
          case Revoked.Mark mark -> sent.add(set(mark));
        }
      }
      for (List<Revoked.Tombstone> ofLane : tombstones.values()) {
        for (int from = 0; from < ofLane.size(); from += BATCH) {
          sent.add(end(ofLane.subList(from, Math.min(from + BATCH, ofLane.size()))));
        }
      }
    } catch (RuntimeException e) {
      sent.add(CompletableFuture.failedStage(e));
    }
    CompletionStage<Long> sum = CompletableFuture.completedStage(0L);
    for (CompletionStage<Long> one : sent) {
      sum = sum.thenCombine(one, Long::sum);
    }
    return sum;
  }

  private CompletionStage<Long> end(List<Revoked.Tombstone> tombstones) {
    byte[][] keys = new byte[tombstones.size()][];
    byte[][] arguments = new byte[tombstones.size() + 1][];
    arguments[0] = text(0);
    for (int i = 0; i < keys.length; i++) {
      Revoked.Tombstone tombstone = tombstones.get(i);
      keys[i] = Keys.session(tombstone.handle());
      arguments[i + 1] = text(SessionRecord.code(tombstone.reason()));
    }
    return END.run(link.commands(), keys, arguments);
  }

  private CompletionStage<Long> set(Revoked.Mark mark) {
    return StoredMark.SET
        .<List<Object>>run(
            link.commands(),
            StoredMark.keys(mark.scope()),
            text(0),
            StoredMark.field(mark.scope()),
            text(mark.notBefore().toEpochMilli()),
            text(mark.until().toEpochMilli()),
            text(SessionRecord.code(mark.reason())),
            StoredMark.newVersion(),
            text(0))
        .thenApply(reply -> (Long) reply.getFirst());
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
