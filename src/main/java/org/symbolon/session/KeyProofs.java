package org.symbolon.session;

import java.util.concurrent.CompletionStage;

/**
 * Judges the proofs by which programs show a key of theirs (DPoP, RFC 9449), and hands out what
 * they have to sign next.
 */
public interface KeyProofs {
  /** Judges a proof that comes with a login, before there is a session ID to name. */
  CompletionStage<Judged> judge(Evidence.Sent sent);

  /** What the next proof has to name, for all nodes alike and for some minutes. */
  String nonce();

  /** The outcome. */
  sealed interface Judged permits Holder, Faulty, Unavailable {}

  /**
   * Somebody holds the key.
   *
   * @param thumbprint RFC 7638, SHA-256, 43 characters of base64url
   */
  record Holder(String thumbprint) implements Judged {}

  /**
   * Not believed.
   *
   * @param claim the header parameter or claim at fault, {@code DPoP} for the whole
   */
  record Faulty(Reason reason, String claim, String mend) implements Judged {}
}
