package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  @Test
  void aHandleReadsBackWhatItWrites() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Handle handle = new Handle(random.nextInt(Locator.BUCKETS), random.nextLong());
      assertThat(handle.toString()).hasSize(Handle.LENGTH);
      assertThat(Handle.parse(handle.toString())).contains(handle);
    }
  }

  @Test
  void aHandleIsBase32OfItsTenBytes() {
    assertThat(new Handle(0, 0).toString()).isEqualTo("aaaaaaaaaaaaaaaa");
    assertThat(new Handle(0xffff, -1).toString()).isEqualTo("7777777777777777");
    assertThat(new Handle(0x6672, 0x65653d2d_40237e21L).toString()).isEqualTo("mzzgkzj5fvacg7rb");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "aaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaa",
        "AAAAAAAAAAAAAAAA",
        "aaaaaaaaaaaaaaa1"
      })
  void anythingElseIsNoHandle(String text) {
    assertThat(Handle.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nb", "\u00e4", "\u0000"})
  void aSubjectGoesIntoAHeaderAsItIs(String text) {
    assertThat(Subject.isValid(text)).isFalse();
    assertThatThrownBy(() -> new Subject(text)).hasMessageContaining("visible ASCII");
    assertThat(Subject.isValid("x".repeat(255))).isTrue();
    assertThat(Subject.isValid("x".repeat(256))).isFalse();
  }

  @Test
  void nothingSecretIsPrinted() {
    assertThat(new SecretText("hunter2").toString()).doesNotContain("hunter2");
    assertThat(Seed.of(new byte[16]).toString()).isEqualTo("[seed]");
    assertThat(new SessionId(1, new Locator(1, 2), 3, new byte[12]).toString())
        .isEqualTo("[session ID]");
    assertThat(new Locator(7, 0x123456789abcL).toString()).doesNotContain("20015998343868");
  }

  @Test
  void attributesHoldAKibibyte() {
    assertThat(new Attributes(Map.of("k", "v".repeat(1023))).values()).hasSize(1);
    assertThatThrownBy(() -> new Attributes(Map.of("k", "v".repeat(1024))))
        .hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> new Attributes(Map.of("k", "\u00e4".repeat(512))))
        .hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> new Attributes(Map.of("", "v"))).hasMessageContaining("names");
  }

  @Test
  void aSessionEndsAtItsDeadlineAndNotAMillisecondLater() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Session session = session(start, Duration.ofMinutes(10), Duration.ofMinutes(30));
    assertThat(session.deadline()).isEqualTo(start.plus(Duration.ofMinutes(10)));
    assertThat(session.isExpired(session.deadline().minusMillis(1))).isFalse();
    assertThat(session.isExpired(session.deadline())).isTrue();
    assertThat(session(start, Duration.ofMinutes(30), Duration.ofMinutes(30)).deadline())
        .isEqualTo(start.plus(Duration.ofMinutes(30)));
  }

  @Test
  void aTouchIsDueAfterATenthOfIdle() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Session session = session(start, Duration.ofMinutes(10), Duration.ofMinutes(30));
    assertThat(session.isTouchDue(start.plusSeconds(60).minusMillis(1))).isFalse();
    assertThat(session.isTouchDue(start.plusSeconds(60))).isTrue();
  }

  @Test
  void theNearestTierOfAPolicyDecides() {
    TieredPolicy policy =
        new TieredPolicy(
            tier(60, 600),
            Map.of(new ClientClass("native"), tier(70, 700)),
            Map.of(
                new Tenant("acme"),
                new TieredPolicy.TenantTier(
                    new TieredPolicy.Tier(
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(50)),
                        Optional.of(3),
                        Optional.of(SubjectLimit.WhenReached.REJECT)),
                    Map.of(new ClientClass("native"), tier(20, 40)))));
    ClientClass nativeApp = new ClientClass("native");
    assertThat(policy.timeouts(Tenant.DEFAULT, ClientClass.BROWSER)).isEqualTo(timeouts(60, 600));
    assertThat(policy.timeouts(Tenant.DEFAULT, nativeApp)).isEqualTo(timeouts(70, 700));
    assertThat(policy.timeouts(new Tenant("acme"), ClientClass.BROWSER))
        .isEqualTo(timeouts(50, 50));
    assertThat(policy.timeouts(new Tenant("acme"), nativeApp)).isEqualTo(timeouts(20, 40));
    assertThat(policy.limit(new Tenant("acme")))
        .isEqualTo(new SubjectLimit(3, SubjectLimit.WhenReached.REJECT));
    assertThat(policy.limit(Tenant.DEFAULT).max()).isEqualTo(100);
  }

  @Test
  void aPolicyBeyondItsBoundsIsRefusedAtOnce() {
    assertThatThrownBy(() -> new TieredPolicy(tier(60, 35_000_000), Map.of(), Map.of()))
        .hasMessageContaining("absolute");
    assertThatThrownBy(
            () ->
                new TieredPolicy(
                    tier(60, 600), Map.of(new ClientClass("x"), tier(0, 600)), Map.of()))
        .hasMessageContaining("idle");
  }

  private static TieredPolicy.Tier tier(long idle, long absolute) {
    return new TieredPolicy.Tier(
        Optional.of(Duration.ofSeconds(idle)),
        Optional.of(Duration.ofSeconds(absolute)),
        Optional.empty(),
        Optional.empty());
  }

  private static Timeouts timeouts(long idle, long absolute) {
    return new Timeouts(Duration.ofSeconds(idle), Duration.ofSeconds(absolute));
  }

  private static Session session(Instant start, Duration idle, Duration absolute) {
    return new Session(
        new Handle(1, 2),
        1,
        0,
        Seed.of(new byte[16]),
        Tenant.DEFAULT,
        new Subject("alice"),
        new Authentication(start, "", List.of()),
        ClientClass.BROWSER,
        Device.UNKNOWN,
        Attributes.NONE,
        start,
        start,
        start.plus(absolute),
        idle,
        start,
        true,
        false,
        Optional.empty(),
        SignalHashes.NONE);
  }
}
