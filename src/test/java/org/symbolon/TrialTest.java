package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, as a process: what it prints works as it stands. */
class TrialTest {
  @TempDir private Path folder = Path.of("");

  private ServiceProcess trial() throws IOException {
    return new ServiceProcess(
        folder,
        List.of(),
        Map.of("public.port", "0", "admin.port", "0", "management.port", "0"),
        printed -> curlLines(printed).size() == 3);
  }

  private static List<String> curlLines(List<String> printed) {
    return printed.stream().filter(line -> line.startsWith("curl ")).toList();
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
    try (ServiceProcess trial = trial()) {
      assertThat(trial.printed()).anyMatch(line -> line.contains("trying out"));
      List<String> lines = curlLines(trial.printed());
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
    try (ServiceProcess trial = trial()) {
      assertThat(shell(curlLines(trial.printed()).get(0))).contains("alice");
      validate = curlLines(trial.printed()).get(1);
    }
    try (ServiceProcess again = trial()) {
      String cookie = shell("awk '$6 == \"__Host-sid\" {print $7}' jar").strip();
      String port = curlLines(again.printed()).get(1).replaceAll(".*localhost:(\\d+).*", "$1");
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
