package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.geo.Mmdb;
import org.symbolon.http.Addresses;
import org.symbolon.http.api.Devices;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.SecretText;
import org.symbolon.session.Signal;
import org.symbolon.telemetry.Logging;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionIdCodec;

/**
 * What is kept of presenters in Redis, the audit trail and the logs: by default, and with all off.
 */
class PrivacyTest {
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.7) Gecko/20100101 Firefox/140.7";

  private static final String JA4 = "t13d1516h2_8daaf6152771_02713d6af862";
  private static final List<String> ADDRESSES = List.of("203.0.113.77", "198.51.100.188");

  @TempDir private Path folder = Path.of("");

  /** What to look for, by what it is. */
  private Map<String, byte[]> traces() throws Exception {
    KeyRing.Reading reading =
        KeyRing.parse(new SecretText(Files.readString(folder.resolve("ring.txt"))));
    KeyRing ring = ((KeyRing.Read) reading).ring();
    SessionIdCodec ids = new SessionIdCodec(() -> ring, new SecureRandom());
    Map<String, byte[]> traces = new HashMap<>();
    traces.put("user agent", ascii(FIREFOX));
    traces.put("its version", ascii("Firefox/140"));
    traces.put("fingerprint", ascii(JA4));
    Map<String, String> hashed = new HashMap<>();
    hashed.put("device's user agent", FIREFOX);
    hashed.put(shown(Signal.USER_AGENT), Devices.family(FIREFOX));
    hashed.put(shown(Signal.FINGERPRINT), JA4);
    for (String address : ADDRESSES) {
      traces.put(address, ascii(address));
      byte[] raw = Addresses.parse(address).orElseThrow();
      traces.put(address + ", raw", raw);
      traces.put(address + ", hex", ascii(HexFormat.of().formatHex(raw)));
      String network = Addresses.network(address);
      traces.put(network, ascii(network));
      hashed.put("device's " + network, network);
      hashed.put(shown(Signal.NETWORK) + ' ' + address, network);
      hashed.put(shown(Signal.FAN_OUT) + ' ' + address, network);
      hashed.put(shown(Signal.ASN) + ' ' + address, "64496");
      for (Signal signal : List.of(Signal.COUNTRY, Signal.TRAVEL)) {
        hashed.put(shown(signal) + ' ' + address, "DE");
      }
    }
    hashed.forEach(
        (what, text) -> {
          String prefix = what.startsWith("signal ") ? what.split(" ", -1)[1] + '\n' : "";
          int hash = ids.signalHash(prefix + text);
          traces.put("hash of " + what, ByteBuffer.allocate(4).putInt(hash).array());
          traces.put("hex of hash of " + what, ascii(HexFormat.of().toHexDigits(hash)));
        });
    return traces;
  }

  private static String shown(Signal signal) {
    return "signal " + signal.code();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Set<String> found(Map<String, byte[]> traces, String in) {
    Set<String> found = new TreeSet<>();
    traces.forEach(
        (what, bytes) -> {
          if (in.contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
            found.add(what);
          }
        });
    return found;
  }

  /** All bytes, a character each. */
  private record Kept(String redis, String audit, String logs) {}

  /** A login, uses from two addresses, a replaced ID that comes back, a refused login, a logout. */
  private Kept drive(Map<String, String> further) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
    Map<String, String> flags = new HashMap<>(further);
    flags.put("log.level", "debug");
    flags.put("trust.addresses", "127.0.0.1");
    flags.put("trust.fingerprint", "X-JA4");
    Path audit = folder.resolve("audit.jsonl");
    String redis;
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, flags)) {
      String id =
          Client.sessionId(
                  send(node, "POST", "/v1/login", node.assertion("alice"), "", ADDRESSES.get(0)))
              .orElseThrow();
      for (String address : ADDRESSES) {
        assertThat(send(node, "GET", "/gw/haproxy/validate", "", id, address).statusCode())
            .isEqualTo(200);
      }
      HttpResponse<String> refreshed =
          send(node, "POST", "/v1/session/refresh", "", id, ADDRESSES.get(0));
      String next = Client.sessionId(refreshed).orElseThrow();
      send(node, "GET", "/gw/haproxy/validate", "", id, ADDRESSES.get(1));
      send(node, "GET", "/gw/haproxy/validate", "", next, ADDRESSES.get(1));
      send(node, "POST", "/v1/login", "junk", "", ADDRESSES.get(1));
      String other =
          Client.sessionId(
                  send(node, "POST", "/v1/login", node.assertion("bob"), "", ADDRESSES.get(1)))
              .orElseThrow();
      send(node, "POST", "/v1/logout", "", other, ADDRESSES.get(1));
      RedisServers.await(() -> text(audit).contains("session.revoked"));
      redis = new String(Canaries.stored(servers), StandardCharsets.ISO_8859_1);
      Logging.flush();
    } finally {
      System.setOut(console);
    }
    assertThat(logged.size()).isPositive();
    return new Kept(
        redis,
        Files.readString(audit, StandardCharsets.ISO_8859_1),
        logged.toString(StandardCharsets.ISO_8859_1));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> send(
      TestNode node, String method, String path, String body, String id, String address) {
    return node.client()
        .send(
            method,
            path,
            body,
            "Content-Type",
            "application/jwt",
            "Cookie",
            id.isEmpty() ? "a=1" : "__Host-sid=" + id,
            "X-Forwarded-For",
            address,
            "User-Agent",
            FIREFOX,
            "X-JA4",
            JA4);
  }

  @Test
  void withAllOffNothingOfAPresenterIsKeptAnywhere() throws Exception {
    Kept kept = drive(Map.of("privacy.devices", "false", "privacy.presenters", "false"));
    Map<String, byte[]> traces = traces();
    assertThat(found(traces, kept.redis())).as("Redis").isEmpty();
    assertThat(found(traces, kept.audit())).as("audit").isEmpty();
    assertThat(found(traces, kept.logs())).as("logs").isEmpty();
  }

  @Test
  void signalsAloneKeepHashesOfWhatIsOn() throws Exception {
    Path countries = folder.resolve("country.mmdb");
    Mmdb.countries(Map.of("203.0.113.0/24", "DE", "198.51.100.0/24", "DE")).in(countries);
    Path systems = folder.resolve("asn.mmdb");
    Mmdb.systems(Map.of("203.0.113.0/24", 64_496, "198.51.100.0/24", 64_496)).in(systems);
    Map<String, String> flags = new HashMap<>();
    flags.put("privacy.devices", "false");
    flags.put("privacy.presenters", "false");
    flags.put("geo.country", countries.toString());
    flags.put("geo.asn", systems.toString());
    for (String signal :
        List.of("userAgent", "network", "asn", "country", "fingerprint", "travel", "fanOut")) {
      flags.put("signals." + signal, "observe");
    }
    Kept kept = drive(flags);
    Map<String, byte[]> traces = traces();
    assertThat(found(traces, kept.redis()))
        .contains(
            "hash of signal user-agent",
            "hash of signal fingerprint",
            "hash of signal network " + ADDRESSES.get(0),
            "hash of signal asn " + ADDRESSES.get(0),
            "hash of signal country " + ADDRESSES.get(0),
            "hash of signal travel " + ADDRESSES.get(0),
            "hash of signal fan-out " + ADDRESSES.get(1))
        .allMatch(what -> what.startsWith("hash of signal "));
    assertThat(found(traces, kept.audit())).as("audit").isEmpty();
    assertThat(found(traces, kept.logs())).as("logs").isEmpty();
  }

  /** The control: by default the audit trail names presenters, and sessions have their devices. */
  @Test
  void byDefaultDevicesAndPresentersAreKept() throws Exception {
    Kept kept = drive(Map.of());
    Map<String, byte[]> traces = traces();
    assertThat(found(traces, kept.redis()))
        .contains(
            "user agent",
            "hash of device's user agent",
            "hash of device's " + Addresses.network(ADDRESSES.get(0)),
            ADDRESSES.get(0))
        .doesNotContain("hash of signal user-agent", "fingerprint");
    assertThat(found(traces, kept.audit())).contains("user agent", ADDRESSES.get(1));
    assertThat(found(traces, kept.logs())).as("logs").isEmpty();
  }
}
