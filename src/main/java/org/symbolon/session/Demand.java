package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a route demands of a session's authentication, and of a request that changes something.
 *
 * @param maxAge how long ago the subject may have authenticated
 * @param acrValues the authentication context classes that do, the weakest first; any where empty
 * @param csrf whether such a request has to show the session's CSRF token
 */
public record Demand(Optional<Duration> maxAge, List<String> acrValues, boolean csrf)
    implements Condition {
  public static final Demand NONE = new Demand(Optional.empty(), List.of(), false);

  public Demand {
    acrValues = List.copyOf(acrValues);
  }

  /** Both demands at once. The classes of both are the ends of one order. */
  public Demand and(Demand other) {
    if (other.equals(NONE) || other.equals(this)) {
      return this;
    }
    if (equals(NONE)) {
      return other;
    }
    boolean isShorter =
        maxAge.isPresent()
            && (other.maxAge.isEmpty() || maxAge.get().compareTo(other.maxAge.get()) <= 0);
    boolean isStronger =
        other.acrValues.isEmpty()
            || (!acrValues.isEmpty() && acrValues.size() <= other.acrValues.size());
    return new Demand(
        isShorter ? maxAge : other.maxAge,
        isStronger ? acrValues : other.acrValues,
        csrf || other.csrf);
  }

  /** RFC 9470: the authentication is too old, or of another class than those that do. */
  @Override
  public Optional<Reason> objection(Session session, Instant now) {
    Authentication authentication = session.authentication();
    boolean isOld = maxAge.isPresent() && authentication.time().plus(maxAge.get()).isBefore(now);
    boolean isWeak = !acrValues.isEmpty() && !acrValues.contains(authentication.acr());
    return isOld || isWeak ? Optional.of(Reason.INSUFFICIENT) : Optional.empty();
  }
}
