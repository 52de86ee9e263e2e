package org.symbolon.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.symbolon.config.Refusal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = "Run the service. Without any configuration: a trial with its own Redis.",
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Symbolon.Server server;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  Serve(Map<String, String> environment, Symbolon.Server server) {
    this.environment = environment;
    this.server = server;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    return run(options, environment, server, line.getOut(), line.getErr());
  }

  /** Runs the service until it is told to end; the exit code. */
  static int run(
      ConfigOptions options,
      Map<String, String> environment,
      Symbolon.Server server,
      PrintWriter out,
      PrintWriter err) {
    try {
      server.run(options.read(environment), out);
      return 0;
    } catch (Refusal refusal) {
      return Refusals.print(refusal, err);
    } catch (Symbolon.StartFailure | RuntimeException failure) {
      return Symbolon.failed(failure, err);
    }
  }
}
