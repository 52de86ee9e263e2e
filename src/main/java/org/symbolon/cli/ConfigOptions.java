package org.symbolon.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.symbolon.config.Configuration;
import org.symbolon.config.Refusal;
import picocli.CommandLine.Option;

/** Where settings come from, for every command that needs them. */
final class ConfigOptions {
  private static final Path USUAL = Path.of("symbolon.yaml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file; SYMBOLON_CONFIG, or symbolon.yaml here, without it.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting by its dotted name; wins over environment and file. Repeatable.")
  private Map<String, String> flags = new LinkedHashMap<>();

  ConfigOptions() {}

  ConfigOptions(Optional<Path> file, Map<String, String> flags) {
    this.file = file;
    this.flags = flags;
  }

  Configuration read(Map<String, String> environment) throws Refusal {
    return Configuration.read(file(environment), environment, flags);
  }

  Optional<Path> file(Map<String, String> environment) {
    return file.or(() -> Optional.ofNullable(environment.get("SYMBOLON_CONFIG")).map(Path::of))
        .or(() -> Files.exists(USUAL) ? Optional.of(USUAL) : Optional.empty());
  }
}
