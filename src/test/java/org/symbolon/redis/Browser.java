package org.symbolon.redis;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.symbolon.session.Decision;
import org.symbolon.session.SecretText;

/** A cookie jar that any number of tabs share. */
final class Browser {
  final AtomicReference<String> jar;

  Browser(String wire) {
    this.jar = new AtomicReference<>(wire);
  }

  /** Sends an ID that was in the jar; the answer's cookie goes there unless the answer is lost. */
  CompletionStage<Decision> send(UseCases node, String wire, boolean isReplyLost) {
    return node.send(wire, true)
        .thenApply(
            decision -> {
              if (!isReplyLost
                  && decision instanceof Decision.Allow(var _, Optional<SecretText> next, var _)) {
                next.ifPresent(id -> jar.set(id.reveal()));
              }
              return decision;
            });
  }
}
