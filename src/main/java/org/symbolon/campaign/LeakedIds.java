package org.symbolon.campaign;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import org.symbolon.session.Handle;
import org.symbolon.session.SessionIds;

/**
 * Finds the sessions of leaked IDs by what their finder can make of an ID without any key: the
 * SHA-256 of its locator, bytes 1 to 8, as hex. It is the same for every generation of a session,
 * and nobody is let in by it.
 */
final class LeakedIds {
  private final SessionIds ids;
  private final Set<String> hashes;
  private final MessageDigest sha256;

  LeakedIds(SessionIds ids, Collection<String> hashes) {
    this.ids = ids;
    this.hashes = Set.copyOf(hashes);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many are looked for. */
  int size() {
    return hashes.size();
  }

  /** Whether an ID of this session is among them. */
  boolean has(Handle handle) {
    return ids.locator(handle)
        .map(locator -> ByteBuffer.allocate(Long.BYTES).putLong(locator.bits()).array())
        .map(bytes -> HexFormat.of().formatHex(sha256.digest(bytes)))
        .filter(hashes::contains)
        .isPresent();
  }
}
