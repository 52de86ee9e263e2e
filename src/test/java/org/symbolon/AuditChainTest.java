package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Ran;
import org.symbolon.cli.Symbolon;
import org.symbolon.redis.RedisServers;

/** The audit file of real nodes, as {@code symbolon audit} sees it. */
class AuditChainTest {
  @TempDir private Path folder = Path.of("");
  private String out = "";
  private String err = "";

  private int run(String... args) {
    Ran ran = Ran.of(Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings()), args);
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  private static long lines(Path file, String what) {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().filter(line -> line.contains(what)).count()
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills a node while it writes. */
  private void logInAndKill(Map<String, String> flags, TestNode issuer, Path file)
      throws Exception {
    long before = lines(file, "session.issued");
    Process process =
        new ProcessBuilder(ServiceProcess.command(flags))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader printed = process.inputReader(StandardCharsets.UTF_8)) {
      String line = printed.readLine();
      while (line != null && !line.contains("ready: public")) {
        line = printed.readLine();
      }
      assertThat(line).isNotNull();
      try (Client client =
          new Client(Integer.parseInt(line.replaceAll(".*public (\\d+),.*", "$1")))) {
        Thread load =
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int k = 0; process.isAlive(); k++) {
                        client.send(
                            "POST",
                            "/v1/login",
                            issuer.assertion("user" + k),
                            "Content-Type",
                            "application/jwt");
                      }
                    });
        load.setUncaughtExceptionHandler((_, _) -> {});
        RedisServers.await(() -> lines(file, "session.issued") > before + 10);
        process.destroyForcibly().waitFor();
        load.join();
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void isWholeAfterAKillAndOverARename() throws Exception {
    Path file = folder.resolve("audit.jsonl");
    Path old = folder.resolve("audit.jsonl.1");
    try (RedisServers servers = RedisServers.standalone();
        TestNode other =
            TestNode.start(servers, folder, Map.of("audit.file", folder.resolve("o").toString()))) {
      Map<String, String> flags = TestNode.flags(servers, folder);
      flags.put("audit.file", file.toString());
      flags.put("log.level", "info");
      for (int i = 0; i < 2; i++) {
        logInAndKill(flags, other, file);
      }
    }
    assertThat(run("audit", "verify", file.toString())).as(err).isZero();
    assertThat(out).startsWith("whole: ");
    assertThat(lines(file, "\"audit.chain\"")).isEqualTo(2);
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of("audit.file", file.toString()))) {
      node.login("alice");
      RedisServers.await(() -> lines(file, "\"alice\"") == 1);
      Files.move(file, old);
      RedisServers.await(() -> lines(file, "renamed") == 1);
      node.login("bob");
      RedisServers.await(() -> lines(file, "\"bob\"") == 1);
    }
    String[] both = {"audit", "verify", old.toString(), file.toString()};
    assertThat(run(both)).as(err).isZero();
    assertThat(run("audit", "verify", "-o", "json", old.toString(), file.toString())).isZero();
    assertThat(out).startsWith("{\"whole\":true,");
    String checkpoint = out.replaceAll("(?s).*\"end\":\"([^\"]+)\".*", "$1");
    assertThat(run("audit", "tail", "-n", "2", file.toString())).isZero();
    assertThat(out.lines()).hasSize(2);
    assertThat(out).contains("session.issued", "bob");

    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, lines.size() - 1));
    assertThat(run(both)).isEqualTo(1);
    assertThat(err).contains("broken: " + file + ": ends with the sequence number");
    Files.delete(folder.resolve("audit.jsonl.head"));
    assertThat(run(both)).isZero();
    assertThat(run("audit", "verify", "--checkpoint", checkpoint, old.toString(), file.toString()))
        .isEqualTo(1);
    assertThat(run("audit", "verify", "--checkpoint", "x", file.toString())).isEqualTo(2);
    assertThat(run("audit", "verify", folder.resolve("none").toString())).isEqualTo(2);
  }
}
