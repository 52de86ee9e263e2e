package org.symbolon.cli.gateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon gateway render}. */
@Command(
    name = "render",
    description = "Print a gateway's configuration with your names.",
    mixinStandardHelpOptions = true)
public final class GatewayRender implements Callable<Integer> {
  @Parameters(
      paramLabel = "GATEWAY",
      completionCandidates = Gateways.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String gateway = "";

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      description = "Write the files there instead of printing them; overwrites none.")
  private Optional<Path> to = Optional.empty();

  @Mixin private Names names = new Names();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Recipe recipe =
        Arrays.stream(Recipe.values())
            .filter(r -> r.text().equals(gateway))
            .findFirst()
            .orElseThrow(() -> wrong("GATEWAY: one of " + Gateways.list() + " needed"));
    to.ifPresent(folder -> names.liesIn(folder.toAbsolutePath().normalize().toString()));
    List<String> faults = names.faults();
    if (!faults.isEmpty()) {
      throw wrong(String.join("; ", faults));
    }
    Map<String, String> files = recipe.render(names);
    if (to.isPresent()) {
      write(files, to.get());
    } else {
      print(files);
    }
    return 0;
  }

  private CommandLine.ParameterException wrong(String fault) {
    return new CommandLine.ParameterException(spec.commandLine(), fault);
  }

  private void print(Map<String, String> files) {
    PrintWriter out = spec.commandLine().getOut();
    files.forEach(
        (name, text) -> {
          if (files.size() > 1) {
            out.println("==> " + name + " <==");
          }
          out.print(text);
        });
    out.flush();
  }

  private void write(Map<String, String> files, Path folder) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      try {
        Files.writeString(path, file.getValue(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        throw wrong("--to: " + path + " exists; move it away first");
      }
      spec.commandLine().getErr().println("wrote " + path);
    }
  }

  /** The names there are. */
  static final class Gateways implements Iterable<String> {
    static String list() {
      return Arrays.stream(Recipe.values()).map(Recipe::text).collect(Collectors.joining(", "));
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Recipe.values()).map(Recipe::text).iterator();
    }
  }
}
