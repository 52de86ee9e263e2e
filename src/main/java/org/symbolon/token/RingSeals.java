package org.symbolon.token;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Seals;

/** Seals with the keys of the ring. */
public final class RingSeals implements Seals {
  private final Supplier<KeyRing> ring;

  /**
   * @param ring the ring of the moment, asked on every call
   */
  public RingSeals(Supplier<KeyRing> ring) {
    this.ring = ring;
  }

  @Override
  public int signingKey() {
    return ring.get().signingKey();
  }

  @Override
  public byte @Nullable [] seal(int key, byte[] message) {
    RingKey found = ring.get().accepted(key);
    return found == null ? null : found.seal(message);
  }
}
