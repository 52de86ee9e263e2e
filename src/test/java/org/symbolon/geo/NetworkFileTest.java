package org.symbolon.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the MaxMind DB format, read by MaxMind's own reader. */
class NetworkFileTest {
  private static final Mmdb COUNTRIES =
      Mmdb.countries(
          Map.of("192.0.2.0/24", "DE", "198.51.100.0/25", "FR", "2001:db8:1::/48", "JP"));

  @TempDir private Path folder = Path.of("");
  private Path path = folder;

  @BeforeEach
  void place() {
    path = folder.resolve("a.mmdb");
  }

  private static NetworkFile opened(Path path, NetworkFile.Fact fact) {
    return ((NetworkFile.Opened) NetworkFile.open(path, fact)).file();
  }

  private static String refused(Path path, NetworkFile.Fact fact) {
    return ((NetworkFile.Refused) NetworkFile.open(path, fact)).reason();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0, DE",
    "192.0.2.255, DE",
    "::ffff:192.0.2.7, DE",
    "192.0.3.0, ''",
    "198.51.100.127, FR",
    "198.51.100.128, ''",
    "2001:db8:1:ffff::1, JP",
    "2001:db8:2::1, ''",
    "'', ''",
    "unknown, ''",
    "192.0.2, ''"
  })
  void tellsTheCountryOfAnAddress(String address, String country) throws IOException {
    NetworkFile file = opened(COUNTRIES.in(path), NetworkFile.Fact.COUNTRY);
    assertThat(file.of(address)).isEqualTo(country);
    assertThat(file.summary()).startsWith("Test-Country of 20");
  }

  @Test
  void tellsTheAutonomousSystem() throws IOException {
    Mmdb systems = Mmdb.systems(Map.of("192.0.2.0/24", 64_496, "2001:db8::/32", 64_511));
    NetworkFile file = opened(systems.in(path), NetworkFile.Fact.ASN);
    assertThat(file.of("192.0.2.1")).isEqualTo("64496");
    assertThat(file.of("2001:db8::1")).isEqualTo("64511");
    assertThat(file.of("203.0.113.1")).isEmpty();
  }

  @Test
  void readsTheWordsOfOtherMakersToo() throws IOException {
    Mmdb both =
        new Mmdb("both")
            .with("192.0.2.0/24", Map.of("asn", "AS64496", "country", "DE"))
            .with("198.51.100.0/24", Map.of("asn", 64_497, "country_code", "FR"));
    NetworkFile asn = opened(both.in(path), NetworkFile.Fact.ASN);
    NetworkFile country = opened(path, NetworkFile.Fact.COUNTRY);
    assertThat(asn.of("192.0.2.1")).isEqualTo("64496");
    assertThat(asn.of("198.51.100.1")).isEqualTo("64497");
    assertThat(country.of("192.0.2.1")).isEqualTo("DE");
    assertThat(country.of("198.51.100.1")).isEqualTo("FR");
  }

  @Test
  void whatIsNoSuchFileIsRefusedWithItsMend() throws IOException {
    assertThat(refused(path, NetworkFile.Fact.ASN))
        .startsWith(path + ": no such file")
        .contains("; name a file");
    assertThat(refused(folder, NetworkFile.Fact.ASN)).contains("no file of at most 1 GiB; put");
    byte[] good = COUNTRIES.bytes();
    for (byte[] bad :
        new byte[][] {
          {},
          "a text".getBytes(StandardCharsets.UTF_8),
          Arrays.copyOf(good, good.length - 100),
          Arrays.copyOf(good, good.length - 20)
        }) {
      Mmdb.put(path, bad);
      assertThat(refused(path, NetworkFile.Fact.COUNTRY))
          .as("%s bytes", bad.length)
          .contains("not of the MaxMind DB format, or cut short; put the whole");
    }
    Mmdb.put(path, good);
    assertThat(refused(path, NetworkFile.Fact.ASN))
        .contains("none of its networks tells the autonomous system; put");
    assertThat(opened(path, NetworkFile.Fact.COUNTRY).of("192.0.2.1")).isEqualTo("DE");
  }

  @Test
  void anotherFileIsTakenAndABadOneIsNot() throws IOException {
    NetworkFile file = opened(COUNTRIES.in(path), NetworkFile.Fact.COUNTRY);
    assertThat(file.reload()).isEqualTo(new NetworkFile.Unchanged());
    Mmdb.put(path, "nothing".getBytes(StandardCharsets.UTF_8));
    assertThat(file.reload())
        .isInstanceOfSatisfying(
            NetworkFile.Refused.class, r -> assertThat(r.reason()).contains("not of the MaxMind"));
    assertThat(file.reload()).isEqualTo(new NetworkFile.Unchanged());
    assertThat(file.of("192.0.2.1")).isEqualTo("DE");
    Mmdb.countries(Map.of("192.0.2.0/24", "AT", "203.0.113.0/24", "CH")).in(path);
    assertThat(file.reload()).isInstanceOf(NetworkFile.Reloaded.class);
    assertThat(file.of("192.0.2.1")).isEqualTo("AT");
    assertThat(file.of("198.51.100.1")).isEmpty();
  }

  @Test
  void aFileThatIsTakenAwayStaysInUseAndIsToldOfOnce() throws IOException {
    NetworkFile file = opened(COUNTRIES.in(path), NetworkFile.Fact.COUNTRY);
    Files.delete(path);
    assertThat(file.reload()).isInstanceOf(NetworkFile.Refused.class);
    assertThat(file.reload()).isEqualTo(new NetworkFile.Unchanged());
    assertThat(file.of("192.0.2.1")).isEqualTo("DE");
    COUNTRIES.in(path);
    assertThat(file.reload()).isInstanceOf(NetworkFile.Reloaded.class);
  }

  @Test
  void whatIsWrittenOverTheFileChangesNoAnswer() throws IOException {
    NetworkFile file = opened(COUNTRIES.in(path), NetworkFile.Fact.COUNTRY);
    Files.write(path, new byte[10]);
    assertThat(file.of("192.0.2.1")).isEqualTo("DE");
  }

  /** Neither a fact nor the lack of one: whoever asks answers as in an outage. */
  @Test
  void aDamagedPlaceIsAFault() throws IOException {
    byte[] damaged = Mmdb.countries(Map.of("192.0.2.0/24", "DE", "198.51.100.0/24", "FR")).bytes();
    // The kind of the later network's value becomes a pointer to beyond the end.
    damaged[new String(damaged, StandardCharsets.ISO_8859_1).indexOf("FR") - 1] = 0x3f;
    Mmdb.put(path, damaged);
    NetworkFile file = opened(path, NetworkFile.Fact.COUNTRY);
    assertThat(file.of("192.0.2.1")).isEqualTo("DE");
    assertThatThrownBy(() -> file.of("198.51.100.1"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageEndingWith(": damaged");
  }
}
