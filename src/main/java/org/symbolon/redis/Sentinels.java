package org.symbolon.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.lettuce.core.sentinel.api.async.RedisSentinelAsyncCommands;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which server is the master, as the Sentinels say. All are asked all the time, and the one with
 * the newest configuration is believed: one that was cut off from the others still names the old
 * master. A master that no majority has named for as long as a failover takes to begin may have
 * been replaced without this node hearing of it, and counts no more.
 */
final class Sentinels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sentinels.class);
  static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LEAST_LEASE = Duration.ofMillis(500).toNanos();
  private static final long MOST_LEASE = Duration.ofSeconds(5).toNanos();
  private final List<RedisURI> uris;
  private final String name;
  private final RedisClient client;
  private final ScheduledExecutorService scheduler;
  private final Consumer<InetSocketAddress> onDeposed;
  private final Map<RedisURI, CompletableFuture<StatefulRedisSentinelConnection<String, String>>>
      connections = new ConcurrentHashMap<>();
  private final Map<RedisURI, Report> reports = new ConcurrentHashMap<>();
  private final Map<RedisURI, String> failures = new ConcurrentHashMap<>();
  private volatile @Nullable InetSocketAddress master;
  private volatile long confirmed;
  private volatile long changed;
  private volatile long lease = LEAST_LEASE;
  private @Nullable ScheduledFuture<?> polling;

  /**
   * What one Sentinel says.
   *
   * @param asked when, by {@link System#nanoTime}
   * @param patience how long the master may be silent before it looks for another, in ns
   */
  record Report(InetSocketAddress master, long epoch, long asked, long patience) {}

  /**
   * @param onDeposed told an address that is the master's no more
   */
  Sentinels(
      List<RedisURI> uris,
      String name,
      RedisClient client,
      ScheduledExecutorService scheduler,
      Consumer<InetSocketAddress> onDeposed) {
    this.uris = List.copyOf(uris);
    this.name = name;
    this.client = client;
    this.scheduler = scheduler;
    this.onDeposed = onDeposed;
    this.confirmed = System.nanoTime();
  }

  /**
   * Starts asking, and waits for a first answer.
   *
   * @throws IllegalStateException where none comes; the message has what each Sentinel said
   */
  void start() {
    polling = scheduler.scheduleAtFixedRate(this::poll, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (master == null && System.nanoTime() < deadline && failures.size() < uris.size()) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (master == null) {
      throw new IllegalStateException("no Sentinel names the master " + name + ": " + failures());
    }
  }

  /**
   * The master's address.
   *
   * @throws IllegalStateException before it is known
   */
  InetSocketAddress master() {
    @Nullable InetSocketAddress known = master;
    if (known == null) {
      throw new IllegalStateException("no Sentinel has named the master " + name);
    }
    return known;
  }

  /** Where the Sentinels themselves are. */
  List<InetSocketAddress> addresses() {
    return uris.stream()
        .map(uri -> InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()))
        .toList();
  }

  /** How long a majority has not named the master, in ns, where that is too long; else 0. */
  long unconfirmed() {
    long since = System.nanoTime() - confirmed;
    return since > lease ? since : 0;
  }

  /**
   * How long the master still has to stay it before all nodes know of it, in ns; 0 where they do.
   */
  long unsettled() {
    return Math.max(0, changed + LEAST_LEASE - System.nanoTime());
  }

  /** What the Sentinels that gave no answer said instead, by their addresses. */
  Map<String, String> failures() {
    Map<String, String> told = new TreeMap<>();
    failures.forEach((uri, text) -> told.put(uri.getHost() + ":" + uri.getPort(), text));
    return told;
  }

  /** The master of the newest configuration; of several, the one that most name. */
  static Optional<InetSocketAddress> newest(List<Report> reports) {
    long epoch = reports.stream().mapToLong(Report::epoch).max().orElse(0);
    List<InetSocketAddress> named =
        reports.stream().filter(report -> report.epoch() == epoch).map(Report::master).toList();
    return named.stream()
        .max(Comparator.comparingLong(one -> named.stream().filter(one::equals).count()));
  }

  /** When a majority of Sentinels was last asked that named a master; empty where none did. */
  static OptionalLong confirmed(List<Report> reports, InetSocketAddress master, int sentinels) {
    return reports.stream()
        .filter(report -> report.master().equals(master))
        .mapToLong(Report::asked)
        .boxed()
        .sorted(Comparator.reverseOrder())
        .skip(sentinels / 2)
        .mapToLong(Long::longValue)
        .findFirst();
  }

  @Override
  public void close() {
    if (polling != null) {
      polling.cancel(false);
    }
    for (CompletableFuture<StatefulRedisSentinelConnection<String, String>> connection :
        connections.values()) {
      var _ = connection.thenCompose(StatefulRedisSentinelConnection::closeAsync);
    }
  }

  private void poll() {
    for (RedisURI uri : uris) {
      var _ =
          connection(uri)
              .thenCompose(connection -> ask(connection.async()))
              .whenComplete(
                  (report, failure) -> {
                    if (failure == null) {
                      failures.remove(uri);
                      hear(uri, report);
                    } else {
                      failures.put(uri, told(failure));
                    }
                  });
    }
  }

  private CompletableFuture<Report> ask(RedisSentinelAsyncCommands<String, String> sentinel) {
    long asked = System.nanoTime();
    // The epoch first: one that is too old beside a new address does no harm.
    CompletableFuture<Map<String, String>> facts = sentinel.master(name).toCompletableFuture();
    CompletableFuture<SocketAddress> address =
        sentinel.getMasterAddrByName(name).toCompletableFuture();
    return facts.thenCombine(
        address,
        (known, found) -> {
          if (found instanceof InetSocketAddress inet) {
            long epoch = Long.parseLong(known.getOrDefault("config-epoch", "0"));
            long patience = Long.parseLong(known.getOrDefault("down-after-milliseconds", "0"));
            return new Report(
                InetSocketAddress.createUnresolved(inet.getHostString(), inet.getPort()),
                epoch,
                asked,
                patience * 1_000_000);
          }
          throw new IllegalStateException("no address of the master " + name);
        });
  }

  private CompletableFuture<StatefulRedisSentinelConnection<String, String>> connection(
      RedisURI uri) {
    return connections.compute(
        uri,
        (_, before) ->
            before == null || before.isCompletedExceptionally()
                ? client.connectSentinelAsync(StringCodec.UTF8, uri)
                : before);
  }

  private synchronized void hear(RedisURI uri, Report report) {
    reports.put(uri, report);
    @Nullable InetSocketAddress before = master;
    List<Report> all = List.copyOf(reports.values());
    InetSocketAddress now = newest(all).orElse(report.master());
    long patience = all.stream().mapToLong(Report::patience).min().orElse(LEAST_LEASE);
    lease = Math.clamp(patience, LEAST_LEASE, MOST_LEASE);
    confirmed = confirmed(all, now, uris.size()).orElse(confirmed);
    if (!now.equals(before)) {
      changed = System.nanoTime();
      master = now;
    }
    if (before != null && !before.equals(now)) {
      LOG.warn("the master {} is now {}", name, now);
      onDeposed.accept(before);
    }
  }

  private static String told(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof RedisCommandExecutionException)) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
