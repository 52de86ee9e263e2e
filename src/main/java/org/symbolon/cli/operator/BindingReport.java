package org.symbolon.cli.operator;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code symbolon bindings report}. */
@Command(
    name = "report",
    description = "What enforcing refused or would have refused, by tenant and signal.",
    mixinStandardHelpOptions = true)
public final class BindingReport implements Callable<Integer> {
  @Mixin final AdminListener admin;

  @Option(names = "--hours", paramLabel = "N", defaultValue = "24", description = "24 by itself.")
  int hours = 24;

  public BindingReport(Map<String, String> environment) {
    this.admin = new AdminListener(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    return admin.shown(
        admin.ask("GET", "/admin/v1/bindings/report?hours=" + hours, ""),
        (out, report) ->
            Tables.print(
                out, report.path("refusals"), "tenant", "signal", "rung", "sessions", "requests"));
  }
}
