package org.symbolon.nearcache;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.Session;
import org.symbolon.session.SessionIds;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/**
 * Every revocation that this node has heard of, until nothing that it covers can be alive.
 *
 * <p>Its memory is bounded. Where a lane has no room left, what is known of its fullest bucket is
 * <b>condensed</b>: all sessions of that bucket that were issued up to then count as over. One
 * subject in 65,536 then logs in again; nobody who was revoked gets in.
 */
public final class Overlay implements RevocationMemory {
  private static final int COMMON = 256;

  private final SessionIds ids;
  private final InstantSource storeClock;
  private final Runnable told;
  private final List<KnownLane> lanes;

  /** The marks on tenants and on everything. */
  private final ConcurrentMap<Revoked.Scope, Revoked.Mark> wide = new ConcurrentHashMap<>();

  private volatile Instant latest = Instant.EPOCH;
  private final AtomicLong version = new AtomicLong();
  private final LongAdder condensed = new LongAdder();

  /**
   * @param limit how many ended sessions are remembered at most, spread over 256 lanes; about 30
   *     bytes each
   * @param told hears of each time that a bucket was condensed
   */
  public Overlay(SessionIds ids, InstantSource storeClock, int limit, Runnable told) {
    this.ids = ids;
    this.told = told;
    this.storeClock = storeClock;
    int each = Math.max(1, limit / COMMON);
    this.lanes = IntStream.range(0, COMMON).mapToObj(lane -> new KnownLane(lane, each)).toList();
  }

  @Override
  public long version() {
    return version.get();
  }

  @Override
  public Optional<RevocationReason> reason(Session session) {
    Optional<RevocationReason> own =
        lane(session.handle().bucket())
            .reason(session, () -> ids.subjectKey(session.tenant(), session.subject()));
    if (own.isPresent() || wide.isEmpty()) {
      return own;
    }
    return mark(new Revoked.OfTenant(session.tenant()))
        .filter(mark -> covers(mark, session))
        .or(() -> mark(new Revoked.Everything()).filter(mark -> covers(mark, session)))
        .map(Revoked.Mark::reason);
  }

  private Optional<Revoked.Mark> mark(Revoked.Scope scope) {
    return Optional.ofNullable(wide.get(scope));
  }

  static boolean covers(Revoked.Mark mark, Session session) {
    return !session.issuedAt().isAfter(mark.notBefore());
  }

  @Override
  public void learn(Revoked revoked) {
    Instant now = storeClock.instant();
    if (revoked.until().plus(KnownLane.SLACK).isBefore(now)) {
      return;
    }
    KnownLane.Change change =
        switch (revoked) {
          case Revoked.Tombstone tombstone ->
              lane(tombstone.handle().bucket()).learn(tombstone, now);
          case Revoked.Mark mark ->
              switch (mark.scope()) {
                case Revoked.OfSubject(SubjectKey subject) ->
                    lane(subject.bucket()).learn(subject, mark, now);
                case Revoked.OfTenant _, Revoked.Everything _ -> learnWide(mark);
              };
        };
    switch (change) {
      case NOTHING -> {}
      case MARKED -> version.incrementAndGet();
      case CONDENSED -> {
        version.incrementAndGet();
        condensed.increment();
        told.run();
      }
    }
  }

  private synchronized KnownLane.Change learnWide(Revoked.Mark mark) {
    Revoked.@Nullable Mark before = wide.get(mark.scope());
    Revoked.Mark after = before == null ? mark : Marks.merge(before, mark);
    wide.put(mark.scope(), after);
    latest = after.notBefore().isAfter(latest) ? after.notBefore() : latest;
    return after.equals(before) ? KnownLane.Change.NOTHING : KnownLane.Change.MARKED;
  }

  @Override
  public Instant notBefore(Tenant tenant) {
    Instant ofTenant = notBefore(new Revoked.OfTenant(tenant));
    Instant ofAll = notBefore(new Revoked.Everything());
    return ofTenant.isAfter(ofAll) ? ofTenant : ofAll;
  }

  private Instant notBefore(Revoked.Scope scope) {
    return mark(scope).map(Revoked.Mark::notBefore).orElse(Instant.EPOCH);
  }

  @Override
  public Instant latest() {
    return latest;
  }

  @Override
  public List<Revoked> of(int lane) {
    return lane < COMMON ? lanes.get(lane).all() : List.copyOf(wide.values());
  }

  /** How many ended sessions are remembered; a subject's mark counts as six. */
  public int size() {
    return lanes.stream().mapToInt(KnownLane::size).sum();
  }

  /** How often a bucket had to be condensed. */
  public long condensed() {
    return condensed.sum();
  }

  private KnownLane lane(int bucket) {
    return lanes.get(bucket >>> 8);
  }
}
