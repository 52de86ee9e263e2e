package org.symbolon.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Seals;

/** Seals under a key of its own for each ID; those before the oldest are retired. */
public final class PlainSeals implements Seals {
  /** The key that seals now; none before {@link #oldest} is accepted. */
  public volatile int signing = 3;

  public volatile int oldest;

  @Override
  public int signingKey() {
    return signing;
  }

  @Override
  public byte @Nullable [] seal(int key, byte[] message) {
    if (key < oldest || key > signing) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(("key " + key).getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
