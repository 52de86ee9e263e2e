package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The service in a process of its own. */
public final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final boolean isWrapped;
  private final List<String> printed = new ArrayList<>();

  /**
   * Starts one and reads what it prints.
   *
   * @param through a command that runs it; empty for none
   * @param isEnough whether it printed all that is waited for
   */
  ServiceProcess(
      Path folder,
      List<String> through,
      Map<String, String> settings,
      Predicate<List<String>> isEnough)
      throws IOException {
    isWrapped = !through.isEmpty();
    List<String> command = new ArrayList<>(through);
    command.addAll(command(settings));
    process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      printed.add(line.strip());
      if (isEnough.test(printed)) {
        break;
      }
    }
    Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
  }

  /** What starts one, from any folder. */
  public static List<String> command(Map<String, String> settings) {
    return command(settings, List.of());
  }

  /**
   * The same, of a build in which some classes are others.
   *
   * @param first folders of classes that come before the service's own
   */
  public static List<String> command(Map<String, String> settings, List<Path> first) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Stream.concat(
                        first.stream(),
                        Stream.of(
                                System.getProperty("java.class.path").split(File.pathSeparator, -1))
                            .map(Path::of))
                    .map(part -> part.toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator)),
                "org.symbolon.Main",
                "serve"));
    settings.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    return command;
  }

  /** Ends a process without a word, and waits until it is gone. */
  public static void kill(Process process) {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<String> printed() {
    return printed;
  }

  @Override
  public void close() throws Exception {
    // Not Process.destroy, which closes what is still read; and a command that runs it does not
    // pass a signal on.
    (isWrapped ? process.children() : Stream.of(process.toHandle()))
        .forEach(ProcessHandle::destroy);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
