package org.symbolon.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Presenter;

/**
 * Writes each audit event as the next line of a chain, on a thread of its own. Nobody waits for the
 * disk: what does not fit in the queue is left out, and a line says how much.
 */
public final class ChainedTrail implements AuditTrail, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChainedTrail.class);
  private static final int QUEUE = 8192;
  private static final long LOOK_MILLIS = 200;
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CHECKPOINT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final AuditFile file;
  private final Function<AuditEvent, String> format;
  private final Consumer<Checkpoint> told;
  private final InstantSource clock;
  private final BlockingQueue<AuditEvent> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong leftOut = new AtomicLong();
  private final Thread writer;
  private volatile boolean isClosed;
  private long savedAt = System.nanoTime();
  private long toldAt = System.nanoTime();
  private Checkpoint toldLast = Checkpoint.NONE;
  private String complaint = "";

  private ChainedTrail(
      AuditFile file,
      Function<AuditEvent, String> format,
      Consumer<Checkpoint> told,
      InstantSource clock) {
    this.file = file;
    this.format = format;
    this.told = told;
    this.clock = clock;
    this.writer = Thread.ofPlatform().name("audit").daemon().unstarted(this::work);
  }

  /**
   * Goes on with the chain of a file, or begins one.
   *
   * @param format an event as a JSON object on one line
   * @param told hears once a minute how far the chain has come, to keep it elsewhere
   * @throws IOException in words for an operator
   */
  public static ChainedTrail open(
      Path path,
      Function<AuditEvent, String> format,
      Consumer<Checkpoint> told,
      InstantSource clock)
      throws IOException {
    ChainedTrail trail = new ChainedTrail(AuditFile.open(path), format, told, clock);
    if (!trail.file.found().isEmpty()) {
      LOG.error("audit.file: {}: {}", path, trail.file.found());
    }
    trail.queue.add(trail.own("start", trail.file.found()));
    trail.writer.start();
    return trail;
  }

  @Override
  public void record(AuditEvent event) {
    if (!queue.offer(event)) {
      leftOut.incrementAndGet();
    }
  }

  private AuditEvent own(String why, String found) {
    Instant now = clock.instant();
    return new AuditEvent(
        now,
        AuditEvent.Action.AUDIT_CHAIN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Presenter.UNKNOWN,
        found.isEmpty() ? Map.of("why", why) : Map.of("why", why, "found", found));
  }

  private void work() {
    while (!isClosed || !queue.isEmpty()) {
      try {
        AuditEvent event = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (file.follow()) {
          file.append(format.apply(own("renamed", "")));
        }
        write(event);
        keep();
        complaint = "";
      } catch (IOException e) {
        complain(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void write(@Nullable AuditEvent event) throws IOException {
    long gone = leftOut.getAndSet(0);
    try {
      if (gone > 0) {
        file.append(format.apply(own("left out", gone + " events, the queue was full")));
        gone = 0;
      }
      if (event != null) {
        file.append(format.apply(event));
      }
    } catch (IOException e) {
      leftOut.addAndGet(gone + (event == null ? 0 : 1));
      throw e;
    }
  }

  /** Says once what keeps it from writing. */
  private void complain(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (!message.equals(complaint)) {
      complaint = message;
      LOG.error("audit.file: no line can be written: {}", message);
    }
  }

  private void keep() throws IOException {
    long now = System.nanoTime();
    if (now - savedAt > SAVE_NANOS) {
      savedAt = now;
      file.save();
    }
    if (now - toldAt > CHECKPOINT_NANOS) {
      toldAt = now;
      tell();
    }
  }

  private void tell() {
    Checkpoint end = file.end();
    if (!end.equals(toldLast)) {
      toldLast = end;
      LOG.info("audit checkpoint {}", end);
      told.accept(end);
    }
  }

  /** Writes what is waiting, for some seconds at most, and says how far the chain has come. */
  @Override
  public void close() throws IOException {
    isClosed = true;
    try {
      writer.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
    tell();
  }
}
