package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.ReplayGuard;

/** One-time names in Redis. */
@ParameterizedClass
@EnumSource(
    value = RedisSettings.Mode.class,
    names = {"STANDALONE", "CLUSTER"})
class RedisReplayGuardTest {
  private final RedisServers servers;
  private final OpenStore store;
  private final RedisReplayGuard guard;
  private final String jti = UUID.randomUUID().toString();
  private final Instant soon = Instant.now().plusSeconds(60);

  RedisReplayGuardTest(RedisSettings.Mode mode) {
    this.servers = RedisServers.shared(mode);
    this.store = new OpenStore(servers);
    this.guard = new RedisReplayGuard(store.link, store.clock, Samples.NO_INDICATORS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void claimsANameOnce() {
    assertThat(claim("issuer", jti)).isEqualTo(new ReplayGuard.Fresh());
    assertThat(claim("issuer", jti)).isEqualTo(new ReplayGuard.Seen());
  }

  @Test
  void keepsIssuersApart() {
    assertThat(claim("a", "b" + jti)).isEqualTo(new ReplayGuard.Fresh());
    assertThat(claim("ab", jti)).isEqualTo(new ReplayGuard.Fresh());
  }

  @Test
  void givesANameToOneOfManyWhoClaimItAtOnce() {
    Stream<ReplayGuard.Claim> claims =
        IntStream.range(0, 50).mapToObj(_ -> guard.claim("issuer", jti, soon)).toList().stream()
            .map(OpenStore::await);
    assertThat(claims.filter(new ReplayGuard.Fresh()::equals)).hasSize(1);
  }

  @Test
  void forgetsANameSomeSecondsAfterItsProofIsTooOld() {
    claim("issuer", jti);
    byte[] key = Keys.replay("issuer", jti);
    try (RedisServers.Admin admin = servers.owner(key)) {
      assertThat(admin.commands().pttl(key)).isBetween(60_000L, 70_000L);
    }
  }

  @Test
  void claimsANameWhoseProofIsAlreadyTooOld() {
    assertThat(OpenStore.await(guard.claim("issuer", jti, Instant.EPOCH)))
        .isEqualTo(new ReplayGuard.Fresh());
    assertThat(claim("issuer", jti)).isEqualTo(new ReplayGuard.Seen());
  }

  private ReplayGuard.Claim claim(String issuer, String name) {
    return OpenStore.await(guard.claim(issuer, name, soon));
  }
}
