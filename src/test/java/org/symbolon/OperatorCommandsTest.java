package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The commands of docs/incident.md against a trial. */
class OperatorCommandsTest {
  @TempDir private Path folder = Path.of("");
  private String out = "";
  private String err = "";

  private int run(Node node, String... args) {
    Map<String, String> environment =
        Map.of(
            "SYMBOLON_ADMIN",
            "http://127.0.0.1:" + node.adminPort(),
            "SYMBOLON_ADMIN_KEY_FILE",
            folder.resolve("operator.txt").toString());
    Ran ran = Ran.of(Symbolon.commandLine(environment, (_, _) -> {}, new NoRings()), args);
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  private String told(String name) {
    return out.replaceAll("(?s).*\n? +" + name + " +(\\S+).*", "$1");
  }

  @Test
  void anIncidentFromThePlanToTheReport() throws Exception {
    try (Node node = Wiring.start(TestNode.trial(folder));
        Client client = new Client(node.publicPort())) {
      String alice = client.login("alice");
      String bob = client.login("bob");
      String carol = client.login("carol");
      assertThat(run(node, "subject", "sessions", "alice")).isZero();
      assertThat(out).contains("handle", "alice");
      assertThat(
              run(
                  node,
                  "campaign",
                  "plan",
                  "--cause",
                  "token_theft",
                  "--ticket",
                  "INC-4711",
                  "-w",
                  "tenant=default",
                  "-w",
                  "issued_before=2099-01-01T00:00:00Z",
                  "--except",
                  "subject=carol"))
          .as(err)
          .isZero();
      assertThat(out).contains("2 of 2 subjects", "a***").doesNotContain("alice");
      String id = out.substring(0, out.indexOf(' '));
      String digest = told("digest");
      String approver = folder.resolve("approver.txt").toString();
      assertThat(run(node, "campaign", "approve", id, "--digest", digest)).isEqualTo(4);
      assertThat(err).contains("mend: ");
      assertThat(run(node, "campaign", "approve", id, "--digest", digest, "--key-file", approver))
          .isZero();
      assertThat(run(node, "campaign", "start", id, "--digest", "0", "--dry-run")).isEqualTo(4);
      assertThat(run(node, "campaign", "start", id, "--digest", digest, "--dry-run")).isZero();
      assertThat(err).contains("nothing is started; it would log out 2 sessions, approved");
      assertThat(run(node, "campaign", "abort", id, "--dry-run")).isZero();
      assertThat(err).contains("it is approved, and could abort");
      assertThat(run(node, "campaign", "approve", id, "--digest", digest, "--dry-run"))
          .isEqualTo(4);
      assertThat(run(node, "campaign", "unfence", id, "--dry-run")).isEqualTo(4);
      assertThat(run(node, "campaign", "pause", "20260101-aaaaaa", "--dry-run")).isEqualTo(3);
      assertThat(
              run(
                  node,
                  "campaign",
                  "plan",
                  "--cause",
                  "drill",
                  "--ticket",
                  "T",
                  "--all",
                  "--dry-run"))
          .isZero();
      assertThat(out).contains("{\"criteria\":{\"all\":true}");
      assertThat(validate(client, alice)).isEqualTo(200);
      assertThat(run(node, "campaign", "start", id, "--digest", digest, "--hold")).isZero();
      RedisServers.await(() -> validate(client, alice) == 401 && validate(client, bob) == 401);
      assertThat(validate(client, carol)).isEqualTo(200);
      assertThat(run(node, "campaign", "resume", id)).isZero();
      assertThat(run(node, "campaign", "watch", id)).isZero();
      assertThat(out).contains("completed, 2 of 2 ended");
      assertThat(run(node, "campaign", "watch", id, "-o", "json")).isZero();
      assertThat(out.lines()).hasSize(1).allMatch(line -> line.startsWith("{\"id\":"));
      assertThat(run(node, "campaign", "watch", "20260101-aaaaaa")).isEqualTo(3);
      assertThat(run(node, "campaign", "report", id)).isZero();
      assertThat(out).contains("none is left", "approved by approver", "evidence");
      assertThat(run(node, "campaign", "report", id, "-o", "json")).isZero();
      assertThat(out).startsWith("{\"who\":").contains("\"complete\":true");
      assertThat(run(node, "bindings", "report", "--hours", "2")).isZero();
      assertThat(out).contains("tenant", "signal", "rung", "sessions", "requests");
      assertThat(run(node, "bindings", "report", "--hours", "0")).isEqualTo(2);
      assertThat(err).contains("at:   hours");
      assertThat(run(node, "campaign", "report", id, "--html")).isZero();
      assertThat(out)
          .startsWith("<!DOCTYPE html>")
          .contains("none is left", "INC-4711", "By when everywhere");
      assertThat(run(node, "campaign", "list")).isZero();
      assertThat(out).contains(id, "INC-4711");
      assertThat(run(node, "campaign", "unfence", id)).isEqualTo(2);
      assertThat(err).contains("failover", "--confirm needed");
      assertThat(run(node, "campaign", "unfence", id, "--confirm", "3")).isEqualTo(2);
      assertThat(run(node, "campaign", "unfence", id, "--confirm", "2")).isZero();
      assertThat(run(node, "campaign", "pause", id)).isEqualTo(4);
      assertThat(run(node, "campaign", "show", "20260101-aaaaaa")).isEqualTo(3);
      assertThat(run(node, "campaign", "show", "20260101-aaaaaa", "-o", "json")).isEqualTo(3);
      assertThat(err).startsWith("{\"type\":\"urn:symbolon:problem:").contains("\"detail\":");
      assertThat(
              run(
                  node,
                  "campaign",
                  "plan",
                  "--cause",
                  "drill",
                  "--ticket",
                  "T",
                  "-w",
                  "tenant=default",
                  "-w",
                  "asn=64496"))
          .isZero();
      assertThat(out)
          .contains(
              "nobody is meant: of 1 sessions 1 meet tenant, none meets asn (a session has it only"
                  + " where signals.asn is on)");
      assertThat(run(node, "subject", "logout", "carol", "--dry-run")).isZero();
      assertThat(validate(client, carol)).isEqualTo(200);
      assertThat(run(node, "subject", "logout", "carol")).isZero();
      assertThat(out).contains("1 ended");
      assertThat(run(node, "campaign", "plan", "--cause", "x", "--ticket", "y", "--all"))
          .isEqualTo(2);
      assertThat(err).contains("at:   cause");
      Path wrong = Files.writeString(folder.resolve("wrong.txt"), "operator." + "0".repeat(48));
      assertThat(run(node, "campaign", "list", "--key-file", wrong.toString())).isEqualTo(6);
    }
  }

  @Test
  void aStartThatContainsNobodySaysSo() throws Exception {
    try (Node node = Wiring.start(TestNode.trial(folder));
        Client client = new Client(node.publicPort())) {
      String alice = client.login("alice");
      assertThat(
              run(
                  node,
                  "campaign",
                  "plan",
                  "--cause",
                  "drill",
                  "--ticket",
                  "T",
                  "--all",
                  "--spare-nobody"))
          .as(err)
          .isZero();
      assertThat(out).contains("--hold");
      String id = out.substring(0, out.indexOf(' '));
      String before = told("digest");
      for (int i = 0; i < 11; i++) {
        client.login("bob");
      }
      assertThat(run(node, "campaign", "start", id, "--digest", before, "--hold")).isEqualTo(4);
      assertThat(err).contains("no fence stands: not started: 1 sessions when planned, 12 now");
      assertThat(run(node, "campaign", "watch", id)).isEqualTo(4);
      assertThat(validate(client, alice)).isEqualTo(200);
      assertThat(run(node, "campaign", "show", id)).isZero();
      assertThat(run(node, "campaign", "start", id, "--digest", told("digest"), "--hold")).isZero();
      RedisServers.await(() -> validate(client, alice) == 401);
    }
  }

  @Test
  void aWrongAddressOrKeyIsNamedAndNoSecretIsShown() throws Exception {
    try (Node node = Wiring.start(TestNode.trial(folder))) {
      Path ring =
          Files.writeString(folder.resolve("ring.txt"), "bucket s3cret\nkey 0 sign s3cret\n");
      for (Path file : List.of(ring, folder, folder.resolve("nothing"))) {
        assertThat(run(node, "campaign", "list", "--key-file", file.toString())).isEqualTo(2);
        assertThat(err).contains("--key-file: " + file).doesNotContain("s3cret");
      }
      for (String address : List.of("localhost:8081", "", "ftp://localhost", "http://")) {
        assertThat(run(node, "campaign", "list", "--admin", address)).as(address).isEqualTo(2);
        assertThat(err).contains("--admin: an address such as https://");
      }
      assertThat(run(node, "campaign", "plan", "--cause", "drill", "--all", "--tikcet", "T"))
          .isEqualTo(2);
      assertThat(err)
          .contains("--ticket", "unknown: --tikcet", "see:  symbolon campaign plan --help");
      assertThat(err.lines()).hasSizeLessThan(6);
      String other = "http://localhost:" + node.publicPort();
      assertThat(run(node, "session", "revoke", "aaaaaaaaaaaaaaaa", "--admin", other)).isEqualTo(7);
      assertThat(err).contains("mend: Name the address of the admin listener");
    }
  }

  @Test
  void thousandsOfSubjectsComeFromAFile() throws Exception {
    try (Node node = Wiring.start(TestNode.trial(folder));
        Client client = new Client(node.publicPort())) {
      client.login("alice");
      client.login("bob");
      client.login("carol");
      StringBuilder names = new StringBuilder("alice\n<b>bob\nbob\n\n");
      for (int i = 0; i < 9000; i++) {
        names.append("somebody-else-of-a-long-list-").append(i).append('\n');
      }
      Path file = Files.writeString(folder.resolve("users.txt"), names.toString());
      String[] plan = {
        "campaign",
        "plan",
        "--cause",
        "drill",
        "--ticket",
        "<T-1>",
        "-w",
        "tenant=default",
        "--values",
        "subject=" + file
      };
      assertThat(run(node, plan)).as(err).isZero();
      assertThat(out).contains("2 of 2 subjects");
      String id = out.substring(0, out.indexOf(' '));
      assertThat(run(node, "campaign", "report", id, "--html")).isZero();
      assertThat(out).contains("&lt;T-1&gt;", "&lt;b&gt;bob").doesNotContain("<b>", "<T-1>");
      plan[plan.length - 1] = "subject=" + folder.resolve("none.txt");
      assertThat(run(node, plan)).isEqualTo(2);
      assertThat(err).contains("--values: ", "can't be read");
    }
  }

  private static int validate(Client client, String id) {
    return client.send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
  }
}
