package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.symbolon.session.Condition;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.Reason;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;

/**
 * The fences as this node knows them. It asks the store some times within the staleness bound
 * whether any has changed, and knows until when it is right. What the store has lost of them it
 * writes again.
 */
public final class FenceView implements KnownRevocations, Condition {
  private static final Optional<RevocationReason> FENCED = Optional.of(RevocationReason.CAMPAIGN);
  private static final Optional<Reason> ANEW = Optional.of(Reason.ANEW);

  private final FenceStore store;
  private final Criterion.NetworkHash networks;
  private final InstantSource storeClock;
  private final LongSupplier nanos;
  private final Map<String, Fence> known = new HashMap<>();
  private long seen = -1;

  /** The last turn of any session, in ms; and when the version last counted the turns' time. */
  private long smearedUntil;

  private long tickedAt;
  private volatile Standing[] standing = {};
  private volatile long version;
  private volatile long provenAsOf;
  private volatile boolean isProven;

  private record Standing(
      long fencedAtMillis, long smearMillis, boolean isStepUp, Predicate<Session> selected) {
    boolean covers(Session session, InstantSource clock) {
      return session.issuedAt().toEpochMilli() <= fencedAtMillis
          && (!isStepUp || session.authentication().time().toEpochMilli() < fencedAtMillis)
          && selected.test(session)
          && (smearMillis == 0
              || clock.millis() >= fencedAtMillis + Terms.turn(session.handle(), smearMillis));
    }

    long end() {
      return fencedAtMillis + smearMillis;
    }
  }

  /**
   * @param nanos {@link System#nanoTime}
   */
  public FenceView(
      FenceStore store,
      Criterion.NetworkHash networks,
      InstantSource storeClock,
      LongSupplier nanos) {
    this.store = store;
    this.networks = networks;
    this.storeClock = storeClock;
    this.nanos = nanos;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public Optional<RevocationReason> reason(Session session) {
    for (Standing fence : standing) {
      if (!fence.isStepUp() && fence.covers(session, storeClock)) {
        return FENCED;
      }
    }
    return Optional.empty();
  }

  /** Asks for a new authentication where a fence does. */
  @Override
  public Optional<Reason> objection(Session session, Instant now) {
    for (Standing fence : standing) {
      if (fence.isStepUp() && fence.covers(session, storeClock)) {
        return ANEW;
      }
    }
    return Optional.empty();
  }

  private boolean isCovered(Session session) {
    for (Standing fence : standing) {
      if (fence.covers(session, storeClock)) {
        return true;
      }
    }
    return false;
  }

  /**
   * These and others together, for who answers from memory: a session that has yet to authenticate
   * anew is none of theirs either.
   */
  public KnownRevocations besides(KnownRevocations others) {
    return new KnownRevocations() {
      @Override
      public long version() {
        // Both only count up, so that their sum stays the same while both do.
        return version + others.version();
      }

      @Override
      public Optional<RevocationReason> reason(Session session) {
        Optional<RevocationReason> other = others.reason(session);
        return other.isPresent() || !isCovered(session) ? other : FENCED;
      }
    };
  }

  /** How many stand. */
  public int size() {
    return standing.length;
  }

  /** Whether it knew every fence that stood so long ago. */
  public boolean isCurrent(Duration bound) {
    return isProven && nanos.getAsLong() - provenAsOf < bound.toNanos();
  }

  /** Whether it ever knew them. */
  boolean isProven() {
    return isProven;
  }

  /**
   * The instant, by {@link System#nanoTime}, up to which it knows every fence, or the given one
   * where that is earlier.
   */
  public long provenUpTo(long asOf) {
    return isProven && provenAsOf - asOf >= 0 ? asOf : provenAsOf;
  }

  /**
   * Asks the store. Blocks.
   *
   * @throws OutageException where it gives no answer, or a fence can't be read by this version;
   *     what was known stays known
   */
  public synchronized void refresh() throws OutageException {
    long asOf = nanos.getAsLong();
    long now = store.version();
    if (now != seen) {
      learn(store.all());
      seen = now;
    }
    if (tickedAt < smearedUntil) {
      tickedAt = storeClock.millis();
      version++;
    }
    provenAsOf = asOf;
    isProven = true;
  }

  private synchronized void learn(List<Fence> stored) throws OutageException {
    Map<String, Fence> there = new HashMap<>();
    stored.forEach(fence -> there.put(fence.id(), fence));
    for (Fence fence : stored) {
      known.merge(fence.id(), fence, (mine, theirs) -> later(mine, theirs) ? mine : theirs);
    }
    long now = storeClock.millis();
    known.values().removeIf(fence -> fence.until().toEpochMilli() < now);
    List<Standing> next = new ArrayList<>();
    for (Fence fence : known.values()) {
      if (!fence.isLifted()) {
        next.add(compiled(fence));
      }
    }
    standing = next.toArray(Standing[]::new);
    smearedUntil =
        next.stream().filter(f -> f.smearMillis() > 0).mapToLong(Standing::end).max().orElse(0);
    version++;
    for (Fence fence : known.values()) {
      if (!there.containsKey(fence.id()) || later(fence, there.get(fence.id()))) {
        store.restore(fence);
      }
    }
    for (Fence fence : stored) {
      if (!known.containsKey(fence.id())) {
        store.forget(fence);
      }
    }
  }

  private static boolean later(Fence mine, Fence theirs) {
    return mine.revision() > theirs.revision();
  }

  private Standing compiled(Fence fence) throws OutageException {
    try {
      Terms terms = Terms.parse(fence.selection());
      return new Standing(
          fence.fencedAt().toEpochMilli(),
          terms.smear().toMillis(),
          terms.isStepUp(),
          Selection.parse(Terms.behind(fence.selection())).compile(networks));
    } catch (IllegalArgumentException e) {
      throw new OutageException("the fence of " + fence.id() + " is of a newer version");
    }
  }
}
