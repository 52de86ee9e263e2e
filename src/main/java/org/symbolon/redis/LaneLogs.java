package org.symbolon.redis;

import io.lettuce.core.StreamMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads the logs of lanes, each lane's one at a time. */
final class LaneLogs {
  private final RedisLink link;
  private final Object lock;
  private final BiConsumer<LaneProgress, LaneProgress.Continuity> broken;
  private final Map<LaneProgress, CompletableFuture<?>> latest = new HashMap<>();
  private final Set<LaneProgress> wanted = new HashSet<>();
  private final LongAdder caughtUp = new LongAdder();

  /**
   * @param lock guards all progress
   * @param broken told, under the lock, of a log that does not go on from what was heard
   */
  LaneLogs(RedisLink link, Object lock, BiConsumer<LaneProgress, LaneProgress.Continuity> broken) {
    this.link = link;
    this.lock = lock;
    this.broken = broken;
  }

  /** How many changes were heard of from here first. */
  long caughtUp() {
    return caughtUp.sum();
  }

  /** Reads after now, once a reading that is under way is over. */
  CompletableFuture<?> read(LaneProgress lane, @Nullable Object server) {
    synchronized (lock) {
      CompletableFuture<?> before =
          latest.getOrDefault(lane, CompletableFuture.completedFuture(""));
      CompletableFuture<?> next = before.handle((_, _) -> "").thenCompose(_ -> look(lane, server));
      latest.put(lane, next);
      return next;
    }
  }

  /** Reads what is missing, as part of no proof; those who want it meanwhile share one reading. */
  void readSoon(LaneProgress lane) {
    synchronized (lock) {
      if (wanted.add(lane)) {
        var _ = read(lane, null);
      }
    }
  }

  private CompletionStage<Boolean> look(LaneProgress lane, @Nullable Object server) {
    LaneProgress.Look look;
    synchronized (lock) {
      wanted.remove(lane);
      look = lane.look();
    }
    return link.commands()
        .xrange(lane.lane().log(), look.range())
        .thenApply(entries -> hear(lane, look, entries, server));
  }

  private boolean hear(
      LaneProgress lane,
      LaneProgress.Look look,
      List<StreamMessage<byte[], byte[]>> entries,
      @Nullable Object server) {
    synchronized (lock) {
      long before = lane.last();
      LaneProgress.Continuity continuity = lane.read(look, entries, server);
      caughtUp.add(lane.last() - before);
      if (continuity != LaneProgress.Continuity.WHOLE) {
        broken.accept(lane, continuity);
      }
      return true;
    }
  }
}
