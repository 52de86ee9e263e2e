package org.symbolon.redis;

import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.symbolon.events.EventGuard;
import org.symbolon.session.Indicators;

/**
 * Keeps the names of events in Redis, among those of proofs: under a word of whoever is at it, and
 * under {@code 1} when it is done.
 */
public final class RedisEventGuard implements EventGuard {
  private static final String KEPT = "1";

  /** Nodes whose clocks differ refuse an event for its age at different times. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final RedisLink link;
  private final StoreClock clock;
  private final StoreCalls calls;

  public RedisEventGuard(RedisLink link, StoreClock clock, Indicators indicators) {
    this.link = link;
    this.clock = clock;
    this.calls = new StoreCalls(link, indicators);
  }

  @Override
  public CompletionStage<Entry> begin(String sender, String jti) {
    // By its word a command that the client library repeats knows itself again.
    String word = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return calls.<byte @Nullable [], Entry>call(
        "event",
        () ->
            link.commands()
                .setGet(key(sender, jti), bytes(word), SetArgs.Builder.nx().ex(LEASE_SECONDS)),
        before -> entry(before, word),
        _ -> Entry.UNREACHABLE);
  }

  private static Entry entry(byte @Nullable [] before, String word) {
    if (before == null) {
      return Entry.FIRST;
    }
    String text = new String(before, StandardCharsets.US_ASCII);
    if (text.equals(KEPT)) {
      return Entry.REPEATED;
    }
    return text.equals(word) ? Entry.FIRST : Entry.UNDER_WAY;
  }

  @Override
  public CompletionStage<Boolean> keep(String sender, String jti, Instant until) {
    Duration left = Duration.between(clock.instant(), until);
    Duration kept = (left.isNegative() ? Duration.ZERO : left).plus(SLACK);
    return calls.<@Nullable String, Boolean>call(
        "event",
        () ->
            link.commands().set(key(sender, jti), bytes(KEPT), SetArgs.Builder.px(kept.toMillis())),
        _ -> true,
        _ -> false);
  }

  @Override
  public CompletionStage<Boolean> release(String sender, String jti) {
    return calls.<Boolean, Boolean>call(
        "event", () -> link.commands().pexpire(key(sender, jti), 1), _ -> true, _ -> false);
  }

  /** Apart from the names of the sender's assertions. */
  private static byte[] key(String sender, String jti) {
    return Keys.replay("event " + sender, jti);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
