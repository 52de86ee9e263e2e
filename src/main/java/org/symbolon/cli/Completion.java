package org.symbolon.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Print a script by which bash and zsh complete this command:",
      "source <(symbolon completion)"
    },
    mixinStandardHelpOptions = true)
final class Completion implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(AutoComplete.bash("symbolon", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
