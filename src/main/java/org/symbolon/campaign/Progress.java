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
  /** Over how long the rate is averaged. */
  private static final double AVERAGED_NANOS = 5e9;

  static Progress begin(Instant now, String node) {
    return new Progress("", 0, 0, 0, 0, 0, now, node);
  }

  /** Where some more were ended. */
  Progress with(Sweep.Ended more) {
    return new Progress(
        position,
        scanned,
        ended + more.ended(),
        gone + more.gone(),
        notDurable + more.notDurable(),
        rate,
        begun,
        node);
  }

  /** Past some sessions. */
  Progress past(String next, int sessions) {
    return new Progress(next, scanned + sessions, ended, gone, notDurable, rate, begun, node);
  }

  /** Having looked at some of its sessions within a time. */
  Progress within(int sessions, long nanos) {
    long now = rate(rate, sessions, nanos);
    return new Progress(position, scanned, ended, gone, notDurable, now, begun, node);
  }

  /**
   * The rate lately, each moment with the same weight however long a batch takes.
   *
   * @param before 0 where nothing is known
   * @return sessions looked at a second
   */
  static long rate(long before, int sessions, long takenNanos) {
    double now = sessions * 1e9 / Math.max(1, takenNanos);
    double weight = before == 0 ? 1 : 1 - Math.exp(-takenNanos / AVERAGED_NANOS);
    return Math.round(before + (now - before) * weight);
  }

  /** The same where another node goes on. */
  Progress by(String other) {
    return new Progress(position, scanned, ended, gone, notDurable, rate, begun, other);
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
