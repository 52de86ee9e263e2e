package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long an installed node takes from its start to the first validate of a good session, and what
 * memory it has when nothing happens; with and without the cache of its classes, in turn.
 * Arguments: the installed folder, rounds.
 */
final class StartBenchmark {
  private static final int IDLE_SECONDS = 15;

  /** As the JVM chooses them in a container of 512 MB with one or two cores. */
  private static final String SMALL = "-XX:+UseSerialGC -XX:MaxRAM=512m";

  private StartBenchmark() {}

  private record Seen(long millis, long residentMib) {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path home = Path.of(args[0]).toAbsolutePath();
    int rounds = Integer.parseInt(args[1]);
    Path folder = Files.createTempDirectory("symbolon-start-benchmark");
    Path cache = home.resolve("symbolon.aot");
    Path aside = home.resolve("symbolon.aot.aside");
    List<Seen> free = new ArrayList<>();
    List<Seen> with = new ArrayList<>();
    List<Seen> without = new ArrayList<>();
    try (Server redis = RedisServer.start(folder)) {
      Map<String, String> environment = new HashMap<>(Contenders.symbolon(0, redis.port()));
      environment.put("JDK_JAVA_OPTIONS", SMALL);
      environment.put("SYMBOLON_DRAIN_DELAY", "0s");
      String cookie;
      try (Server server = start(home, environment, folder, true)) {
        cookie = server.answering("/v1/validate").begin(Contenders.issue(server, 0));
      }
      for (int round = 0; round < rounds; round++) {
        free.add(measure(home, environment, folder, false, cookie));
        with.add(measure(home, environment, folder, true, cookie));
        Files.move(cache, aside);
        try {
          without.add(measure(home, environment, folder, true, cookie));
        } finally {
          Files.move(aside, cache);
        }
      }
    }
    System.out.println("| start | first validate, ms | least | resident at idle, MiB |");
    System.out.println("|---|---:|---:|---:|");
    print("with symbolon.aot, on any core", free);
    print("with symbolon.aot, on one core", with);
    print("without, on one core", without);
  }

  private static Server start(
      Path home, Map<String, String> environment, Path folder, boolean isPinned)
      throws IOException {
    int port = Server.freePort();
    environment.put("SYMBOLON_PUBLIC_PORT", Integer.toString(port));
    List<String> command = List.of(home + "/bin/symbolon", "serve");
    return Server.onAnyCore(
        "start", port, environment, folder, isPinned ? Cores.first(command) : command);
  }

  private static Seen measure(
      Path home, Map<String, String> environment, Path folder, boolean isPinned, String cookie)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (Server server = start(home, environment, folder, isPinned)) {
      HttpRequest.Builder validate = server.request("/v1/validate").header("Cookie", cookie);
      server.awaitConnection(2);
      int status = 0;
      while (status != 200) {
        status = server.send(validate).statusCode();
      }
      long millis = (System.nanoTime() - begin) / 1_000_000;
      Thread.sleep(IDLE_SECONDS * 1000L);
      return new Seen(millis, server.residentMib());
    }
  }

  private static void print(String what, List<Seen> seen) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %d | %.0f |%n",
        what,
        HttpBenchmark.median(seen, Seen::millis),
        seen.stream().mapToLong(Seen::millis).min().orElseThrow(),
        HttpBenchmark.median(seen, Seen::residentMib));
  }
}
