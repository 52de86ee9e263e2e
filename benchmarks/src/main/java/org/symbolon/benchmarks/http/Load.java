package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Requests by wrk, one under way on each connection. */
final class Load {
  private static final int ERRORS_ARE_ONE_IN = 1_000;

  private static final int CONNECTIONS = 32;

  /**
   * What was seen in one run.
   *
   * @param cpuMicros the server's processor time for each request
   */
  record Seen(double perSecond, double p50Millis, double p99Millis, double cpuMicros) {}

  private final Path script;
  private final Path folder;

  Load(Path folder) throws IOException {
    this.folder = folder;
    this.script = folder.resolve("wrk.lua");
    try (InputStream in = Load.class.getResourceAsStream("/wrk.lua")) {
      Files.copy(in, script);
    }
  }

  Seen run(String name, Contender.Running running, int seconds)
      throws IOException, InterruptedException {
    return run(name, running, CONNECTIONS, seconds);
  }

  Seen run(String name, Contender.Running running, int connections, int seconds)
      throws IOException, InterruptedException {
    Path cookies = folder.resolve(name.replace(' ', '-') + ".cookies");
    Files.write(cookies, running.requests().get());
    double before = running.server().cpuSeconds();
    Process wrk =
        new ProcessBuilder(
                Cores.second(
                    List.of(
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "-s",
                        script.toString(),
                        running.server().origin(),
                        "--",
                        cookies.toString(),
                        running.path())))
            .redirectErrorStream(true)
            .start();
    String out = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    wrk.waitFor();
    double cpu = running.server().cpuSeconds() - before;
    String[] result =
        out.lines()
            .filter(line -> line.startsWith("RESULT "))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("wrk: " + out))
            .split(" ");
    long requests = Long.parseLong(result[1]);
    // Refusals would look fast; a connection that a gateway recycles under a request does not.
    if (requests == 0 || Long.parseLong(result[5]) * ERRORS_ARE_ONE_IN > requests) {
      throw new IllegalStateException(name + ": errors: " + out);
    }
    return new Seen(
        requests * 1e6 / Long.parseLong(result[2]),
        Long.parseLong(result[3]) / 1e3,
        Long.parseLong(result[4]) / 1e3,
        cpu * 1e6 / requests);
  }
}
