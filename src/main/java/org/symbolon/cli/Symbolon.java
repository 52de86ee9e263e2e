package org.symbolon.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.symbolon.cli.gateway.GatewayCheck;
import org.symbolon.cli.gateway.GatewayRender;
import org.symbolon.cli.operator.AuditCommands;
import org.symbolon.cli.operator.BindingReport;
import org.symbolon.cli.operator.CampaignCommands;
import org.symbolon.cli.operator.SessionCommands;
import org.symbolon.config.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command and its exit codes: 0 done, 1 failed, 2 wrong usage or a configuration that must not
 * start. Commands that ask the admin listener: 3 there is no such thing, 4 refused in this state, 5
 * somebody else has to approve first, 6 not permitted, 7 no answer.
 */
@Command(
    name = "symbolon",
    description = "Session-token service: opaque session IDs, state in Redis.",
    mixinStandardHelpOptions = true,
    versionProvider = Symbolon.Version.class,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or an audit chain that is broken",
      "2:wrong usage, or a configuration that must not start",
      "3:there is no such session or campaign",
      "4:refused as things stand; the message says why",
      "5:somebody else has to approve it first",
      "6:not permitted: the credential, its scope or its tenants",
      "7:no answer; nothing is known to have changed"
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Symbolon implements Runnable {
  static final int FAILED = 1;
  static final int REFUSED = 2;

  /** It has to know all. */
  private static final String COMPLETION = "completion";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Builds the command line of all commands; see the other. */
  public static CommandLine commandLine(
      Map<String, String> environment, Server server, KeyRings rings) {
    return commandLine("", environment, server, rings);
  }

  /**
   * Builds the command line. Where a command is named first it knows that one alone: each costs a
   * start its time.
   *
   * @param first the first argument, or an empty text
   * @param environment the process's environment
   * @param server runs the service until it is told to end
   * @param rings makes and changes key rings
   */
  public static CommandLine commandLine(
      String first, Map<String, String> environment, Server server, KeyRings rings) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", () -> new Serve(environment, server));
    commands.put(
        "config", () -> group("What is set, and what is wrong.", new ConfigCheck(environment)));
    commands.put("key", () -> group("The key ring.", KeyCommands.all(environment, rings)));
    commands.put(
        "gateway",
        () -> group("Gateways in front of applications.", new GatewayRender(), new GatewayCheck()));
    commands.put("session", () -> group("One session.", SessionCommands.ofSessions(environment)));
    commands.put(
        "subject",
        () -> group("The sessions of one subject.", SessionCommands.ofSubjects(environment)));
    commands.put(
        "campaign",
        () -> group("Forced logout of many sessions.", CampaignCommands.all(environment)));
    commands.put(
        "bindings", () -> group("What sessions are held to.", new BindingReport(environment)));
    commands.put("audit", () -> group("What is in audit files.", AuditCommands.all()));
    commands.put("health", () -> new Health(environment));
    commands.put(COMPLETION, Completion::new);
    CommandLine line = new CommandLine(new Symbolon());
    boolean isOne = commands.containsKey(first) && !first.equals(COMPLETION);
    commands.forEach(
        (name, command) -> {
          if (!isOne || name.equals(first)) {
            line.addSubcommand(name, command.get());
          }
        });
    return line.setParameterExceptionHandler(Symbolon::misused)
        .setExecutionExceptionHandler(Symbolon::failed);
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

  /** In a few lines: what is wrong must not scroll away before all that could be right. */
  private static int misused(CommandLine.ParameterException e, String... args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("symbolon: " + e.getMessage());
    if (line.getSubcommands().isEmpty()) {
      if (e instanceof CommandLine.MissingParameterException
          && !line.getUnmatchedArguments().isEmpty()) {
        err.println("  unknown: " + String.join(" ", line.getUnmatchedArguments()));
      }
      CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
      err.println("  see:  " + line.getCommandSpec().qualifiedName() + " --help");
    } else {
      line.usage(err);
    }
    err.flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    return failed(e, line.getErr());
  }

  static int failed(Exception e, PrintWriter err) {
    err.println("symbolon: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
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
