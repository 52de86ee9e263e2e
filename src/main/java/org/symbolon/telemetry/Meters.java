package org.symbolon.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.symbolon.session.Indicators;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;

/**
 * The meters, in the Prometheus text format. No label holds a user's or a session's name, and every
 * series that can be foreseen stands at 0 from the start, so that its first increase is seen.
 */
public final class Meters implements Indicators, AutoCloseable {
  private static final double NANOSECOND = 1e-9;

  private static final Duration[] LATENCIES = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RecentLatency recent = new RecentLatency(System::nanoTime);
  private final RecentLatency recentStore = new RecentLatency(System::nanoTime);
  private final RecentShare recentLogins = new RecentShare(System::nanoTime);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Histogram durations =
      new Histogram(
          "symbolon_validate_duration_seconds",
          "Time to answer a validate",
          NANOSECOND,
          Arrays.stream(LATENCIES).mapToLong(Duration::toNanos).toArray());
  private final Histogram.Series cookieHeader;
  private final Counter forwardedIgnored;
  private final Timer changeLag;
  private final ConcurrentMap<Series, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<Series, Timer> timers = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, AtomicLong> delays = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Validates> validates = new ConcurrentHashMap<>();

  /** A gateway's meters, at hand without a search by labels: each request counts here. */
  private final class Validates {
    private final String gateway;
    private final Histogram.Series duration;
    private final ConcurrentMap<String, LongAdder> results = new ConcurrentHashMap<>();

    Validates(String gateway) {
      this.gateway = gateway;
      this.duration = durations.of("gateway", gateway);
    }

    LongAdder of(String result) {
      LongAdder known = results.get(result);
      return known == null ? results.computeIfAbsent(result, this::counted) : known;
    }

    private LongAdder counted(String result) {
      LongAdder count = new LongAdder();
      FunctionCounter.builder("symbolon.validate", count, LongAdder::sum)
          .description("Answers to validate")
          .tags("result", result, "gateway", gateway)
          .register(registry);
      return count;
    }

    void record(String result, long nanos) {
      of(result).increment();
      duration.record(nanos);
    }
  }

  private record Series(String name, List<String> labels) {
    static Series of(String name, String... labels) {
      return new Series(name, List.of(labels));
    }
  }

  /**
   * Registers every meter.
   *
   * @param gateways the gateway profiles there are
   */
  public Meters(List<String> gateways) {
    Histogram cookieHeaders =
        new Histogram(
            "symbolon_cookie_header_bytes",
            "Size of the Cookie fields of a request",
            1,
            64,
            256,
            1024,
            2048,
            4096,
            8192,
            16384);
    cookieHeader = cookieHeaders.of();
    registry.getPrometheusRegistry().register(cookieHeaders);
    registry.getPrometheusRegistry().register(durations);
    forwardedIgnored =
        Counter.builder("symbolon.forwarded.ignored")
            .description("Requests of untrusted peers whose forwarded headers were not believed")
            .register(registry);
    changeLag =
        Timer.builder("symbolon.changes.lag")
            .description("How long after it was made a change was heard, by the store's clock")
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
    List<String> results = new ArrayList<>(List.of("allow", "unavailable", "plaintext"));
    for (Reason reason : Reason.values()) {
      results.add(reason.code());
    }
    for (String gateway : gateways) {
      for (String result : results) {
        var _ = of(gateway).of(result);
      }
      for (RotationOutcome outcome : RotationOutcome.values()) {
        if (outcome != RotationOutcome.NONE) {
          rotationCounter(outcome, gateway);
        }
      }
    }
    for (String result : List.of("issued", "refused", "cross-site", "limit", "unavailable")) {
      loginCounter(result);
    }
    for (String signal : List.of("user-agent", "network", "both", "none")) {
      replayCounter(signal);
    }
    for (String by : List.of("rotation", "refresh", "elevate", "login")) {
      renewalCounter(by);
    }
    for (String scope : List.of("this", "others", "all")) {
      logoutCounter(scope);
    }
    for (String hop : List.of("client", "service")) {
      plaintextCounter(hop);
    }
    setCookieCounter(true, true, "Lax");
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    garbage.bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * Registers the near cache's figures, which are read when they are asked for.
   *
   * @param stale hits that the store's outage alone allowed
   * @param current whether its entries count now
   */
  public void nearCache(
      LongSupplier hits,
      LongSupplier misses,
      LongSupplier stale,
      IntSupplier size,
      BooleanSupplier current) {
    counted("symbolon.near.cache.hits", "Validates that were answered from memory", hits);
    counted(
        "symbolon.near.cache.misses",
        "Validates of a genuine ID that had to ask the store",
        misses);
    counted(
        "symbolon.near.cache.stale",
        "Validates that were allowed from memory because the store gave no answer",
        stale);
    held("symbolon.near.cache.sessions", "Sessions that are remembered", size);
    Gauge.builder("symbolon.near.cache.current", current, c -> c.getAsBoolean() ? 1 : 0)
        .description("1 while the channel of changes has proved itself, so that entries count")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Registers how far the store's clock is from this machine's.
   *
   * @param ahead positive where the store's is ahead
   */
  public void clock(Supplier<Duration> ahead) {
    Gauge.builder("symbolon.store.clock.skew", ahead, a -> a.get().toMillis() / 1e3)
        .description("The store's clock less this machine's")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Registers the figures of the feed of changes, which are read when they are asked for.
   *
   * @param caughtUp changes that no push told of
   * @param rollbacks lanes that were found to have lost changes
   * @param age of the last proof that none was missed
   */
  public void changes(LongSupplier caughtUp, LongSupplier rollbacks, Supplier<Duration> age) {
    counted(
        "symbolon.changes.caught.up",
        "Changes that no push had told of, read from the log",
        caughtUp);
    counted(
        "symbolon.changes.rolled.back",
        "Lanes of the store that were found to have lost changes",
        rollbacks);
    TimeGauge.builder("symbolon.changes.proof.age", age, TimeUnit.SECONDS, Meters::seconds)
        .description("How long ago the moment is up to which all changes are known")
        .strongReference(true)
        .register(registry);
  }

  private static double seconds(Supplier<Duration> age) {
    return age.get().toNanos() / 1e9;
  }

  /** Counts a change of a session that this node heard of. */
  public void changeHeard(Duration lag) {
    changeLag.record(lag);
  }

  /**
   * Registers the figures of the revocations that this node knows of.
   *
   * @param known how many are remembered
   * @param condensed how often some were merged for want of room
   * @param reasserted how many were written to the store again
   * @param mended how many of those the store turned out not to have
   */
  public void revocations(
      IntSupplier known, LongSupplier condensed, LongSupplier reasserted, LongSupplier mended) {
    held(
        "symbolon.revocations.known",
        "Ended sessions that this node remembers, whatever the store says",
        known);
    counted(
        "symbolon.revocations.condensed",
        "Times that revocations were merged for want of room, ending others with them",
        condensed);
    counted(
        "symbolon.revocations.reasserted",
        "Revocations that were written to the store again",
        reasserted);
    counted("symbolon.revocations.mended", "Revocations that the store had lost", mended);
  }

  private void counted(String name, String description, LongSupplier count) {
    FunctionCounter.builder(name, count, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  private void held(String name, String description, IntSupplier size) {
    Gauge.builder(name, size, IntSupplier::getAsInt)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  /** The registry, for meters that a component binds itself. */
  public MeterRegistry registry() {
    return registry;
  }

  /** The Prometheus text exposition format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void validated(String result, String gateway, long asked, long answered) {
    recent.record(answered - asked, answered);
    of(gateway).record(result, answered - asked);
  }

  private Validates of(String gateway) {
    Validates known = validates.get(gateway);
    return known == null ? validates.computeIfAbsent(gateway, Validates::new) : known;
  }

  /** Validate's 99th percentile of the last second or two; empty where too few were asked. */
  public Optional<Duration> validateP99() {
    return recent.p99();
  }

  /** The same of the store's operations. */
  public Optional<Duration> storeP99() {
    return recentStore.p99();
  }

  /**
   * How many percent of the last ten seconds' logins failed for want of the store; empty where too
   * few were tried. What a caller did wrong does not count, or anybody could raise it.
   */
  public Optional<Integer> loginErrors() {
    return recentLogins.percent();
  }

  @Override
  public void login(String result) {
    loginCounter(result).increment();
    switch (result) {
      case "issued" -> recentLogins.record(false);
      case "unavailable" -> recentLogins.record(true);
      default -> {}
    }
  }

  private Counter loginCounter(String result) {
    return counter("symbolon.logins", "Requests for a session", "result", result);
  }

  @Override
  public void logout(String scope) {
    logoutCounter(scope).increment();
  }

  private Counter logoutCounter(String scope) {
    return counter("symbolon.logouts", "Logouts that were acknowledged", "scope", scope);
  }

  @Override
  public void setCookie(boolean secure, boolean httpOnly, String sameSite) {
    setCookieCounter(secure, httpOnly, sameSite).increment();
  }

  private Counter setCookieCounter(boolean secure, boolean httpOnly, String sameSite) {
    return counter(
        "symbolon.set.cookie",
        "Session cookies sent, by their attributes",
        "secure",
        Boolean.toString(secure),
        "http_only",
        Boolean.toString(httpOnly),
        "same_site",
        sameSite);
  }

  @Override
  public void cookieOverPlaintext(String hop) {
    plaintextCounter(hop).increment();
  }

  private Counter plaintextCounter(String hop) {
    return counter(
        "symbolon.cookie.over.plaintext", "Session cookies that came in plaintext", "hop", hop);
  }

  @Override
  public void cookieHeaderBytes(int bytes) {
    cookieHeader.record(bytes);
  }

  @Override
  public void store(String operation, String outcome, Duration took) {
    recentStore.record(took.toNanos(), System.nanoTime());
    timer(
            "symbolon.store.duration",
            "Time of an operation of the store",
            "operation",
            operation,
            "outcome",
            outcome)
        .record(took);
  }

  @Override
  public void rotated(RotationOutcome outcome, String gateway) {
    rotationCounter(outcome, gateway).increment();
  }

  private Counter rotationCounter(RotationOutcome outcome, String gateway) {
    return counter(
        "symbolon.rotation",
        "What became of session IDs at a use",
        "outcome",
        outcome.code(),
        "gateway",
        gateway);
  }

  @Override
  public void replaySuspected(String signal) {
    replayCounter(signal).increment();
  }

  private Counter replayCounter(String signal) {
    return counter(
        "symbolon.replay.suspected",
        "Replaced IDs that came back, by what differed of their presenter, and sessions that"
            + " several seem to use",
        "signal",
        signal);
  }

  @Override
  public void renewed(String by) {
    renewalCounter(by).increment();
  }

  private Counter renewalCounter(String by) {
    return counter("symbolon.renewals", "Sessions that got a new ID, by what gave it", "by", by);
  }

  @Override
  public void unproved(String binding, String reason, String reaction) {
    counter(
            "symbolon.binding.unproved",
            "Requests that did not prove what their session is bound to, or come from elsewhere",
            "binding",
            binding,
            "reason",
            reason,
            "reaction",
            reaction)
        .increment();
  }

  /**
   * Counts what a receiver of events said.
   *
   * @param outcome {@code TAKEN}, {@code REFUSED} or {@code UNANSWERED}
   * @param since how long ago what it was told of happened
   */
  public void told(String receiver, String outcome, Duration since) {
    counter(
            "symbolon.receiver.answers",
            "What receivers of events said to each attempt to tell them",
            "receiver",
            receiver,
            "outcome",
            outcome.toLowerCase(Locale.ROOT))
        .increment();
    delays.computeIfAbsent(receiver, this::delay).set(since.toMillis());
  }

  private AtomicLong delay(String receiver) {
    AtomicLong millis = new AtomicLong();
    Gauge.builder("symbolon.receiver.delay", millis, m -> m.get() / 1e3)
        .description("How long ago that happened which a receiver was told of last, or is yet")
        .baseUnit("seconds")
        .tag("receiver", receiver)
        .register(registry);
    return millis;
  }

  @Override
  public void forwardedIgnored() {
    forwardedIgnored.increment();
  }

  private Counter counter(String name, String description, String... labels) {
    Series series = Series.of(name, labels);
    Counter known = counters.get(series);
    return known != null
        ? known
        : counters.computeIfAbsent(
            series,
            _ ->
                Counter.builder(name)
                    .description(description)
                    .tags(Tags.of(labels))
                    .register(registry));
  }

  private Timer timer(String name, String description, String... labels) {
    Series series = Series.of(name, labels);
    Timer known = timers.get(series);
    return known != null
        ? known
        : timers.computeIfAbsent(
            series,
            _ ->
                Timer.builder(name)
                    .description(description)
                    .tags(Tags.of(labels))
                    .serviceLevelObjectives(LATENCIES)
                    .register(registry));
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
