package org.symbolon.cli;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "new",
    description = "Print a key ring with fresh keys, for keys.file. Keep it secret, and keep it.",
    mixinStandardHelpOptions = true)
final class KeyNew implements Callable<Integer> {
  private final Supplier<String> newKeyRing;

  @Spec private CommandSpec spec = CommandSpec.create();

  KeyNew(Supplier<String> newKeyRing) {
    this.newKeyRing = newKeyRing;
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(newKeyRing.get());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
