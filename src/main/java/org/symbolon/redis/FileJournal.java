package org.symbolon.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Handle;
import org.symbolon.session.Indicators;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.Revoked;

/**
 * The journal as files of a folder that one node has for itself. What waits is written together and
 * synchronised once, on a thread of the journal's own; a disk that is full, broken or silent
 * refuses entries until it is not.
 */
public final class FileJournal implements RevocationJournal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
  private static final int MAX_WAITING = 10_000;
  private static final int GROUP = 1 << 20;
  private static final Duration IDLE = Duration.ofMillis(200);

  /** A disk that does not answer for so long has not kept the entry. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A segment of this size, about 10^6 revocations, is followed by the next. */
  static final long SEGMENT = 32 << 20;

  private final JournalFolder folder;
  private final InstantSource clock;
  private final Indicators indicators;
  private final long limit;
  private final BlockingQueue<Entry> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final ByteBuffer group = ByteBuffer.allocateDirect(GROUP);
  private final Thread writer;
  private volatile boolean isClosed;
  private JournalFolder.@Nullable Segment segment;
  private long kept;
  private boolean isRefusing;
  private volatile @Nullable Thread compaction;
  private volatile long compacted;
  private long closed;

  /** Revocations that somebody waits for. */
  private record Entry(List<Revoked> revoked, CompletableFuture<Outcome> outcome, long nanos) {}

  /** The outcome of opening a journal. */
  public sealed interface Opening permits Opened, Unusable {}

  /**
   * A journal in use; the caller closes it.
   *
   * @param reports what could not be read or written, for operators
   */
  public record Opened(FileJournal journal, List<String> reports) implements Opening {}

  /**
   * @param reason what is wrong with the folder, and what to change
   */
  public record Unusable(String reason) implements Opening {}

  private FileJournal(
      JournalFolder folder, InstantSource clock, Indicators indicators, long limit) {
    this.folder = folder;
    this.clock = clock;
    this.indicators = indicators;
    this.limit = limit;
    this.writer = Thread.ofPlatform().name("symbolon-journal").daemon().unstarted(this::work);
  }

  /**
   * Opens the journal in a folder, which is made where it is missing, and puts what it holds
   * together in one file. Blocks, about a second for 10^6 revocations.
   */
  public static Opening open(Path folder, InstantSource clock, Indicators indicators) {
    return open(folder, clock, indicators, SEGMENT, FileChannel::open);
  }

  static Opening open(
      Path folder,
      InstantSource clock,
      Indicators indicators,
      long limit,
      JournalFolder.Disk disk) {
    JournalFolder home;
    try {
      home = JournalFolder.lock(folder, disk);
    } catch (IOException e) {
      return new Unusable(told(e));
    }
    List<String> reports = new ArrayList<>();
    FileJournal journal = new FileJournal(home, clock, indicators, limit);
    try {
      journal.compacted = home.compact(home.newest(), clock.instant(), reports);
    } catch (IOException e) {
      reports.add("what it holds can't be put together: " + told(e));
    }
    journal.writer.start();
    return new Opened(journal, List.copyOf(reports));
  }

  @Override
  public CompletionStage<Outcome> append(List<Revoked> revoked) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    if (isClosed) {
      return CompletableFuture.completedStage(new Refused("the journal is closed"));
    }
    if (!waiting.offer(new Entry(List.copyOf(revoked), outcome, System.nanoTime()))) {
      return CompletableFuture.completedStage(new Refused("too many entries wait for the disk"));
    }
    return outcome
        .copy()
        .completeOnTimeout(
            new Refused("the disk did not answer within " + PATIENCE.toMillis() + " ms"),
            PATIENCE.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public List<Revoked> held() {
    Instant now = clock.instant();
    Map<Object, Revoked> held = new HashMap<>();
    try {
      var _ =
          folder.read(
              revoked -> {
                if (!JournalFolder.isOutlived(revoked, now)) {
                  held.merge(subjectMatter(revoked), revoked, FileJournal::later);
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(held.values());
  }

  private static Object subjectMatter(Revoked revoked) {
    return switch (revoked) {
      case Revoked.Tombstone(Handle handle, var _, var _) -> handle;
      case Revoked.Mark(Revoked.Scope scope, var _, var _, var _) -> scope;
    };
  }

  private static Revoked later(Revoked one, Revoked other) {
    return one instanceof Revoked.Mark first
            && other instanceof Revoked.Mark second
            && second.notBefore().isBefore(first.notBefore())
        ? one
        : other;
  }

  /** Writes what waits, and ends. */
  @Override
  public void close() {
    isClosed = true;
    try {
      writer.join(PATIENCE);
      @Nullable Thread compacting = compaction;
      if (compacting != null) {
        compacting.join(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    folder.close();
  }

  private void work() {
    List<Entry> entries = new ArrayList<>();
    while (!isClosed || !waiting.isEmpty()) {
      try {
        @Nullable Entry first = waiting.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        entries.add(first);
        waiting.drainTo(entries);
        tell(entries, keep(entries));
        entries.clear();
      } catch (InterruptedException e) {
        // Nobody does.
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Outcome keep(List<Entry> entries) {
    try {
      write(entries);
      if (isRefusing) {
        isRefusing = false;
        LOG.info("journal: entries are kept again");
      }
      return new Kept();
    } catch (IOException | RuntimeException e) {
      String reason = e instanceof IOException failure ? told(failure) : e.toString();
      if (!isRefusing) {
        isRefusing = true;
        LOG.error("journal: entries are refused: {}", reason);
      }
      return new Refused(reason);
    }
  }

  private void tell(List<Entry> entries, Outcome outcome) {
    for (Entry entry : entries) {
      indicators.store(
          "journal",
          outcome instanceof Kept ? "ok" : "error",
          Duration.ofNanos(System.nanoTime() - entry.nanos()));
      entry.outcome().complete(outcome);
    }
  }

  private void write(List<Entry> entries) throws IOException {
    JournalFolder.Segment current = current();
    FileChannel out = current.channel();
    group.clear();
    try {
      for (Entry entry : entries) {
        for (Revoked revoked : entry.revoked()) {
          if (group.remaining() < JournalRecord.MAX_SIZE) {
            JournalFolder.flush(group, out);
          }
          JournalRecord.write(revoked, group);
        }
      }
      JournalFolder.flush(group, out);
    } catch (IOException | RuntimeException e) {
      cut(current);
      throw e;
    }
    try {
      out.force(false);
      kept = out.position();
    } catch (IOException e) {
      // What the system still holds of this file can't be known: go on in another.
      leave(current);
      throw e;
    }
    if (kept >= limit) {
      closed += kept;
      leave(current);
      compactWhenDue(current.number());
    }
  }

  private JournalFolder.Segment current() throws IOException {
    JournalFolder.@Nullable Segment current = segment;
    if (current == null) {
      current = folder.begin();
      segment = current;
      kept = current.channel().position();
    }
    return current;
  }

  private void cut(JournalFolder.Segment current) {
    try {
      current.channel().truncate(kept).position(kept);
    } catch (IOException e) {
      LOG.warn("journal: {}", told(e));
      leave(current);
    }
  }

  private void leave(JournalFolder.Segment current) {
    segment = null;
    try {
      current.channel().close();
    } catch (IOException e) {
      LOG.warn("journal: {}", told(e));
    }
  }

  /** Compacts beside the writer once as much has come as had stayed. */
  private void compactWhenDue(int last) {
    @Nullable Thread before = compaction;
    if (closed < compacted || (before != null && before.isAlive())) {
      return;
    }
    closed = 0;
    compaction =
        Thread.ofPlatform()
            .name("symbolon-journal-compaction")
            .daemon()
            .start(
                () -> {
                  try {
                    List<String> damages = new ArrayList<>();
                    compacted = folder.compact(last, clock.instant(), damages);
                    damages.forEach(LOG::error);
                  } catch (IOException e) {
                    LOG.warn("journal: can't be compacted: {}", told(e));
                  }
                });
  }

  private static String told(IOException e) {
    return e.getClass() == IOException.class
        ? String.valueOf(e.getMessage())
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
