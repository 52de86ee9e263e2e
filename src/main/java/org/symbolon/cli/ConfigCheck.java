package org.symbolon.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.symbolon.config.Configuration;
import org.symbolon.config.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = "Say whether the configuration may start, and everything that is wrong with it.",
    mixinStandardHelpOptions = true)
final class ConfigCheck implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCheck(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try {
      Configuration configuration = options.read(environment);
      configuration
          .warnings()
          .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
      spec.commandLine()
          .getOut()
          .println(
              "good: "
                  + options.file(environment).map(Object::toString).orElse("no file, defaults"));
      return 0;
    } catch (Refusal refusal) {
      return Refusals.print(refusal, spec.commandLine().getErr());
    }
  }
}
