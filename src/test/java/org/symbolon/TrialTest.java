package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, as a process: what it prints works as it stands. */
class TrialTest {
  @TempDir private Path folder = Path.of("");

  /** The service in a process of its own, with its printed lines up to the last curl line. */
  private final class Trial implements AutoCloseable {
    private final Process process;
    private final List<String> printed = new ArrayList<>();

    Trial() throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "org.symbolon.Main",
                  "serve",
                  "--set",
                  "public.port=0",
                  "--set",
                  "admin.port=0",
                  "--set",
                  "management.port=0")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed.add(line.strip());
        if (curlLines().size() == 3) {
          break;
        }
      }
      Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
    }

    List<String> curlLines() {
      return printed.stream().filter(line -> line.startsWith("curl ")).toList();
    }

    @Override
    public void close() throws Exception {
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private String shell(String line) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("bash", "-c", line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(line + "\n" + output).isZero();
    return output;
  }

  @Test
  void theThreePrintedLinesLogInValidateAndLogOut() throws Exception {
    try (Trial trial = new Trial()) {
      assertThat(trial.printed).anyMatch(line -> line.contains("trying out"));
      List<String> lines = trial.curlLines();
      assertThat(lines).hasSize(3);
      for (int round = 0; round < 2; round++) {
        assertThat(shell(lines.get(0))).contains("\"subject\":\"alice\"");
        assertThat(shell(lines.get(1)))
            .contains("200 OK")
            .containsIgnoringCase("X-Session-User: alice");
        assertThat(shell(lines.get(2))).contains("204 No Content");
        assertThat(shell(lines.get(1))).contains("401").contains("error=\"missing\"");
      }
    }
  }

  @Test
  void sessionsSurviveARestart() throws Exception {
    String validate;
    try (Trial trial = new Trial()) {
      assertThat(shell(trial.curlLines().get(0))).contains("alice");
      validate = trial.curlLines().get(1);
    }
    try (Trial again = new Trial()) {
      String cookie = shell("awk '$6 == \"__Host-sid\" {print $7}' jar").strip();
      String port = again.curlLines().get(1).replaceAll(".*localhost:(\\d+).*", "$1");
      assertThat(validate).contains("localhost");
      assertThat(
              shell(
                  "curl -s -i -H 'Cookie: __Host-sid="
                      + cookie
                      + "' http://localhost:"
                      + port
                      + "/v1/validate"))
          .contains("200 OK")
          .containsIgnoringCase("X-Session-User: alice");
    }
  }
}
