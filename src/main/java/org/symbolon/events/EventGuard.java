package org.symbolon.events;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * Lets each event take effect once. One whose effect was begun and neither kept nor released, since
 * a node died, may begin again after {@link #LEASE_SECONDS}.
 */
public interface EventGuard {
  long LEASE_SECONDS = 5;

  CompletionStage<Entry> begin(String sender, String jti);

  /** Its effect holds: it is known until an instant. False where the store gave no answer. */
  CompletionStage<Boolean> keep(String sender, String jti, Instant until);

  /** It had no effect and may come again. */
  CompletionStage<Boolean> release(String sender, String jti);

  /** How an event is met. */
  enum Entry {
    FIRST,
    /** Somebody is at it, or was and has died. */
    UNDER_WAY,
    REPEATED,
    UNREACHABLE
  }
}
