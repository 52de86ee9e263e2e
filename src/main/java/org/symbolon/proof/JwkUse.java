package org.symbolon.proof;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;

/** Holds a key to what it says that it is for (RFC 7517 sections 4.2 to 4.4). */
final class JwkUse {
  private JwkUse() {}

  /** True where the key leaves it open, or is for the signatures of this algorithm. */
  static boolean allows(JWK key, String algorithm) {
    return (key.getAlgorithm() == null || key.getAlgorithm().getName().equals(algorithm))
        && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
        && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
  }
}
