package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Compares a validate over HTTP with what others do for a request with a session. All run at once,
 * warmed up, and are asked in turn, so that whatever else the machine does meets them alike; what
 * counts are the ratios. Arguments: the project's folder, rounds, seconds of a run, names (all).
 */
final class HttpBenchmark {
  private static final int WARM_UP_SECONDS = 5;
  private static final int MOST_WARM_UPS = 12;

  /** A run that is this much of the one before is not faster. */
  private static final double STEADY = 0.95;

  private HttpBenchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path root = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    List<Contender> contenders =
        Contenders.all(root).stream()
            .filter(c -> args.length == 3 || List.of(args).indexOf(c.name()) >= 3)
            .toList();
    Path folder = Files.createTempDirectory("symbolon-http-benchmark");
    Map<String, Contender.Running> running = new LinkedHashMap<>();
    try (Server redis = RedisServer.start(folder)) {
      Load load = new Load(folder);
      for (Contender contender : contenders) {
        Contender.Running started = contender.start(redis.port(), folder);
        running.put(contender.name(), started);
        try {
          warmUp(load, contender.name(), started);
        } catch (IllegalStateException e) {
          if (running.size() == 1) {
            throw e;
          }
          // A peer that refuses what it is asked is no measure, and no reason to measure none.
          System.out.printf("%s is left out: %s%n", contender.name(), e.getMessage());
          started.server().close();
          running.remove(contender.name());
        }
      }
      Map<String, List<Load.Seen>> seen = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<String, Contender.Running> entry : running.entrySet()) {
          Load.Seen run = load.run(entry.getKey(), entry.getValue(), seconds);
          seen.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(run);
        }
      }
      print(seen);
    } finally {
      running.values().forEach(r -> r.server().close());
    }
  }

  /** Until it gets no faster: what the compiler spends is no part of a request. */
  private static void warmUp(Load load, String name, Contender.Running running)
      throws IOException, InterruptedException {
    double before = Double.MAX_VALUE;
    for (int i = 0; i < MOST_WARM_UPS; i++) {
      double now = load.run(name, running, WARM_UP_SECONDS).cpuMicros();
      if (now > before * STEADY) {
        return;
      }
      before = now;
    }
  }

  /** The first contender's advantage over each is the median of the rounds' ratios. */
  private static void print(Map<String, List<Load.Seen>> seen) {
    System.out.println(
        "| service | requests/s | p50 ms | p99 ms | CPU us/request | least |"
            + " throughput, the first is x times it | CPU, the first is x times it |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    List<Load.Seen> first = seen.values().iterator().next();
    seen.forEach(
        (name, runs) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                name,
                median(runs, Load.Seen::perSecond),
                median(runs, Load.Seen::p50Millis),
                median(runs, Load.Seen::p99Millis),
                median(runs, Load.Seen::cpuMicros),
                runs.stream().mapToDouble(Load.Seen::cpuMicros).min().orElseThrow(),
                ratio(first, runs, (a, b) -> a.perSecond() / b.perSecond()),
                ratio(first, runs, (a, b) -> b.cpuMicros() / a.cpuMicros())));
  }

  @FunctionalInterface
  private interface Ratio {
    double of(Load.Seen first, Load.Seen other);
  }

  private static double ratio(List<Load.Seen> first, List<Load.Seen> other, Ratio ratio) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      ratios.add(ratio.of(first.get(i), other.get(i)));
    }
    return median(ratios, r -> r);
  }

  static <T> double median(List<T> runs, ToDoubleFunction<T> of) {
    double[] sorted = runs.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
