package org.symbolon.session;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The part of the store that keeps generations; each call is one atomic step. */
public interface RotationStore {
  /**
   * Judges a presented generation whose secret has been verified, and rotates where it may.
   * Delivering a call twice does what delivering it once does.
   */
  CompletionStage<Rotation> rotate(Sight sight);

  /**
   * Gives a session a new authentication and a new generation, whose predecessors are dead.
   * Repeating it answers as the first call did until the new generation has been seen.
   *
   * @param read the session as the caller found it; only this generation of it is elevated
   * @param key the ID of the key for the new generation
   */
  CompletionStage<Elevation> elevate(
      Session read, Authentication authentication, RotationPolicy policy, int key);

  /**
   * A generation that was presented.
   *
   * @param session what the store said of it before
   * @param presentedKey the ID of the key that made the presented ID
   * @param signingKey the ID of the key for a new generation
   */
  record Sight(
      SubjectKey subject,
      Session session,
      int generation,
      int presentedKey,
      Ask ask,
      RotationPolicy policy,
      int signingKey) {}

  /** What a sight may lead to besides a judgement. */
  enum Ask {
    CONFIRM,
    ROTATE_IF_AGED,
    ROTATE
  }

  /** The outcome of a sight. */
  sealed interface Rotation
      permits Accepted, Superseded, Reused, SessionStore.Ended, SessionStore.Absent, Unavailable {}

  /**
   * The presented generation is good.
   *
   * @param session as it is now; its generation is the newest
   * @param outcome anything but {@link RotationOutcome#REUSE}
   */
  record Accepted(Session session, RotationOutcome outcome, Instant now) implements Rotation {}

  /**
   * A step-up has just replaced it, or what replaced it a moment before: dead, and no sign of a
   * thief.
   */
  record Superseded(Session session) implements Rotation {}

  /**
   * Nobody should have it any more. Where the policy is to end the session alone, it is ended; its
   * subject's sessions are left to the caller, this one included, so that a failure in between is
   * made good at the next sight.
   *
   * @param session as it was before
   */
  record Reused(Session session, Instant now) implements Rotation {}

  /** The outcome of an elevation. */
  sealed interface Elevation
      permits Elevated, Changed, Exhausted, SessionStore.Ended, SessionStore.Absent, Unavailable {}

  record Elevated(Session session) implements Elevation {}

  /** The session has another generation than the caller read. */
  record Changed() implements Elevation {}

  /** The session has used its 65,536 generations. */
  record Exhausted() implements Elevation {}
}
