package org.symbolon.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a live session's generations move, as a pure function. */
public final class ReferenceRotation {
  /** So many generations before an elevated one are excused that all are. */
  public static final int ALL = 3;

  private ReferenceRotation() {}

  /**
   * @param after the session to keep; empty where it ends
   */
  public record Step(RotationStore.Rotation answer, Optional<Session> after) {}

  /**
   * @param excused how many generations before an elevated one may come from who knows no better
   */
  public static Step rotate(Session now, int excused, RotationStore.Sight sight, Instant at) {
    int presented = sight.generation();
    Duration overlap = sight.policy().overlap();
    if (presented > now.generation()) {
      return kept(
          put(now, sight.presentedKey(), presented, at, true, true), RotationOutcome.HEALED, at);
    }
    if (presented == now.generation()) {
      return current(now, sight, at);
    }
    boolean isFresh = now.isFresh(at, overlap);
    boolean isExcused = excused == ALL || presented >= now.generation() - excused;
    if (!now.hasPredecessor() && isFresh && isExcused) {
      return new Step(new RotationStore.Superseded(now), Optional.of(now));
    }
    if (now.hasPredecessor() && isFresh && presented == now.generation() - 1) {
      return kept(now, now.isSeen() ? RotationOutcome.OVERLAP : RotationOutcome.REISSUED, at);
    }
    boolean isEnded = sight.policy().onReuse() == RotationPolicy.OnReuse.REVOKE_SESSION;
    return new Step(
        new RotationStore.Reused(now, at), isEnded ? Optional.empty() : Optional.of(now));
  }

  private static Step current(Session now, RotationStore.Sight sight, Instant at) {
    boolean isDue =
        switch (sight.ask()) {
          case CONFIRM -> false;
          case ROTATE_IF_AGED -> !at.isBefore(now.rotatedAt().plus(sight.policy().age()));
          case ROTATE -> true;
        };
    boolean isSettled = now.generation() == 0 || !now.isFresh(at, sight.policy().overlap());
    if (isDue && isSettled && now.generation() < Session.LAST_GENERATION) {
      Session next = put(now, sight.signingKey(), now.generation() + 1, at, false, true);
      return kept(next, RotationOutcome.ISSUED, at);
    }
    return now.isSeen()
        ? kept(now, RotationOutcome.NONE, at)
        : kept(
            put(now, sight.presentedKey(), now.generation(), at, true, now.hasPredecessor()),
            RotationOutcome.CONFIRMED,
            at);
  }

  private static Step kept(Session session, RotationOutcome outcome, Instant at) {
    return new Step(new RotationStore.Accepted(session, outcome, at), Optional.of(session));
  }

  public record Raised(RotationStore.Elevation answer, Session after, int excused) {}

  public static Raised elevate(
      Session now,
      int excused,
      Session read,
      Authentication authentication,
      RotationPolicy policy,
      int key,
      Instant at) {
    if (now.generation() == read.generation() + 1
        && !now.isSeen()
        && !now.hasPredecessor()
        && now.authentication().equals(authentication)) {
      return new Raised(new RotationStore.Elevated(now), now, excused);
    }
    if (now.generation() != read.generation()) {
      return new Raised(new RotationStore.Changed(), now, excused);
    }
    if (now.generation() == Session.LAST_GENERATION) {
      return new Raised(new RotationStore.Exhausted(), now, excused);
    }
    Session next =
        copy(now, key, now.generation() + 1, authentication, at, at, false, false)
            .withSignals(SignalHashes.NONE);
    int before = now.hasPredecessor() ? 1 : excused;
    int more = now.isFresh(at, policy.overlap()) ? Math.min(ALL, before + 1) : 1;
    return new Raised(new RotationStore.Elevated(next), next, more);
  }

  public static Session touched(Session s, Instant at) {
    return copy(
        s,
        s.key(),
        s.generation(),
        s.authentication(),
        at,
        s.rotatedAt(),
        s.isSeen(),
        s.hasPredecessor());
  }

  private static Session put(
      Session s, int key, int generation, Instant at, boolean isSeen, boolean hasPredecessor) {
    return copy(s, key, generation, s.authentication(), at, at, isSeen, hasPredecessor);
  }

  private static Session copy(
      Session s,
      int key,
      int generation,
      Authentication authentication,
      Instant used,
      Instant rotated,
      boolean isSeen,
      boolean hasPredecessor) {
    return new Session(
        s.handle(),
        key,
        generation,
        s.seed(),
        s.tenant(),
        s.subject(),
        authentication,
        s.clientClass(),
        s.device(),
        s.attributes(),
        s.issuedAt(),
        used,
        s.absoluteDeadline(),
        s.idle(),
        rotated,
        isSeen,
        hasPredecessor,
        s.binding(),
        s.signals());
  }
}
