package org.symbolon.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.symbolon.campaign.OutageException;
import org.symbolon.campaign.SessionScan;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;

/** Walks over the records of all masters with SCAN, and reads them in one trip a batch. */
public final class RedisSessionScan implements SessionScan {
  private static final byte[] RECORDS = "s{*".getBytes(StandardCharsets.US_ASCII);
  private final RedisLink link;
  private final StoreClock clock;

  public RedisSessionScan(RedisLink link, StoreClock clock) {
    this.link = link;
    this.clock = clock;
  }

  @Override
  public Batch next(String position, int size) throws OutageException {
    Masters.Scanned scanned = Waiting.on(link, () -> link.masters().scan(position, RECORDS, size));
    List<Session> sessions = new ArrayList<>(scanned.keys().size());
    List<Handle> handles =
        scanned.keys().stream().flatMap(key -> Keys.handle(key).stream()).toList();
    List<byte @Nullable []> records = Waiting.on(link, () -> read(handles));
    Instant now = clock.instant();
    for (int i = 0; i < handles.size(); i++) {
      byte[] record = records.get(i);
      if (record != null && decoded(handles.get(i), record, now) instanceof SessionStore.Found f) {
        sessions.add(f.session());
      }
    }
    return new Batch(sessions, scanned.position(), now);
  }

  private static SessionStore.Finding decoded(Handle handle, byte[] record, Instant now)
      throws OutageException {
    try {
      return SessionRecord.decode(handle, record, now);
    } catch (UnreadableRecordException e) {
      throw new OutageException(String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<List<byte @Nullable []>> read(List<Handle> handles) {
    RedisClusterAsyncCommands<byte[], byte[]> commands = link.commands();
    List<CompletableFuture<byte @Nullable []>> reads = new ArrayList<>(handles.size());
    for (Handle handle : handles) {
      reads.add(commands.get(Keys.session(handle)).toCompletableFuture());
    }
    return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            _ -> {
              List<byte @Nullable []> records = new ArrayList<>(reads.size());
              reads.forEach(read -> records.add(read.join()));
              return records;
            });
  }
}
