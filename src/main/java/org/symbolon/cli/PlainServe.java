package org.symbolon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code serve} with nothing but settings, as services are started: without the parser of all
 * commands, which takes a third of a second and more memory than a node at rest has to spare.
 */
public final class PlainServe {
  /**
   * Runs the service until it is told to end.
   *
   * @return the exit code; empty where there is something else among the arguments, which {@link
   *     Symbolon#commandLine} has to judge
   */
  public static OptionalInt run(
      String[] args,
      Map<String, String> environment,
      Symbolon.Server server,
      PrintWriter out,
      PrintWriter err) {
    return options(args)
        .map(options -> OptionalInt.of(Serve.run(options, environment, server, out, err)))
        .orElseGet(OptionalInt::empty);
  }

  private static Optional<ConfigOptions> options(String[] args) {
    if (args.length % 2 == 0 || !args[0].equals("serve")) {
      return Optional.empty();
    }
    Optional<Path> file = Optional.empty();
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 1; i < args.length; i += 2) {
      String value = args[i + 1];
      int equals = value.indexOf('=');
      if (args[i].equals("--set") && equals > 0 && value.charAt(0) != '-') {
        flags.put(value.substring(0, equals), value.substring(equals + 1));
      } else if (args[i].equals("--config") && file.isEmpty() && !value.startsWith("-")) {
        file = Optional.of(Path.of(value));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new ConfigOptions(file, flags));
  }

  private PlainServe() {}
}
