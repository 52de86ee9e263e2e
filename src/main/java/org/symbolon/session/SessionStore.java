package org.symbolon.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps sessions by their handle. Each call is one atomic step; the store's clock is the only one.
 * No stage ends in an exception: an outage is {@link Unavailable}. Stages complete on the store's
 * threads.
 */
public interface SessionStore extends RotationStore {
  /** Creates a session, making room for it first where the limit says so. */
  CompletionStage<Creation> create(Draft draft, SubjectLimit limit);

  CompletionStage<Finding> find(Handle handle);

  /**
   * Records a use, unless one within a tenth of the idle time has been recorded or the session is
   * no more. Nothing waits for it.
   */
  void touch(Session session);

  /** Ends a session, leaving a tombstone until its absolute deadline. Repeating it does nothing. */
  CompletionStage<Revocation> revoke(SubjectKey subject, Handle handle, RevocationReason reason);

  /**
   * Ends each of some sessions as {@link #revoke} does. Those of one bucket's neighbours cost less.
   */
  CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason);

  /** A session, and whose it is. */
  record Named(SubjectKey subject, Handle handle) {}

  /**
   * Ends a subject's sessions, all or all but one. Where it is all, those that begin later are good
   * even if this is still under way.
   */
  CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason);

  /**
   * Ends what a subject was issued at an instant of the past or before. Those that began later are
   * good, whenever this comes.
   */
  CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason);

  /**
   * Ends what has been issued in a scope, by a mark and without a look at any session; {@link
   * Revocation.Done} counts none.
   */
  CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason);

  CompletionStage<Listing> list(SubjectKey subject);

  /**
   * Binds a live session, unless it is bound. The first key wins; repeating it with the same key
   * answers as the first call did.
   */
  CompletionStage<Fastening> bind(Handle handle, Binding binding);

  /**
   * Records what is compared of a session's presenters, unless the session has another ID by then
   * or something else was recorded. A step-up forgets it. Nothing waits for it. Where the places
   * differ, whoever remembers the session hears of it.
   *
   * @param session as it was read
   */
  void learn(Session session, SignalHashes signals);

  /**
   * A session to be created; its times are set by the store.
   *
   * @param replaces a session of the same subject that ends in the same step
   */
  record Draft(
      SubjectKey subjectKey,
      Handle handle,
      int key,
      Seed seed,
      Tenant tenant,
      Subject subject,
      Authentication authentication,
      ClientClass clientClass,
      Device device,
      Attributes attributes,
      Timeouts timeouts,
      Optional<Handle> replaces,
      Optional<Binding> binding) {

    /** The session this becomes when the store creates it at an instant. */
    public Session issuedAt(Instant now) {
      return new Session(
          handle,
          key,
          0,
          seed,
          tenant,
          subject,
          authentication,
          clientClass,
          device,
          attributes,
          now,
          now,
          now.plus(timeouts.absolute()),
          timeouts.idle(),
          now,
          true,
          false,
          binding,
          SignalHashes.NONE);
    }
  }

  /** The outcome of a creation. */
  sealed interface Creation permits Created, Full, HandleTaken, Unavailable {}

  /**
   * @param evicted the sessions that had to make room
   */
  record Created(Session session, List<Handle> evicted) implements Creation {}

  /** The limit is reached and the policy is to reject. */
  record Full() implements Creation {}

  /** Another session has this handle: choose another locator. */
  record HandleTaken() implements Creation {}

  /** The outcome of a search. */
  sealed interface Finding permits Found, Ended, Absent, Unavailable {}

  /**
   * @param now the store's clock
   */
  record Found(Session session, Instant now) implements Finding {}

  /** A tombstone. */
  record Ended(RevocationReason reason, Instant at)
      implements Finding, Rotation, Elevation, Fastening {}

  record Absent() implements Finding, Rotation, Elevation, Fastening {}

  /** The outcome of a binding. */
  sealed interface Fastening permits Fastened, Taken, Ended, Absent, Unavailable {}

  /**
   * Bound to the key, now or before.
   *
   * @param session as it is now
   */
  record Fastened(Session session) implements Fastening {}

  /** Bound to another key. */
  record Taken() implements Fastening {}
}
