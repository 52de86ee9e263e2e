package org.symbolon.session;

import java.util.concurrent.CompletionStage;

/** Judges the signed assertions by which issuers vouch for a subject (RFC 7523 section 3). */
public interface LoginProofs {
  /** Judges an assertion and uses it up: the same one is refused from then on. */
  CompletionStage<Proof> verify(SecretText assertion);

  /** The outcome. */
  sealed interface Proof permits Proven, Refused, Unavailable {}

  record Proven(
      String issuer,
      Tenant tenant,
      Subject subject,
      Authentication authentication,
      ClientClass clientClass)
      implements Proof {}

  /**
   * Not believed.
   *
   * @param claim the header parameter or claim at fault, {@code assertion} for the whole
   * @param mend what the issuer or the operator has to change
   */
  record Refused(String claim, String mend) implements Proof {}
}
