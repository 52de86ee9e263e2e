package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Ran;
import org.symbolon.cli.Symbolon;
import org.symbolon.faults.Relay;
import org.symbolon.redis.RedisServers;
import org.symbolon.telemetry.Logging;

/** A list of leaked IDs ends their sessions, and no byte of an ID goes beyond its reader. */
class LeakedIdsTest {
  private static final String JUNK = "cookie of somebody: 0123456789";

  @TempDir private Path folder = Path.of("");
  private final Canaries canaries = new Canaries();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private final StringBuilder printed = new StringBuilder();

  @BeforeEach
  void writeKey() throws IOException {
    Files.writeString(folder.resolve("me.txt"), TestNode.CREDENTIAL);
  }

  private Ran run(int port, String input, String... args) {
    Map<String, String> environment =
        Map.of(
            "SYMBOLON_ADMIN",
            "http://127.0.0.1:" + port,
            "SYMBOLON_ADMIN_KEY_FILE",
            folder.resolve("me.txt").toString());
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      Ran ran = Ran.of(Symbolon.commandLine(environment, (_, _) -> {}, new NoRings()), args);
      printed.append(ran.out()).append(ran.err());
      return ran;
    } finally {
      System.setIn(before);
    }
  }

  private static String[] plan(String... more) {
    return Stream.concat(
            Stream.of("campaign", "plan", "--cause", "token_theft", "--ticket", "INC-1"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private static int validate(TestNode node, String id) {
    return node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
  }

  private static String refreshed(TestNode node, String id) {
    return Client.sessionId(
            node.client().send("POST", "/v1/session/refresh", "", Client.cookie(id)))
        .orElseThrow();
  }

  @Test
  void endsTheirSessionsAndShowsThemNowhere() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of("log.level", "debug"));
        Relay relay = new Relay(node.node().adminPort(), wire)) {
      String alice = node.login("alice");
      String before = node.login("bob");
      String bob = refreshed(node, before);
      String carol = node.login("carol");
      String dead = node.login("dave");
      node.client().send("POST", "/v1/logout", "", Client.cookie(dead));
      for (String id : List.of(alice, before, bob, carol, dead)) {
        canaries.add(id);
      }
      String list = alice + "\n\n" + JUNK + "\n" + before + "\n" + dead + "\n" + alice + "\n";

      Ran refused = run(relay.port(), list, plan("--leaked", "-"));
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("line 3", "--skip-junk").doesNotContain("somebody");
      Ran raw = run(relay.port(), "", plan("-w", "leaked=" + alice));
      assertThat(raw.code()).isEqualTo(2);
      assertThat(wire.size()).as("nothing was asked").isZero();

      Ran planned = run(relay.port(), list, plan("--values", "leaked=-", "--skip-junk"));
      assertThat(planned.code()).as(planned.err()).isZero();
      assertThat(planned.err()).contains("left out", "line 3");
      assertThat(planned.out()).contains("3, 2 of live sessions", "2 of 2 subjects");
      String id = planned.out().substring(0, planned.out().indexOf(' '));
      String digest = planned.out().replaceAll("(?s).*\n +digest +(\\S+).*", "$1");
      Ran started = run(relay.port(), "", "campaign", "start", id, "--digest", digest);
      assertThat(started.code()).as(started.err()).isZero();
      RedisServers.await(
          () -> run(relay.port(), "", "campaign", "list").out().contains("completed"));
      assertThat(List.of(alice, bob, before)).allMatch(s -> validate(node, s) == 401);
      assertThat(validate(node, carol)).isEqualTo(200);
      Ran report = run(relay.port(), "", "campaign", "report", id);
      assertThat(report.out()).contains("of 3 leaked IDs 2 of live sessions; 2 sessions");

      Logging.flush();
      Canaries sure = new Canaries();
      sure.add(alice);
      assertThat(sure.findIn(list.getBytes(StandardCharsets.US_ASCII))).isNotEmpty();
      assertThat(wire.size()).isPositive();
      assertThat(canaries.findIn(wire.toByteArray())).as("the wire").isEmpty();
      assertThat(canaries.findIn(bytes(printed.toString()))).as("what was printed").isEmpty();
      assertThat(canaries.findIn(Canaries.stored(servers))).as("Redis").isEmpty();
      assertThat(canaries.findIn(files())).as("audit and evidence").isEmpty();
    } finally {
      System.setOut(console);
    }
    assertThat(logged.size()).isPositive();
    assertThat(canaries.findIn(logged.toByteArray())).as("logs").isEmpty();
    assertThat(printed + wire.toString(StandardCharsets.UTF_8)).doesNotContain(JUNK);
  }

  @Test
  void aListOfIdsThatNobodyHasPlansForNobody() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of())) {
      String alice = node.login("alice");
      int port = node.node().adminPort();
      Ran planned = run(port, "F" + "a".repeat(35) + "\n", plan("--leaked", "-"));
      assertThat(planned.code()).as(planned.err()).isZero();
      assertThat(planned.out()).contains("1, 0 of live sessions", "0 of 0 subjects");
      assertThat(run(port, " \n", plan("--leaked", "-")).err()).contains("nobody is meant by it");
      assertThat(validate(node, alice)).isEqualTo(200);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * All that the node wrote in its folder; without hashes, in which anything is found by chance.
   */
  private byte[] files() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        all.writeBytes(bytes(Files.readString(file).replaceAll("[0-9a-f]{64}", "")));
      }
    }
    assertThat(all.size()).isPositive();
    return all.toByteArray();
  }
}
