package org.symbolon.session;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Remembers the one-time names of signed proofs ({@code jti}, RFC 7519 section 4.1.7). */
public interface ReplayGuard {
  /** Claims a name until the instant at which the proof is refused for its age anyway. */
  CompletionStage<Claim> claim(String issuer, String jti, Instant until);

  /** The outcome of a claim. */
  sealed interface Claim permits Fresh, Seen, Unavailable {}

  record Fresh() implements Claim {}

  record Seen() implements Claim {}
}
