package org.symbolon.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.cli.NoRings;
import org.symbolon.cli.Symbolon;

/** How the command ends where there is nothing to probe; the probes run against real gateways. */
class GatewayCheckTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Symbolon.commandLine(Map.of(), (_, _) -> {}, new NoRings())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource({
    "http://app.example, --assertion-file=a, https://",
    "app.example, --assertion-file=a, https://",
    "https://app.example, --page=/, --assertion-file",
    "https://app.example, --service-key-file=a, --service",
    "https://app.example, --assertion-file=a --echo=x, from / on",
    "https://app.example, --assertion-file=a -o=xml, text or json",
    "https://app.example, --assertion-file=a --expiring-class=x, --service-key-file"
  })
  void wrongUsageEndsWithTwoAndNamesTheMend(String site, String options, String named) {
    String[] more = options.split(" ", -1);
    String[] args = new String[more.length + 3];
    System.arraycopy(new String[] {"gateway", "check", site}, 0, args, 0, 3);
    System.arraycopy(more, 0, args, 3, more.length);
    assertThat(run(args)).isEqualTo(2);
    assertThat(err.toString()).contains(named);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aSiteThatNobodyAnswersForIsNotExamined() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(run("gateway", "check", "https://localhost:" + port, "--while-down")).isEqualTo(3);
    assertThat(err.toString()).contains("could not be examined");
  }

  @Test
  void aFindingIsALineOrAnObject() {
    Finding fault = Finding.fault("rotation", "lost \"here\"", "set\nalways");
    assertThat(fault.line()).contains("fault", "rotation", "mend: ");
    assertThat(fault.json())
        .isEqualTo(
            "{\"probe\":\"rotation\",\"verdict\":\"fault\",\"what\":\"lost \\\"here\\\"\","
                + "\"mend\":\"set\\u000aalways\"}");
  }
}
