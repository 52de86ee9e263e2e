package org.symbolon.token;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What signed proofs are held to.
 *
 * @param audiences the names of this service, of which {@code aud} holds one
 * @param maxAge the longest a proof is good: after {@code iat} for a login, before {@code exp} for
 *     a backend
 * @param skew how far the signers' clocks may be off
 * @param types the values of {@code typ} that are taken beside none
 */
public record ProofRules(Set<String> audiences, Duration maxAge, Duration skew, Set<String> types) {
  private static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final Duration LONGEST_AGE = Duration.ofHours(1);
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final Duration LONGEST_SKEW = Duration.ofMinutes(5);

  /**
   * @throws IllegalArgumentException where a part is out of its range; the message names it
   */
  public ProofRules {
    if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("audience: the name of this service is needed");
    }
    if (maxAge.isNegative() || maxAge.isZero() || maxAge.compareTo(LONGEST_AGE) > 0) {
      throw new IllegalArgumentException("maxAge: more than 0 and at most 1 hour needed");
    }
    if (skew.isNegative() || skew.compareTo(LONGEST_SKEW) > 0) {
      throw new IllegalArgumentException("skew: 0 to 5 minutes needed");
    }
    audiences = Set.copyOf(audiences);
    types =
        types.stream().map(t -> t.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
  }

  /** For one audience: 5 minutes of age, 30 seconds of skew, type JWT. */
  public static ProofRules of(String audience) {
    return new ProofRules(Set.of(audience), MAX_AGE, SKEW, Set.of("JWT"));
  }
}
