package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.symbolon.session.Handle;
import org.symbolon.session.Indicators;
import org.symbolon.session.RefusalReports;
import org.symbolon.session.RefusalTally;
import org.symbolon.session.Session;
import org.symbolon.session.Tenant;
import org.symbolon.session.Unavailable;

/**
 * Counts by the hour in Redis what enforcing refuses, or would, for all nodes together. A node
 * gathers for two seconds and writes then; what it has gathered while Redis gives no answer is
 * lost, and so is what it had when it was killed.
 */
public final class RedisRefusals implements RefusalTally, RefusalReports, AutoCloseable {
  private static final Script TALLY = Script.load("tally", ScriptOutputType.INTEGER);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Tenants times signals between two writes; beyond it nothing new is counted. */
  private static final int MOST_SLOTS = 10_000;

  /** Sessions of a slot between two writes; further ones are counted as requests alone. */
  private static final int MOST_SESSIONS = 1_000;

  private static final int MOST_LINES = 1_000;
  private final RedisLink link;
  private final StoreClock clock;
  private final StoreCalls calls;
  private final Duration kept;
  private final ConcurrentMap<Slot, Held> gathered = new ConcurrentHashMap<>();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  private record Slot(Instant hour, Tenant tenant, String signal) {
    String field() {
      return tenant.value() + '=' + signal;
    }
  }

  /** Changed within the map's {@code compute} alone. */
  private static final class Held {
    private final Set<Handle> sessions = new HashSet<>();
    private long requests;
  }

  /**
   * Begins to write.
   *
   * @param kept how long an hour's counts are kept
   */
  public RedisRefusals(RedisLink link, StoreClock clock, Duration kept, Indicators indicators) {
    this.link = link;
    this.clock = clock;
    this.kept = kept;
    this.calls = new StoreCalls(link, indicators);
    var _ =
        writer.scheduleWithFixedDelay(
            this::write, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void count(Session session, String signal) {
    Slot slot = new Slot(clock.instant().truncatedTo(ChronoUnit.HOURS), session.tenant(), signal);
    if (gathered.size() >= MOST_SLOTS && !gathered.containsKey(slot)) {
      return;
    }
    gathered.compute(
        slot,
        (_, held) -> {
          Held all = held == null ? new Held() : held;
          all.requests++;
          if (all.sessions.size() < MOST_SESSIONS) {
            all.sessions.add(session.handle());
          }
          return all;
        });
  }

  /** Writes what has been gathered. */
  void write() {
    for (Slot slot : List.copyOf(gathered.keySet())) {
      Held held = gathered.remove(slot);
      if (held != null) {
        var _ = written(slot, held);
      }
    }
  }

  private CompletionStage<Boolean> written(Slot slot, Held held) {
    byte[][] keys = {requests(slot.hour()), sessions(slot.hour(), slot.field())};
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(bytes(slot.field()));
    arguments.add(bytes(Long.toString(held.requests)));
    arguments.add(bytes(Long.toString(kept.plusHours(1).toMillis())));
    for (Handle session : held.sessions) {
      arguments.add(name(session));
    }
    return calls.<Long, Boolean>call(
        "tally",
        () -> TALLY.run(link.commands(), keys, arguments.toArray(byte[][]::new)),
        _ -> true,
        _ -> false);
  }

  @Override
  public CompletionStage<Outcome> last(int hours) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.HOURS);
    List<Instant> all =
        IntStream.range(0, hours).mapToObj(i -> now.minus(i, ChronoUnit.HOURS)).toList();
    Map<String, Long> sums = new TreeMap<>();
    Map<String, List<byte[]>> keys = new TreeMap<>();
    List<CompletableFuture<Optional<Unavailable>>> reads = new ArrayList<>();
    for (Instant hour : all) {
      reads.add(read(hour, sums, keys).toCompletableFuture());
    }
    return joined(reads)
        .thenCompose(
            outage ->
                outage.isPresent()
                    ? CompletableFuture.completedStage(outage.get())
                    : lines(now.minus(hours - 1L, ChronoUnit.HOURS), sums, keys));
  }

  private CompletionStage<Optional<Unavailable>> read(
      Instant hour, Map<String, Long> sums, Map<String, List<byte[]>> keys) {
    return calls.<List<Object>, Optional<Unavailable>>call(
        "report",
        () -> Waiting.hgetall(link, requests(hour)),
        answer -> {
          synchronized (sums) {
            Waiting.fields(answer)
                .forEach(
                    (name, count) -> {
                      sums.merge(name, Long.parseLong(count), Long::sum);
                      keys.computeIfAbsent(name, _ -> new ArrayList<>()).add(sessions(hour, name));
                    });
          }
          return Optional.empty();
        },
        Optional::of);
  }

  private CompletionStage<Outcome> lines(
      Instant since, Map<String, Long> sums, Map<String, List<byte[]>> keys) {
    List<Line> lines = new ArrayList<>();
    List<CompletableFuture<Optional<Unavailable>>> reads = new ArrayList<>();
    sums.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_LINES)
        .forEach(
            sum ->
                reads.add(
                    line(
                            sum.getKey(),
                            sum.getValue(),
                            keys.getOrDefault(sum.getKey(), List.of()),
                            lines)
                        .toCompletableFuture()));
    return joined(reads)
        .thenApply(
            outage -> {
              if (outage.isPresent()) {
                return outage.get();
              }
              lines.sort(
                  Comparator.comparingLong(Line::requests)
                      .reversed()
                      .thenComparing(line -> line.tenant().value())
                      .thenComparing(Line::signal));
              return new Report(since, lines);
            });
  }

  private CompletionStage<Optional<Unavailable>> line(
      String field, long requests, List<byte[]> keys, List<Line> lines) {
    int split = field.lastIndexOf('=');
    return calls.<Long, Optional<Unavailable>>call(
        "report",
        () -> link.commands().pfcount(keys.toArray(byte[][]::new)),
        sessions -> {
          synchronized (lines) {
            lines.add(
                new Line(
                    new Tenant(field.substring(0, split)),
                    field.substring(split + 1),
                    sessions,
                    requests));
          }
          return Optional.empty();
        },
        Optional::of);
  }

  private static CompletionStage<Optional<Unavailable>> joined(
      List<CompletableFuture<Optional<Unavailable>>> reads) {
    return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            _ -> reads.stream().map(CompletableFuture::join).flatMap(Optional::stream).findFirst());
  }

  /** {@code b{**}} and the hour since 1970. */
  private static String key(Instant hour) {
    return "b{" + Lane.common().tag() + "}" + hour.getEpochSecond() / 3600;
  }

  private static byte[] requests(Instant hour) {
    return bytes(key(hour));
  }

  private static byte[] sessions(Instant hour, String field) {
    return bytes(key(hour) + "=" + field);
  }

  private static byte[] name(Handle session) {
    return ByteBuffer.allocate(Short.BYTES + Long.BYTES)
        .putShort((short) session.bucket())
        .putLong(session.name())
        .array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes what is left, and does not wait for it. */
  @Override
  public void close() {
    writer.shutdownNow();
    write();
  }
}
