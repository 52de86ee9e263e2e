package org.symbolon.token;

import org.symbolon.session.Readiness;

/** Where a signer's public keys come from. */
public sealed interface JwksSource extends Readiness permits JwksValue, JwksFile, JwksEndpoint {
  /**
   * The keys now; one that is named and unknown may cause a fetch. Blocks, for a fetch's time at
   * most, so it is called where blocking is allowed.
   *
   * @param kid empty where none is named
   */
  Keys keys(String kid);

  /** The outcome. */
  sealed interface Keys permits Known, NotLoaded {}

  /** The newest keys that could be loaded. */
  final class Known implements Keys {
    private final Jwks jwks;

    Known(Jwks jwks) {
      this.jwks = jwks;
    }

    Jwks jwks() {
      return jwks;
    }
  }

  /** No keys could be loaded ever. */
  record NotLoaded(String cause) implements Keys {}
}
