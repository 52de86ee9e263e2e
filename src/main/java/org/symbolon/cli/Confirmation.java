package org.symbolon.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Has a person type what a large act is about. */
public final class Confirmation {
  private Confirmation() {}

  /**
   * Returns where the right text was typed or given.
   *
   * @param given by {@code --confirm}, as programs do
   * @throws ParameterException where it was another, or nobody is there to be asked
   */
  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null again where no terminal is.
  public static void demand(
      CommandSpec spec, Optional<String> given, String right, String question) {
    Console console = System.console();
    String typed =
        given.orElseGet(
            () -> {
              if (console == null || !console.isTerminal()) {
                throw new ParameterException(
                    spec.commandLine(),
                    question + ": --confirm needed, since nobody can be asked here");
              }
              return Optional.ofNullable(console.readLine("%s: ", question)).orElse("");
            });
    if (!typed.strip().equals(right)) {
      throw new ParameterException(
          spec.commandLine(), "not confirmed, nothing is done; it takes " + right);
    }
  }
}
