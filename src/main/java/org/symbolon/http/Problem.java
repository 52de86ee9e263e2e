package org.symbolon.http;

import java.util.Optional;
import org.symbolon.session.Reason;

/**
 * What was wrong with a request, as RFC 9457 tells it.
 *
 * @param code the last part of the type's URN
 * @param field the member, claim, parameter or header field at fault; empty where none is
 * @param mend what to change; empty where nothing helps
 */
public record Problem(
    int status, String code, String title, String detail, String field, String mend) {
  public static final String TYPE = "urn:symbolon:problem:";
  static final String SESSION = "session-";

  Optional<String> fieldAtFault() {
    return field.isEmpty() ? Optional.empty() : Optional.of(field);
  }

  Optional<String> wayOut() {
    return mend.isEmpty() ? Optional.empty() : Optional.of(mend);
  }

  /** The challenge that a 401 has to carry (RFC 9110 section 11.6.1). */
  String challenge() {
    return switch (code) {
      case "credential-refused" -> "Bearer";
      case "assertion-refused" -> "Bearer error=\"invalid_token\"";
      case SESSION + "insufficient_user_authentication" -> SessionChallenge.of(Reason.STEP_UP);
      case SESSION + "invalid_dpop_proof", "dpop-proof-refused" ->
          SessionChallenge.of(Reason.INVALID_DPOP_PROOF);
      case SESSION + "use_dpop_nonce", "dpop-nonce-needed" ->
          SessionChallenge.of(Reason.USE_DPOP_NONCE);
      default -> SessionChallenge.of(code.substring(SESSION.length()));
    };
  }
}
