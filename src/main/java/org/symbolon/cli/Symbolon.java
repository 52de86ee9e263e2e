package org.symbolon.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.symbolon.config.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command and its exit codes: 0 done, 1 failed, 2 wrong usage or a configuration that must not
 * start.
 */
@Command(
    name = "symbolon",
    description = "Session-token service: opaque session IDs, state in Redis.",
    mixinStandardHelpOptions = true,
    versionProvider = Symbolon.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Symbolon implements Runnable {
  static final int FAILED = 1;
  static final int REFUSED = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * Builds the command line.
   *
   * @param environment the process's environment
   * @param server runs the service until it is told to end
   * @param newKeyRing the text of a key ring with fresh keys
   */
  public static CommandLine commandLine(
      Map<String, String> environment, Server server, Supplier<String> newKeyRing) {
    CommandLine line = new CommandLine(new Symbolon());
    line.addSubcommand(new Serve(environment, server));
    line.addSubcommand(
        "config", group("What is set, and what is wrong.", new ConfigCheck(environment)));
    line.addSubcommand("key", group("The key ring.", new KeyNew(newKeyRing)));
    line.addSubcommand(new Health(environment));
    return line.setExecutionExceptionHandler(Symbolon::failed);
  }

  /** Runs the service. */
  @FunctionalInterface
  public interface Server {
    /**
     * Returns when the service has ended.
     *
     * @throws StartFailure where it can't begin, in words for an operator
     */
    void run(Configuration configuration, PrintWriter out) throws StartFailure;
  }

  /** Why the service could not begin; its message says what to do. */
  public static final class StartFailure extends Exception {
    public StartFailure(String message) {
      super(message);
    }
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    line.getErr().println("symbolon: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    return FAILED;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
  }

  private static CommandLine group(String description, Object... commands) {
    CommandLine group = new CommandLine(new Group());
    group.getCommandSpec().usageMessage().description(description);
    for (Object command : commands) {
      group.addSubcommand(command);
    }
    return group;
  }

  /** Commands that belong together. */
  @Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
  private static final class Group implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Symbolon.class.getPackage().getImplementationVersion();
      return new String[] {"symbolon " + (version == null ? "(built from source)" : version)};
    }
  }
}
