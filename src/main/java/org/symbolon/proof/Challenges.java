package org.symbolon.proof;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.symbolon.session.Handle;
import org.symbolon.session.ReplayGuard;
import org.symbolon.session.Seals;
import org.symbolon.session.Session;

/**
 * What a browser signs to prove its key: {@link Sealed} texts with the session's handle and 12
 * random bytes. Any node makes them and nothing is stored until one is used, which it is once.
 */
final class Challenges {
  private static final int NONCE = 12;
  private static final int HANDLE = 10;
  private static final int SAID = HANDLE + NONCE;
  private static final String OWNER = "dbsc";

  private final Sealed sealed;
  private final ReplayGuard replays;
  private final SecureRandom random;

  Challenges(Seals seals, ReplayGuard replays, SecureRandom random) {
    this.sealed = new Sealed(seals);
    this.replays = replays;
    this.random = random;
  }

  String make(Sealed.Purpose purpose, Session session, Instant now, Duration life) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] said =
        ByteBuffer.allocate(SAID)
            .putShort((short) session.handle().bucket())
            .putLong(session.handle().name())
            .put(nonce)
            .array();
    return sealed.make(purpose, session, now.plus(life), said);
  }

  /** Whose it says it is. */
  static Optional<Handle> handle(String challenge) {
    return Sealed.read(challenge, SAID)
        .map(text -> ByteBuffer.wrap(text.said()))
        .map(said -> new Handle(said.getShort() & 0xffff, said.getLong()));
  }

  /** True where it was made for this and has not ended; whether it was used is still open. */
  boolean isGood(String challenge, Sealed.Purpose purpose, Session session, Instant now) {
    return Sealed.read(challenge, SAID)
        .filter(text -> text.isFor(purpose))
        .filter(text -> now.isBefore(text.endsAt()))
        .filter(text -> sealed.isOf(text, session))
        .isPresent();
  }

  /** Uses it up, on all nodes. */
  CompletionStage<ReplayGuard.Claim> use(String challenge) {
    return Sealed.read(challenge, SAID)
        .map(text -> replays.claim(OWNER, challenge, text.endsAt()))
        .orElseGet(() -> CompletableFuture.completedStage(new ReplayGuard.Seen()));
  }
}
