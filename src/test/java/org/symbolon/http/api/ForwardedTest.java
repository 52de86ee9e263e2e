package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;

class ForwardedTest {
  private static final String JWT = "Content-Type: application/jwt";
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private int trusting() {
    return rig.open(Rig.on(listener -> Rig.trusting(listener, "127.0.0.0/8", "10.0.0.0/8")));
  }

  private String addressSeen(int port, List<String> fields) {
    List<String> all = new ArrayList<>(fields);
    all.add(JWT);
    Wire.call(port, "POST /v1/login", all, "refused");
    return rig.audit.getLast().presenter().address();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7|203.0.113.7",
        "198.51.100.1, 203.0.113.7|203.0.113.7",
        "198.51.100.1, 203.0.113.7, 10.1.2.3|203.0.113.7",
        "198.51.100.1,203.0.113.7,10.1.2.3,10.9.9.9|203.0.113.7",
        "10.4.4.4, 10.1.2.3|10.4.4.4",
        "203.0.113.7:5123|203.0.113.7",
        "[2001:db8::7]:5123|2001:db8::7",
        "2001:db8::7|2001:db8::7",
        "::ffff:203.0.113.7|203.0.113.7",
        "unknown|127.0.0.1",
        "198.51.100.1, unknown, 10.1.2.3|10.1.2.3",
        "198.51.100.1, ,10.1.2.3|10.1.2.3",
        "evil.example|127.0.0.1",
      })
  void readsTheAddressFromTheRight(String field, String address) {
    assertThat(addressSeen(trusting(), List.of("X-Forwarded-For: " + field))).isEqualTo(address);
    assertThat(rig.tally.lines).doesNotContain("forwarded-ignored");
  }

  @Test
  void readsSeveralFieldsAsOne() {
    assertThat(
            addressSeen(
                trusting(),
                List.of("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.7")))
        .isEqualTo("203.0.113.7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 203.0.113.7",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
        "x-forwarded-proto: nonsense",
        "X-Forwarded-Host: a\r\nX-Forwarded-Host: b"
      })
  void ignoresAndCountsWhatOthersClaim(String field) {
    int port = rig.open(Rig.settings());
    assertThat(addressSeen(port, List.of(field))).isEqualTo("127.0.0.1");
    assertThat(rig.tally.lines).contains("forwarded-ignored");
  }

  @Test
  void neverReadsForwarded() {
    assertThat(addressSeen(trusting(), List.of("Forwarded: for=203.0.113.7;proto=https")))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-Proto: https|X-Forwarded-Proto: https|X-Forwarded-Proto",
        "X-Forwarded-Proto: https|X-Forwarded-Proto: http|X-Forwarded-Proto",
        "X-Forwarded-Proto: https,http|X-A: b|X-Forwarded-Proto",
        "X-Forwarded-Proto: ftp|X-A: b|X-Forwarded-Proto",
        "X-Forwarded-Host: a.example|X-Forwarded-Host: b.example|X-Forwarded-Host",
        "X-Forwarded-Host: a.example, b.example|X-A: b|X-Forwarded-Host",
        "X-Forwarded-Host: a/b|X-A: b|X-Forwarded-Host",
      })
  void refusesATrustedPeersContradictions(String one, String two, String field) {
    for (String line : List.of("POST /v1/logout", "GET /v1/me/sessions")) {
      Answer answer = Wire.call(trusting(), line, List.of(one, two), "");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("request-malformed", "\"field\":\"" + field + "\"");
    }
  }

  @Test
  void countsTheCookieThatAClientSentInTheClear() {
    int port = trusting();
    String cookie = rig.logIn(port, "alice");
    Answer answer =
        Wire.call(port, "GET /gw/nginx/validate", List.of(cookie, "X-Forwarded-Proto: http"), "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(rig.tally.lines).contains("plaintext client");
    rig.tally.lines.clear();
    Wire.call(port, "GET /gw/nginx/validate", List.of(cookie, "X-Forwarded-Proto: https"), "");
    Wire.call(port, "GET /gw/nginx/validate", List.of("X-Forwarded-Proto: http"), "");
    assertThat(rig.tally.lines).doesNotContain("plaintext client");
  }

  /** An address of this machine that is not loopback. */
  private static String outside() throws Exception {
    List<InetAddress> addresses = new ArrayList<>();
    NetworkInterface.networkInterfaces()
        .forEach(
            i -> i.inetAddresses().filter(a -> a.getAddress().length == 4).forEach(addresses::add));
    InetAddress found =
        addresses.stream().filter(a -> !a.isLoopbackAddress()).findFirst().orElse(null);
    Assumptions.assumeTrue(found != null, "this machine has no address beyond loopback");
    return found == null ? "" : found.getHostAddress();
  }

  private Answer fromOutside(int port, String request) throws Exception {
    try (Wire wire = new Wire(outside(), port)) {
      return wire.write(request).read(false);
    }
  }

  private static ListenerSettings everywhere(ListenerSettings listener) {
    return ListenerSettings.plain("0.0.0.0", 0);
  }

  @Test
  void refusesPlaintextFromBeyondLoopback() throws Exception {
    int port = rig.open(Rig.on(ForwardedTest::everywhere));
    String cookie = rig.logIn(port, "alice");
    rig.tally.lines.clear();
    Answer validate =
        fromOutside(port, Wire.request("GET /v1/validate", port, List.of(cookie), ""));
    assertThat(validate.status()).isEqualTo(403);
    assertThat(validate.body()).isEmpty();
    assertThat(validate.one("X-Session-User")).isEmpty();
    assertThat(validate.all("Set-Cookie")).isEmpty();
    assertThat(rig.tally.lines).containsOnlyOnce("plaintext service");
    for (String line : List.of("POST /v1/login", "POST /v1/logout", "GET /", "GET /nowhere")) {
      Answer answer = fromOutside(port, Wire.request(line, port, List.of(JWT), ""));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("urn:symbolon:problem:plaintext-refused", "TLS");
      SecurityFieldsTest.assertSecure(answer);
    }
    assertThat(rig.tally.lines).containsOnlyOnce("plaintext service");
    int admin = rig.openAdmin(ListenerSettings.plain("0.0.0.0", 0));
    assertThat(
            fromOutside(
                    admin,
                    Wire.request("GET /policy", admin, List.of("Authorization: Bearer admin"), ""))
                .status())
        .isEqualTo(403);
    int management = rig.openManagement(ListenerSettings.plain("0.0.0.0", 0));
    assertThat(
            fromOutside(management, Wire.request("GET /livez", management, List.of(), "")).status())
        .isEqualTo(200);
  }

  @Test
  void takesPlaintextFromATrustedGateway() throws Exception {
    String gateway = outside();
    int port =
        rig.open(Rig.on(listener -> Rig.trusting(ListenerSettings.plain("0.0.0.0", 0), gateway)));
    String cookie = rig.logIn(port, "alice");
    assertThat(
            fromOutside(port, Wire.request("GET /v1/validate", port, List.of(cookie), "")).status())
        .isEqualTo(200);
    assertThat(rig.tally.lines).noneMatch(line -> line.startsWith("plaintext"));
  }

  @Test
  void showsTheDemoToThisMachineAlone() throws Exception {
    String gateway = outside();
    int port =
        rig.open(Rig.on(listener -> Rig.trusting(ListenerSettings.plain("0.0.0.0", 0), gateway)));
    assertThat(fromOutside(port, Wire.request("GET /", port, List.of(), "")).status())
        .isEqualTo(404);
    List<String> rebound = List.of("GET / HTTP/1.1", "Host: evil.example:" + port, "", "");
    assertThat(Wire.send(port, String.join("\r\n", rebound)).status()).isEqualTo(404);
    assertThat(Wire.call(port, "GET /", List.of("X-Forwarded-For: 203.0.113.7"), "").status())
        .isEqualTo(404);
    assertThat(Arrays.asList(200)).contains(Wire.call(port, "GET /", List.of(), "").status());
  }
}
