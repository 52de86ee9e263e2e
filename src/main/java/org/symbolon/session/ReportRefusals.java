package org.symbolon.session;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Tells operators what stricter rungs would refuse, so that they dare to switch them on. */
public final class ReportRefusals {
  private final Policy policy;
  private final RefusalReports reports;

  public ReportRefusals(Policy policy, RefusalReports reports) {
    this.policy = policy;
    this.reports = reports;
  }

  /** The outcome. */
  public sealed interface Outcome permits Told, Unavailable {}

  /**
   * @param since the beginning of the first hour
   */
  public record Told(Instant since, List<Line> lines) implements Outcome {
    public Told {
      lines = List.copyOf(lines);
    }
  }

  /** A line of the report, and the rung that is in force now on this node. */
  public record Line(RefusalReports.Line counts, BindingPolicy.Rung rung) {}

  /**
   * Reports of the last hours, the one that is under way included.
   *
   * @param tenants those whose lines the caller may see
   */
  public CompletionStage<Outcome> last(int hours, Predicate<Tenant> tenants) {
    return reports
        .last(hours)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case RefusalReports.Report(Instant since, List<RefusalReports.Line> lines) ->
                      new Told(
                          since,
                          lines.stream()
                              .filter(line -> tenants.test(line.tenant()))
                              .map(line -> new Line(line, rung(line)))
                              .toList());
                  case Unavailable outage -> outage;
                });
  }

  private BindingPolicy.Rung rung(RefusalReports.Line line) {
    BindingPolicy bindings = policy.binding(line.tenant());
    for (Binding.Kind kind : Binding.Kind.values()) {
      if (kind.code().equals(line.signal())) {
        return bindings.rung(kind);
      }
    }
    for (Signal signal : Signal.values()) {
      if (signal.code().equals(line.signal())) {
        return policy.signals(line.tenant()).rung(signal);
      }
    }
    return bindings.required() ? bindings.strictest() : BindingPolicy.Rung.OFF;
  }
}
