package org.symbolon.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * A histogram that costs a request two additions. The registry's own keeps a maximum and a moving
 * window as well, which nobody asks for, and costs as much as the rest of a validate from memory.
 */
final class Histogram implements Collector {
  private final String name;
  private final String description;
  private final double unit;
  private final long[] bounds;
  private final ConcurrentMap<Labels, Series> series = new ConcurrentHashMap<>();

  /**
   * @param name with its unit, as Prometheus has it
   * @param unit what a value of 1 is in that unit
   * @param bounds the buckets' inclusive upper bounds, ascending; one without a bound follows
   */
  Histogram(String name, String description, double unit, long... bounds) {
    this.name = name;
    this.description = description;
    this.unit = unit;
    this.bounds = bounds.clone();
  }

  /** The series of these labels, names and values in turn. */
  Series of(String... labels) {
    return series.computeIfAbsent(Labels.of(labels), _ -> new Series());
  }

  /** What was recorded under the same labels. */
  final class Series {
    private final List<LongAdder> counts =
        Stream.generate(LongAdder::new).limit(bounds.length + 1L).toList();
    private final LongAdder sum = new LongAdder();

    private Series() {}

    /**
     * @param value 0 or more
     */
    void record(long value) {
      int bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]) {
        bucket++;
      }
      counts.get(bucket).increment();
      sum.add(value);
    }

    private HistogramDataPointSnapshot point(Labels labels) {
      double[] upper =
          Arrays.copyOf(Arrays.stream(bounds).mapToDouble(b -> b * unit).toArray(), counts.size());
      upper[bounds.length] = Double.POSITIVE_INFINITY;
      return HistogramDataPointSnapshot.builder()
          .labels(labels)
          .classicHistogramBuckets(
              ClassicHistogramBuckets.of(
                  upper, counts.stream().mapToLong(LongAdder::sum).toArray()))
          .sum(sum.sum() * unit)
          .build();
    }
  }

  @Override
  public HistogramSnapshot collect() {
    HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder().name(name).help(description);
    series.forEach((labels, values) -> snapshot.dataPoint(values.point(labels)));
    return snapshot.build();
  }
}
