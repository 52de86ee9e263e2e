package org.symbolon.redis;

import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Indicators;
import org.symbolon.session.ReplayGuard;

/** Remembers one-time names in Redis, each under a key that ends with its proof. */
public final class RedisReplayGuard implements ReplayGuard {
  /**
   * Nodes whose clocks differ refuse a proof for its age at different times; readiness allows 5 s
   * each way.
   */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /** A number, which Redis keeps without an allocation of its own. */
  private static final byte[] CLAIMED = "1".getBytes(StandardCharsets.US_ASCII);

  private final RedisLink link;
  private final StoreClock clock;
  private final StoreCalls calls;

  public RedisReplayGuard(RedisLink link, StoreClock clock, Indicators indicators) {
    this.link = link;
    this.clock = clock;
    this.calls = new StoreCalls(link, indicators);
  }

  @Override
  public CompletionStage<Claim> claim(String issuer, String jti, Instant until) {
    Duration left = Duration.between(clock.instant(), until);
    Duration kept = (left.isNegative() ? Duration.ZERO : left).plus(SLACK);
    byte[] key = Keys.replay(issuer, jti);
    return calls.<@Nullable String, Claim>call(
        "claim",
        () -> link.commands().set(key, CLAIMED, SetArgs.Builder.nx().px(kept.toMillis())),
        reply -> reply == null ? new Seen() : new Fresh(),
        outage -> outage);
  }
}
