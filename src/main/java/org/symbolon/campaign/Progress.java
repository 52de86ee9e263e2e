package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the work on a campaign has come. It is stored with every batch.
 *
 * @param position where the next batch begins, empty at the beginning
 * @param scanned sessions that were looked at in this pass
 * @param ended sessions that were ended
 * @param gone sessions that had ended by themselves before their turn
 * @param notDurable of those ended, how many were not acknowledged as durable
 * @param rate sessions looked at a second, lately
 * @param begun when this pass began
 * @param node which node works on it, or did last
 */
public record Progress(
    String position,
    long scanned,
    long ended,
    long gone,
    long notDurable,
    long rate,
    Instant begun,
    String node) {
  static Progress begin(Instant now, String node) {
    return new Progress("", 0, 0, 0, 0, 0, now, node);
  }

  /** The same at the beginning of another pass. */
  Progress again(Instant now, String by) {
    return new Progress("", 0, ended, gone, notDurable, rate, now, by);
  }

  /**
   * How long this pass takes yet; empty where that can't be told.
   *
   * @param scope how many sessions it has to look at
   */
  public Optional<Duration> left(long scope) {
    long rest = Math.max(0, scope - scanned);
    return rate <= 0 ? Optional.empty() : Optional.of(Duration.ofSeconds((rest + rate - 1) / rate));
  }

  String text() {
    return String.join(
        "\t",
        List.of(
            position,
            Long.toString(scanned),
            Long.toString(ended),
            Long.toString(gone),
            Long.toString(notDurable),
            Long.toString(rate),
            begun.toString(),
            node));
  }

  static Progress parse(String text) {
    String[] parts = text.split("\t", -1);
    return new Progress(
        parts[0],
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]),
        Instant.parse(parts[6]),
        parts[7]);
  }
}
