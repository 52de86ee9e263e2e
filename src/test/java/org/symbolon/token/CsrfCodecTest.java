package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Device;
import org.symbolon.session.Handle;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

class CsrfCodecTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private final SecureRandom random = new SecureRandom();
  private final KeyRing ring = KeyRing.generate(random);
  private final CsrfCodec codec = new CsrfCodec(() -> ring, random);
  private final Seed seed = Seed.random(random);
  private final Session session = session(new Handle(7, 8), seed, NOW, 3);

  private static Session session(Handle handle, Seed seed, Instant authenticated, int generation) {
    return new Session(
        handle,
        0,
        generation,
        seed,
        Tenant.DEFAULT,
        new Subject("alice"),
        new Authentication(authenticated, "", List.of()),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        NOW,
        NOW,
        NOW.plusSeconds(3600),
        Duration.ofHours(1),
        NOW,
        true,
        true,
        Optional.empty(),
        SignalHashes.NONE);
  }

  @Test
  void isOfOneSessionAndOneAuthenticationWhateverItsId() {
    String token = codec.issue(session).reveal();
    assertThat(token).matches("[A-Za-z0-9_-]{40}");
    assertThat(codec.isGood(token, session)).isTrue();
    assertThat(codec.isGood(token, session(new Handle(7, 8), seed, NOW, 4))).isTrue();
    assertThat(codec.isGood(token, session(new Handle(7, 9), seed, NOW, 3))).isFalse();
    assertThat(codec.isGood(token, session(new Handle(6, 8), seed, NOW, 3))).isFalse();
    assertThat(codec.isGood(token, session(new Handle(7, 8), seed, NOW.plusSeconds(1), 3)))
        .isFalse();
    assertThat(codec.isGood(token, session(new Handle(7, 8), Seed.random(random), NOW, 3)))
        .isFalse();
  }

  @Test
  void isAnotherEachTime() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      seen.add(codec.issue(session).reveal());
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void anyOtherTextIsNone() {
    String token = codec.issue(session).reveal();
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      assertThat(codec.isGood(changed, session)).as(changed).isFalse();
    }
    for (String text : List.of("", "x", token + "A", token.substring(1), "=".repeat(40))) {
      assertThat(codec.isGood(text, session)).isFalse();
    }
  }

  @Test
  void outlivesItsKeyUntilThatIsRetired() {
    KeyRing first = Rings.of("0 sign");
    KeyRing next = Rings.of("0 publish", "1 sign");
    KeyRing last = Rings.of("0 retire", "1 sign");
    String token = new CsrfCodec(() -> first, random).issue(session).reveal();
    assertThat(new CsrfCodec(() -> next, random).isGood(token, session)).isTrue();
    assertThat(new CsrfCodec(() -> last, random).isGood(token, session)).isFalse();
    assertThat(new CsrfCodec(() -> KeyRing.generate(random), random).isGood(token, session))
        .isFalse();
  }
}
