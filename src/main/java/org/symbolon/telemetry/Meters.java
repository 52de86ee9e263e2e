package org.symbolon.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
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
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.symbolon.session.Indicators;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;

/**
 * The meters, in the Prometheus text format. No label holds a user's or a session's name, and every
 * series that can be foreseen stands at 0 from the start, so that its first increase is seen.
 */
public final class Meters implements Indicators, AutoCloseable {
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
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final DistributionSummary cookieHeader;
  private final Counter forwardedIgnored;
  private final ConcurrentMap<Series, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<Series, Timer> timers = new ConcurrentHashMap<>();

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
    cookieHeader =
        DistributionSummary.builder("symbolon.cookie.header.bytes")
            .description("Size of the Cookie fields of a request")
            .serviceLevelObjectives(64, 256, 1024, 2048, 4096, 8192, 16384)
            .register(registry);
    forwardedIgnored =
        Counter.builder("symbolon.forwarded.ignored")
            .description("Requests of untrusted peers whose forwarded headers were not believed")
            .register(registry);
    List<String> results = new ArrayList<>(List.of("allow", "unavailable", "plaintext"));
    for (Reason reason : Reason.values()) {
      results.add(reason.code());
    }
    for (String gateway : gateways) {
      for (String result : results) {
        validateCounter(result, gateway);
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

  /** The registry, for meters that a component binds itself. */
  public MeterRegistry registry() {
    return registry;
  }

  /** The Prometheus text exposition format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void validated(String result, String gateway, Duration took) {
    validateCounter(result, gateway).increment();
    timer("symbolon.validate.duration", "Time to answer a validate", "gateway", gateway)
        .record(took);
  }

  private Counter validateCounter(String result, String gateway) {
    return counter(
        "symbolon.validate", "Answers to validate", "result", result, "gateway", gateway);
  }

  @Override
  public void login(String result) {
    loginCounter(result).increment();
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
        "Replaced IDs that came back, by what differed of their presenter",
        "signal",
        signal);
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
