package org.symbolon.http;

import org.symbolon.session.BindingPolicy;
import org.symbolon.session.Demand;
import org.symbolon.session.Reason;

/**
 * The {@code WWW-Authenticate} value that tells why a session was refused; of the scheme DPoP (RFC
 * 9449 section 7.1) where a proof's form is at fault.
 */
public final class SessionChallenge {
  private SessionChallenge() {}

  public static String of(Reason reason) {
    return switch (reason) {
      case STEP_UP ->
          of(reason.code()) + ", max_age=\"" + BindingPolicy.STEP_UP_AGE.toSeconds() + '"';
      case ANEW -> of(reason.code()) + ", max_age=\"0\"";
      case INVALID_DPOP_PROOF, USE_DPOP_NONCE ->
          "DPoP error=\"" + reason.code() + "\", algs=\"ES256 ES384 PS256 RS256\"";
      case MISSING,
          MALFORMED,
          EXPIRED,
          REVOKED,
          REUSED,
          SUPERSEDED,
          AMBIGUOUS,
          INSUFFICIENT,
          CSRF,
          BINDING_MISSING,
          BINDING_STALE,
          BINDING_WRONG,
          BINDING_REPLAYED,
          UNBOUND,
          SIGNALS_DIFFER ->
          of(reason.code());
    };
  }

  /** What would do (RFC 9470 section 3). */
  public static String of(Demand demand) {
    String acr =
        demand.acrValues().isEmpty()
            ? ""
            : ", acr_values=\"" + String.join(" ", demand.acrValues()) + "\"";
    String age = demand.maxAge().map(a -> ", max_age=\"" + a.toSeconds() + "\"").orElse("");
    return of(Reason.INSUFFICIENT) + acr + age;
  }

  static String of(String reason) {
    return "Session error=\"" + reason + "\"";
  }
}
