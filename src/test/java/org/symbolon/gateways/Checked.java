package org.symbolon.gateways;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.symbolon.TestNode;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Symbolon;

/** What {@code symbolon gateway check} says of a running gateway, and its exit code. */
record Checked(int code, String said) {
  /** Every probe, with a test user's login through the gateway. */
  static Checked of(Stage stage, RunningGateway gateway) throws IOException {
    Path assertion = Files.createTempFile(stage.folder(), "assertion", ".jwt");
    Files.writeString(assertion, stage.node().assertion("checker"));
    return everything(stage, gateway, "--assertion-file=" + assertion);
  }

  /** Every probe, an expiring session's among them, with sessions that a backend begins. */
  static Checked withABackendsKey(Stage stage, RunningGateway gateway) throws IOException {
    Path key = Files.createTempFile(stage.folder(), "backend", ".key");
    Files.writeString(key, TestNode.CREDENTIAL);
    return everything(
        stage,
        gateway,
        "--service-key-file=" + key,
        "--service=http://127.0.0.1:" + stage.node().port(),
        "--expiring-class=brief");
  }

  private static Checked everything(Stage stage, RunningGateway gateway, String... further) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--echo=/echo",
                "--cacheable=/kept?cache=public,max-age%3D3600",
                "--missing=/gone?status=404",
                "--plaintext-port=" + gateway.http()));
    all.addAll(List.of(further));
    return run(stage, gateway, all.toArray(String[]::new));
  }

  /** While nobody answers the gateway. */
  static Checked whileDown(Stage stage, RunningGateway gateway) throws IOException {
    stage.wiretap().cut();
    try {
      return run(stage, gateway, "--while-down");
    } finally {
      stage.wiretap().mend();
    }
  }

  private static Checked run(Stage stage, RunningGateway gateway, String... further) {
    StringWriter said = new StringWriter();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "gateway",
                "check",
                gateway.visitor().origin(),
                "--ca=" + stage.certificate(),
                "--page=/page"));
    arguments.addAll(List.of(further));
    int code =
        Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings())
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said, true))
            .execute(arguments.toArray(String[]::new));
    return new Checked(code, said.toString());
  }

  List<String> good() {
    return names("good");
  }

  List<String> faults() {
    return names("fault");
  }

  private List<String> names(String verdict) {
    return said.lines()
        .filter(line -> line.startsWith(verdict + " "))
        .map(line -> line.split(" +", -1)[1])
        .toList();
  }
}
