package org.symbolon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class SymbolonTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder = Path.of("");

  private int run(Symbolon.Server server, String... args) {
    CommandLine line = Symbolon.commandLine(Map.of(), server, new NoRings());
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true)).execute(args);
  }

  private int run(String... args) {
    return run((_, _) -> {}, args);
  }

  @Test
  void serveGivesTheServerWhatIsSet() {
    int code =
        run(
            (configuration, o) -> o.println(configuration.publicListener().port()),
            "serve",
            "--set",
            "public.port=4711");
    assertThat(code).isZero();
    assertThat(out.toString()).contains("4711");
  }

  @Test
  void knowsTheCommandAloneThatIsNamedFirstAndElseAll() {
    CommandLine all = Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings());
    assertThat(all.getSubcommands()).containsKeys("serve", "campaign", "health", "completion");
    all.getSubcommands()
        .forEach(
            (name, command) -> {
              assertThat(command.getCommandName()).isEqualTo(name);
              CommandLine one = Symbolon.commandLine(name, Map.of(), (_, _) -> {}, new NoRings());
              assertThat(one.getSubcommands().keySet())
                  .isEqualTo(
                      name.equals("completion") ? all.getSubcommands().keySet() : Set.of(name));
            });
    for (String other : List.of("", "--help", "serv")) {
      CommandLine line = Symbolon.commandLine(other, Map.of(), (_, _) -> {}, new NoRings());
      assertThat(line.getSubcommands().keySet()).isEqualTo(all.getSubcommands().keySet());
    }
  }

  @Test
  void aRefusedConfigurationEndsWithTwoAndNamesEachField() {
    assertThat(run("serve", "--set", "public.prot=1")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean public.port?").doesNotContain("\tat ");
  }

  /** The same whether the plain way takes the arguments or the parser does. */
  @Test
  void servesPlainlyWhatIsNothingButSettings() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "admin: {port: 8001}\n");
    String[] args = {
      "serve", "--set", "public.port=1", "--config", file.toString(), "--set", "public.port=4711"
    };
    Symbolon.Server server =
        (configuration, o) ->
            o.println(configuration.publicListener().port() + " " + configuration.admin().port());
    assertThat(plainly(server, args)).hasValue(0);
    assertThat(out.toString()).isEqualTo("4711 8001\n");
    assertThat(run(server, args)).isZero();
    assertThat(out.toString()).isEqualTo("4711 8001\n".repeat(2));

    String[] misspelt = {"serve", "--set", "public.prot=1"};
    assertThat(plainly(server, misspelt)).hasValue(2);
    String told = err.toString();
    assertThat(run(server, misspelt)).isEqualTo(2);
    assertThat(err.toString()).isEqualTo(told.repeat(2)).contains("did you mean public.port?");

    Symbolon.Server broken =
        (_, _) -> {
          throw new IllegalStateException("broken");
        };
    assertThat(plainly(broken, "serve")).hasValue(1);
    assertThat(err.toString()).endsWith("symbolon: broken\n");
  }

  @Test
  void leavesWhatIsElseToTheParser() {
    for (String args :
        List.of(
            "",
            "campaign",
            "serve --help",
            "serve --set",
            "serve --set port",
            "serve --set =1",
            "serve --set --config=1",
            "serve --config a --config b",
            "serve --config --set",
            "serve public.port=1 --set",
            "serve --set=public.port=1 x")) {
      assertThat(plainly((_, _) -> {}, args.isEmpty() ? new String[0] : args.split(" ", -1)))
          .as(args)
          .isEmpty();
    }
  }

  private OptionalInt plainly(Symbolon.Server server, String... args) {
    return PlainServe.run(
        args, Map.of(), server, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void aFailedStartEndsWithOneAndItsReason() {
    int code =
        run(
            (_, _) -> {
              throw new Symbolon.StartFailure("store-evicts: set maxmemory-policy noeviction");
            },
            "serve");
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("store-evicts");
  }

  @Test
  void configCheckJudgesAFileWithoutStarting() throws IOException {
    Path good = Files.writeString(folder.resolve("good.yaml"), "public: {port: 8000}\n");
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "public: {port: x}\n");
    assertThat(run("config", "check", "--config", good.toString())).isZero();
    assertThat(out.toString()).contains("good: ").contains("good.yaml");
    assertThat(run("config", "check", "--config", bad.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("public.port: a whole number needed (from ");
  }

  @Test
  void warnsWithoutRefusing() {
    assertThat(run("config", "check", "--set", "timeouts.preset=aal2", "--set", "timeouts.idle=2h"))
        .isZero();
    assertThat(err.toString()).contains("warning: timeouts.idle");
  }

  @Test
  void keyNewPrintsARing() {
    assertThat(run("key", "new")).isZero();
    assertThat(out.toString()).isEqualTo("ring\n");
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("config")).isEqualTo(2);
    assertThat(run("sevre")).isEqualTo(2);
    assertThat(err.toString()).contains("serve");
  }

  @Test
  void healthWithoutAServiceFails() throws IOException {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(run("health", "--set", "management.port=" + port)).isEqualTo(1);
    assertThat(err.toString()).contains("no answer");
  }

  @Test
  void completionIsAScriptThatBashTakes() throws Exception {
    assertThat(run("completion")).isZero();
    Path script = Files.writeString(folder.resolve("completion.sh"), out.toString());
    Process bash =
        new ProcessBuilder("bash", "-c", "source '" + script + "' && complete -p symbolon")
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    assertThat(said).contains("symbolon");
    assertThat(out.toString()).contains("campaign", "retire", "verify");
  }

  /** Every command with {@code -o}, or a command of its group. */
  static Stream<Arguments> printing() {
    return Stream.of(
            "session list alice",
            "session show x",
            "session revoke x",
            "subject sessions alice",
            "subject logout alice",
            "campaign plan --all --cause drill --ticket T",
            "campaign list",
            "campaign show x",
            "campaign approve x --digest x",
            "campaign start x --digest x",
            "campaign pause x",
            "campaign watch x",
            "campaign report x",
            "bindings report",
            "audit verify x",
            "audit tail x",
            "key list",
            "key rotate",
            "key retire 1")
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("printing")
  void anUnknownFormatIsRefusedBeforeAnythingIsDone(String command) {
    String[] args = (command + " -o yaml").split(" ");
    assertThat(run(args)).isEqualTo(2);
    assertThat(err.toString()).contains("'--output'", "table or json needed");
  }

  @Test
  void theTableOfExitCodesIsTheCommandsOwn() throws IOException {
    String table = Files.readString(Path.of("docs", "operators.md"));
    run("--help");
    List<String> told =
        out.toString()
            .lines()
            .filter(line -> line.matches(" +[0-9] .*"))
            .map(String::strip)
            .toList();
    assertThat(told).hasSize(8);
    assertThat(told).allSatisfy(line -> assertThat(table).contains("| " + line.charAt(0) + " | "));
    assertThat(table).doesNotContain("| 8 | ");
  }
}
