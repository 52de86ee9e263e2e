package org.symbolon.session;

import org.jspecify.annotations.Nullable;

/** Keyed hashes over what the service's nodes hand out for a while and judge when it comes back. */
public interface Seals {
  /** The ID of the key that seals now, 0 to 15. */
  int signingKey();

  /** HMAC-SHA256, 32 bytes; null where there is no such key, or it is retired. */
  byte @Nullable [] seal(int key, byte[] message);
}
