package org.symbolon.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.RevocationMemory;

/**
 * Which of the store's marks this node knows. Each change of a lane's marks gives them another
 * version; whoever reads a session reads it beside, and where it is another than the one whose
 * marks were read, they are read again. So no session is judged without the marks that stood when
 * it was read, whatever was heard of them otherwise.
 */
final class LaneMarks {
  private static final Logger LOG = LoggerFactory.getLogger(LaneMarks.class);

  private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);
  private static final byte[] NONE = {};

  private final RedisLink link;
  private final RevocationMemory known;

  /** Empty where a lane has none. */
  private final AtomicReferenceArray<byte[]> versions = new AtomicReferenceArray<>(Lane.ALL.size());

  private final Map<Lane, Reading> underWay = new ConcurrentHashMap<>();

  private record Reading(ByteBuffer version, CompletableFuture<Void> done) {}

  LaneMarks(RedisLink link, RevocationMemory known) {
    this.link = link;
    this.known = known;
    for (int i = 0; i < versions.length(); i++) {
      versions.set(i, NONE);
    }
  }

  /**
   * Reads a record; null where there is none. Ends when every mark is known that stood then and may
   * cover it.
   */
  CompletionStage<byte @Nullable []> find(byte[] key, Lane lane) {
    return versioned(key, lane)
        .thenCompose(
            read -> {
              CompletionStage<Void> own = known(lane, read.ofLane());
              CompletionStage<Void> common = known(Lane.common(), read.ofCommon());
              return own.thenCombine(common, (_, _) -> read.record());
            });
  }

  /** Reads the marks of all lanes, so that the first who ask need not wait for them. */
  CompletionStage<Void> readAll() {
    return CompletableFuture.allOf(
        Lane.ALL.stream()
            .map(
                lane ->
                    link.commands()
                        .get(lane.marksVersion())
                        .thenCompose(version -> known(lane, version))
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** A record, and the versions of the marks that may cover it. */
  @SuppressWarnings("ArrayRecordComponent") // No two of them are ever compared.
  private record Versioned(
      byte @Nullable [] record, byte @Nullable [] ofLane, byte @Nullable [] ofCommon) {}

  /** One by one: a server refuses several at once while their slot moves, and MGET hides faults. */
  private CompletionStage<Versioned> versioned(byte[] key, Lane lane) {
    RedisClusterAsyncCommands<byte[], byte[]> commands = link.reads();
    RedisFuture<byte[]> record = commands.get(key);
    RedisFuture<byte[]> common = commands.get(Lane.common().marksVersion());
    return commands
        .get(lane.marksVersion())
        .thenCombine(common, (own, other) -> new Versioned(null, own, other))
        .thenCombine(record, (read, found) -> new Versioned(found, read.ofLane(), read.ofCommon()));
  }

  @SuppressWarnings("ReferenceEquality") // Whoever put it there reads.
  private CompletionStage<Void> known(Lane lane, byte @Nullable [] version) {
    byte[] asked = version == null ? NONE : version;
    if (Arrays.equals(versions.get(lane.number()), asked)) {
      return DONE;
    }
    // Shared with those who saw the same version before, so that what they read has its marks.
    ByteBuffer key = ByteBuffer.wrap(asked);
    Reading own = new Reading(key, new CompletableFuture<>());
    Reading reading =
        underWay.merge(lane, own, (other, _) -> other.version().equals(key) ? other : own);
    if (reading == own) {
      load(lane, asked, own);
    }
    return reading.done();
  }

  private void load(Lane lane, byte[] version, Reading own) {
    CompletionStage<Map<byte[], byte[]>> marks;
    try {
      marks = link.commands().hgetall(lane.marks());
    } catch (RuntimeException e) {
      marks = CompletableFuture.failedStage(e);
    }
    marks.whenComplete(
        (fields, failure) -> {
          if (failure == null) {
            fields.forEach((field, value) -> learn(lane, field, value));
            versions.set(lane.number(), version);
          }
          underWay.remove(lane, own);
          if (failure == null) {
            own.done().complete(null);
          } else {
            own.done().completeExceptionally(failure);
          }
        });
  }

  private void learn(Lane lane, byte[] field, byte[] value) {
    try {
      known.learn(StoredMark.read(lane, field, value));
    } catch (RuntimeException e) {
      LOG.error("a mark in lane {} can't be read and counts for nothing: {}", lane, e.getMessage());
    }
  }
}
