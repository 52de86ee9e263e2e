package org.symbolon.session;

import java.util.concurrent.CompletableFuture;

/**
 * Signs for one application whose session it is, so that it can tell for itself, and refuse whoever
 * walked around the gateway.
 */
public interface AppAssertions {
  /**
   * An assertion about a session that is good now, as a JWS in compact form; it is at once there
   * where one was signed a moment ago. Fails where nothing can be signed.
   *
   * @param audience the application's name
   */
  CompletableFuture<String> of(Session session, String audience);

  /** The public keys of all that may be about, as a JWK set (RFC 7517 section 5). */
  CompletableFuture<String> jwks();
}
