package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.Handle;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.Seed;
import org.symbolon.session.SessionId;
import org.symbolon.session.Subject;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

class SessionIdCodecTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Locator LOCATOR = new Locator(0xabcd, 0x123456789abcL);

  private final SecureRandom random = new SecureRandom();
  private final AtomicReference<KeyRing> ring =
      new AtomicReference<>(Rings.of("0 publish", "3 sign"));
  private final SessionIdCodec codec = new SessionIdCodec(ring::get, random);
  private final Seed seed = Seed.random(random);

  @Test
  void readsWhatItWrote() {
    SessionId id = genuine(codec.encode(3, LOCATOR, 65535, seed).reveal());
    assertThat(id.key()).isEqualTo(3);
    assertThat(id.locator()).isEqualTo(LOCATOR);
    assertThat(id.generation()).isEqualTo(65535);
    assertThat(codec.verify(id, seed)).isTrue();
  }

  @Test
  void refusesTheSecretOfAnotherSeed() {
    SessionId id = genuine(codec.encode(3, LOCATOR, 0, seed).reveal());
    assertThat(codec.verify(id, Seed.random(random))).isFalse();
  }

  @Test
  void refusesTheSecretOfAnotherGenerationOrLocator() {
    String own = codec.encode(3, LOCATOR, 0, seed).reveal();
    byte[] secret = new byte[SessionId.SECRET_LENGTH];
    System.arraycopy(
        java.util.Base64.getUrlDecoder().decode(own), 11, secret, 0, SessionId.SECRET_LENGTH);
    assertThat(codec.verify(new SessionId(3, LOCATOR, 0, secret), seed)).isTrue();
    assertThat(codec.verify(new SessionId(3, LOCATOR, 1, secret), seed)).isFalse();
    assertThat(codec.verify(new SessionId(0, LOCATOR, 0, secret), seed)).isFalse();
    assertThat(codec.verify(new SessionId(3, new Locator(0xabcd, 1), 0, secret), seed)).isFalse();
  }

  @Test
  void refusesEveryIdWithOneCharacterChanged() {
    String own = codec.encode(3, LOCATOR, 7, seed).reveal();
    for (int at = 0; at < own.length(); at++) {
      for (int c : ALPHABET.chars().toArray()) {
        String changed = own.substring(0, at) + (char) c + own.substring(at + 1);
        if (!changed.equals(own)) {
          assertThat(codec.parse(changed)).isInstanceOf(Presented.Malformed.class);
        }
      }
    }
  }

  @Test
  void refusesEveryCharacterOutsideTheAlphabet() {
    String own = codec.encode(3, LOCATOR, 7, seed).reveal();
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      if (ALPHABET.indexOf(c) < 0) {
        for (int at : List.of(0, 17, 35)) {
          String changed = own.substring(0, at) + (char) c + own.substring(at + 1);
          assertThat(codec.parse(changed)).isInstanceOf(Presented.Malformed.class);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 35, 37, 72, 4096})
  void refusesOtherLengths(int length) {
    assertThat(codec.parse("E".repeat(length))).isInstanceOf(Presented.Malformed.class);
    String own = codec.encode(3, LOCATOR, 7, seed).reveal();
    assertThat(codec.parse(own.repeat(200).substring(0, length)))
        .isInstanceOf(Presented.Malformed.class);
  }

  @Test
  void refusesPadding() {
    String own = codec.encode(3, LOCATOR, 7, seed).reveal();
    assertThat(codec.parse(own + "=")).isInstanceOf(Presented.Malformed.class);
    assertThat(codec.parse(own.substring(0, 35) + "=")).isInstanceOf(Presented.Malformed.class);
  }

  @Test
  void acceptsOldKeysUntilTheyAreRetiredAndRefusesThemThen() {
    String old = codec.encode(0, LOCATOR, 0, seed).reveal();
    SessionId id = genuine(old);
    ring.set(Rings.of("0 retire", "3 sign"));
    assertThat(codec.parse(old)).isInstanceOf(Presented.Malformed.class);
    assertThat(codec.verify(id, seed)).isFalse();
    ring.set(Rings.of("3 sign"));
    assertThat(codec.parse(old)).isInstanceOf(Presented.Malformed.class);
    assertThat(codec.verify(id, seed)).isFalse();
  }

  @Test
  void refusesToEncodeWithARetiredOrUnknownKey() {
    ring.set(Rings.of("0 retire", "3 sign"));
    assertThatIllegalStateException().isThrownBy(() -> codec.encode(0, LOCATOR, 0, seed));
    assertThatIllegalStateException().isThrownBy(() -> codec.encode(5, LOCATOR, 0, seed));
    assertThatIllegalStateException().isThrownBy(() -> codec.encode(16, LOCATOR, 0, seed));
    assertThatIllegalStateException().isThrownBy(() -> codec.encode(-1, LOCATOR, 0, seed));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void refusesToEncodeAGenerationBeyondItsField(int generation) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(3, LOCATOR, generation, seed));
  }

  @Test
  void refusesTheIdOfAnotherRing() {
    KeyRing other = KeyRing.generate(random);
    SessionIdCodec stranger = new SessionIdCodec(() -> other, random);
    String foreign = stranger.encode(0, LOCATOR, 0, seed).reveal();
    assertThat(codec.parse(foreign)).isInstanceOf(Presented.Malformed.class);
  }

  @Test
  void signsWithTheKeyInPhaseSign() {
    assertThat(codec.signingKey()).isEqualTo(3);
    ring.set(Rings.of("0 sign", "3 publish"));
    assertThat(codec.signingKey()).isZero();
  }

  @Test
  void keepsBucketsAndHandlesWhenKeysChange() {
    SubjectKey subject = codec.subjectKey(Tenant.DEFAULT, new Subject("alice"));
    Handle handle = codec.handle(LOCATOR);
    int signal = codec.signalHash("Mozilla/5.0");
    ring.set(Rings.of("9 sign"));
    assertThat(codec.subjectKey(Tenant.DEFAULT, new Subject("alice"))).isEqualTo(subject);
    assertThat(codec.handle(LOCATOR)).isEqualTo(handle);
    assertThat(codec.signalHash("Mozilla/5.0")).isEqualTo(signal).isNotZero();
    assertThat(codec.signalHash("")).isZero();
  }

  @Test
  void givesEachLocatorTheSubjectsBucketAndADifferentName() {
    SubjectKey subject = codec.subjectKey(Tenant.DEFAULT, new Subject("alice"));
    Set<Locator> seen = new HashSet<>();
    IntStream.range(0, 1000).forEach(_ -> seen.add(codec.newLocator(subject)));
    assertThat(seen).hasSize(1000).allMatch(l -> l.bucket() == subject.bucket());
  }

  @Test
  void findsTheLocatorOfAHandleAndNoneOfAForeignOne() {
    SubjectKey subject = codec.subjectKey(Tenant.DEFAULT, new Subject("alice"));
    for (int i = 0; i < 1000; i++) {
      Locator locator = codec.newLocator(subject);
      Handle handle = codec.handle(locator);
      assertThat(codec.locator(handle)).contains(locator);
      assertThat(codec.locator(new Handle(handle.bucket() ^ 1, handle.name()))).isEmpty();
    }
  }

  @Test
  void separatesTenantsFromSubjects() {
    assertThat(codec.subjectKey(new Tenant("a"), new Subject("bc")))
        .isNotEqualTo(codec.subjectKey(new Tenant("ab"), new Subject("c")));
  }

  @Test
  void printsNoSecret() {
    assertThat(codec.encode(3, LOCATOR, 0, seed)).hasToString("[secret]");
    assertThat(ring.get()).hasToString("KeyRing[0 publish, 3 sign]");
  }

  @Test
  void agreesWithItselfOnManyThreads() {
    String own = codec.encode(3, LOCATOR, 0, seed).reveal();
    SessionId id = genuine(own);
    assertThat(
            IntStream.range(0, 20_000)
                .parallel()
                .allMatch(
                    _ ->
                        codec.verify(id, seed)
                            && codec.encode(3, LOCATOR, 0, seed).reveal().equals(own)))
        .isTrue();
  }

  private SessionId genuine(String text) {
    return switch (codec.parse(text)) {
      case Presented.Genuine(SessionId id) -> id;
      case Presented.Malformed _, Presented.Missing _, Presented.Ambiguous _ ->
          throw new AssertionError("not genuine");
    };
  }
}
