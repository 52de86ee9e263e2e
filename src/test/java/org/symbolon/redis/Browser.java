package org.symbolon.redis;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.symbolon.session.Decision;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Presenter;
import org.symbolon.session.SecretText;
import org.symbolon.session.ValidateSession;

/** A cookie jar that any number of tabs share. */
final class Browser {
  final AtomicReference<String> jar;
  private final PlainIds ids;
  private final ValidateSession validate;

  Browser(PlainIds ids, ValidateSession validate, String wire) {
    this.ids = ids;
    this.validate = validate;
    this.jar = new AtomicReference<>(wire);
  }

  /** Sends an ID that was in the jar; the answer's cookie goes there unless the answer is lost. */
  CompletionStage<Decision> send(String wire, boolean isReplyLost) {
    return validate
        .validate(ids.parse(wire), true, Presenter.UNKNOWN)
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
