package org.symbolon.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Tells presenters apart without keeping them: the first 64 bits of SHA-256 over a secret of this
 * process and all that is compared of a presenter.
 */
final class PresenterDigest {
  private static final int SECRET = 16;
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(PresenterDigest::sha256);
  private final byte[] secret = new byte[SECRET];

  PresenterDigest(SecureRandom random) {
    random.nextBytes(secret);
  }

  long of(Presenter presenter) {
    MessageDigest digest = SHA256.get();
    digest.update(secret);
    update(digest, presenter.address());
    update(digest, presenter.fingerprint());
    update(digest, presenter.gateway());
    digest.update(presenter.userAgent().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((byte) (bytes.length >> 8));
    digest.update((byte) bytes.length);
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
