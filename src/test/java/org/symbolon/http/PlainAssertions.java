package org.symbolon.http;

import java.util.concurrent.CompletableFuture;
import org.symbolon.session.AppAssertions;
import org.symbolon.session.Session;

/** Assertions that say in the clear what they are about, unless they fail. */
public final class PlainAssertions implements AppAssertions {
  /** The audience for which nothing can be signed. */
  public static final String FAULTY = "faulty";

  @Override
  public CompletableFuture<String> of(Session session, String audience) {
    return audience.equals(FAULTY)
        ? CompletableFuture.failedFuture(new IllegalStateException("no key"))
        : CompletableFuture.supplyAsync(() -> session.subject() + " to " + audience);
  }

  @Override
  public CompletableFuture<String> jwks() {
    return CompletableFuture.supplyAsync(() -> "{\"keys\":[]}");
  }
}
