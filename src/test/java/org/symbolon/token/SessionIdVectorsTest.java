package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.session.Handle;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionId;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/** Holds the codec to vectors that another program computed from the format. */
class SessionIdVectorsTest {
  private static final List<String> LINES = lines();
  private static final KeyRing RING = ring();
  private static final SessionIdCodec CODEC = new SessionIdCodec(() -> RING, new SecureRandom());

  @ParameterizedTest
  @MethodSource
  void writesAndReadsEachId(String vector) {
    String[] words = vector.split(" ", -1);
    int key = Integer.parseInt(words[1]);
    Locator locator = locator(words[2]);
    int generation = Integer.parseInt(words[3]);
    Seed seed = Seed.of(HexFormat.of().parseHex(words[4]));
    assertThat(CODEC.encode(key, locator, generation, seed).reveal()).isEqualTo(words[5]);
    assertThat(CODEC.parse(words[5])).isInstanceOf(Presented.Genuine.class);
    if (CODEC.parse(words[5]) instanceof Presented.Genuine(SessionId id)) {
      assertThat(id.key()).isEqualTo(key);
      assertThat(id.locator()).isEqualTo(locator);
      assertThat(id.generation()).isEqualTo(generation);
      assertThat(CODEC.verify(id, seed)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource
  void placesEachSubject(String vector) {
    String[] words = vector.split(" ", -1);
    assertThat(CODEC.subjectKey(new Tenant(words[1]), new Subject(words[2])))
        .isEqualTo(
            new SubjectKey(
                HexFormat.fromHexDigits(words[3]), HexFormat.fromHexDigitsToLong(words[4])));
  }

  @ParameterizedTest
  @MethodSource
  void namesEachHandle(String vector) {
    String[] words = vector.split(" ", -1);
    assertThat(CODEC.handle(locator(words[1]))).hasToString(words[2]);
    assertThat(Handle.parse(words[2]).flatMap(CODEC::locator)).contains(locator(words[1]));
  }

  @ParameterizedTest
  @MethodSource
  void hashesEachSignal(String vector) {
    String[] words = vector.split(" ", -1);
    assertThat(CODEC.signalHash(words[1])).isEqualTo(HexFormat.fromHexDigits(words[2]));
  }

  static List<String> writesAndReadsEachId() {
    return kind("id ");
  }

  static List<String> placesEachSubject() {
    return kind("subject ");
  }

  static List<String> namesEachHandle() {
    return kind("handle ");
  }

  static List<String> hashesEachSignal() {
    return kind("signal ");
  }

  private static Locator locator(String hex) {
    long bits = HexFormat.fromHexDigitsToLong(hex);
    return new Locator((int) (bits >>> 48), bits << 16 >>> 16);
  }

  private static KeyRing ring() {
    StringBuilder text = new StringBuilder();
    kind("ring ").forEach(l -> text.append(l.substring(5)).append('\n'));
    return Rings.ring(text.toString());
  }

  private static List<String> kind(String prefix) {
    return LINES.stream().filter(l -> l.startsWith(prefix)).toList();
  }

  private static List<String> lines() {
    try (InputStream file =
            Objects.requireNonNull(
                SessionIdVectorsTest.class.getResourceAsStream("/vectors/session-id.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
