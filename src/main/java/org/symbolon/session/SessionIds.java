package org.symbolon.session;

import java.util.Optional;

/** Makes and judges session IDs; all that knows the keys. */
public interface SessionIds {
  SubjectKey subjectKey(Tenant tenant, Subject subject);

  /** A new name in the subject's bucket. */
  Locator newLocator(SubjectKey subject);

  /** The public name, one to one under the ring's bucket key. */
  Handle handle(Locator locator);

  /** The locator that a public name was made of; empty where its bucket is another's. */
  Optional<Locator> locator(Handle handle);

  /** The ID of the key that signs new sessions. */
  int signingKey();

  /**
   * The wire form, 36 characters of base64url.
   *
   * @throws IllegalStateException where the ring has no such key any more
   */
  SecretText encode(int key, Locator locator, int generation, Seed seed);

  /** The wire form of a session's newest ID; under the signing key where its own was retired. */
  default SecretText encode(Session session, Locator locator) {
    try {
      return encode(session.key(), locator, session.generation(), session.seed());
    } catch (IllegalStateException e) {
      return encode(signingKey(), locator, session.generation(), session.seed());
    }
  }

  /** Reads a wire form; a value that is not this service's own is told apart without the store. */
  Presented parse(String text);

  /** Reads a part of a text as a wire form, and makes of it what the fold says. */
  default <R> R parse(String text, int start, int end, Presented.Fold<R> fold) {
    return parse(text.substring(start, end)).fold(fold);
  }

  /** True where the presented secret is the one that the seed yields; false for a retired key. */
  boolean verify(SessionId presented, Seed seed);

  /** 32 bits of a keyed hash of a signal of the device, 0 for an empty one. */
  int signalHash(String signal);
}
