package org.symbolon.redis;

import java.time.Duration;
import java.util.Optional;
import org.symbolon.session.Readiness;

/** Whether the store answers, and agrees with this machine about the time. */
public final class StoreReadiness implements Readiness {
  private static final Duration MAX_SILENCE = Duration.ofSeconds(2);
  private static final Duration MAX_SKEW = Duration.ofSeconds(5);
  private final StoreClock clock;

  public StoreReadiness(StoreClock clock) {
    this.clock = clock;
  }

  @Override
  public Optional<String> obstacle() {
    if (clock.silence().compareTo(MAX_SILENCE) > 0) {
      return Optional.of("the store has not answered for " + clock.silence().toMillis() + " ms");
    }
    Duration skew = clock.ahead();
    if (skew.abs().compareTo(MAX_SKEW) > 0) {
      return Optional.of(
          "the store's clock is "
              + skew.abs().toMillis()
              + " ms "
              + (skew.isNegative() ? "behind" : "ahead of")
              + " this machine's; synchronise both with NTP");
    }
    return Optional.empty();
  }
}
