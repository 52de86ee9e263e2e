package org.symbolon.nearcache;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Changes;
import org.symbolon.session.Condition;
import org.symbolon.session.CookieReader;
import org.symbolon.session.Decision;
import org.symbolon.session.Evidence;
import org.symbolon.session.Handle;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.KnownSessions;
import org.symbolon.session.Likeness;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.Session;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionIds;

/**
 * Sessions that the store told of a moment ago.
 *
 * <p>An entry counts while three things hold. <b>Nothing was told against it:</b> each change
 * raises the version of its bucket, and an entry carries the version from before the store was
 * asked, so that one that was filled late never outlives what made it out of date. <b>What happened
 * would have been told:</b> all changes up to some moment within the staleness bound were, else the
 * store is asked each time. <b>It would still be good if nobody had ended it:</b> its deadlines by
 * the store's clock, and the revocations that this node knows. A bound session's entry also asks
 * each request for its proof, and leaves one without it to the store's path, which tells of it.
 *
 * @param <A> an answer as it goes out
 */
public final class NearCache<A> implements KnownAnswers<A>, KnownSessions, Changes {
  /** Of the bound, for an answer to go out in. */
  private static final int MARGIN = 20;

  /** Longer ago than anything. */
  private static final long NEVER = Long.MAX_VALUE / 2;

  private final SessionIds ids;
  private final CookieReader cookies;
  private final Function<Decision, A> prepare;
  private final KnownRevocations revocations;
  private final Consumer<Session> touch;
  private final LongUnaryOperator storeMillis;
  private final LongSupplier nanos;
  private final InstantSource storeClock = this::storeTime;
  private final long lease;
  private final boolean isOff;
  private final Table<A> table;
  private final IdDigest digest = new IdDigest(new SecureRandom());
  private final AtomicIntegerArray versions = new AtomicIntegerArray(Locator.BUCKETS);
  private final Predicate<Entry<A>> isLive = this::isLive;
  private final Presented.Fold<@Nullable Known<A>> recall = new Recall();
  private final Known<A> missing;
  private final Known<A> malformed;
  private final Known<A> ambiguous;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private volatile int epoch;
  private volatile long leaseEnd;

  /**
   * @param prepare makes what goes out; of an allowance without a successor, or of a denial
   * @param touch records a use, and is not waited for
   * @param storeMillis the store's clock, in ms since 1970, at a reading of {@code nanos}
   * @param nanos {@link System#nanoTime}
   */
  public NearCache(
      NearCacheSettings settings,
      SessionIds ids,
      CookieReader cookies,
      Function<Decision, A> prepare,
      KnownRevocations revocations,
      Consumer<Session> touch,
      LongUnaryOperator storeMillis,
      LongSupplier nanos) {
    long bound = settings.bound().toNanos();
    this.ids = ids;
    this.cookies = cookies;
    this.prepare = prepare;
    this.revocations = revocations;
    this.touch = touch;
    this.storeMillis = storeMillis;
    this.nanos = nanos;
    this.lease = bound - bound / MARGIN;
    this.isOff = settings.isOff();
    this.table = new Table<>(settings.entries());
    this.missing = denied(Reason.MISSING);
    this.malformed = denied(Reason.MALFORMED);
    this.ambiguous = denied(Reason.AMBIGUOUS);
    this.leaseEnd = nanos.getAsLong() - NEVER;
  }

  @Override
  public @Nullable Known<A> recall(List<String> cookieFields, Supplier<Evidence> evidence) {
    return recall(cookieFields, evidence, 0);
  }

  @Override
  public @Nullable Known<A> recallStale(
      List<String> cookieFields, Supplier<Evidence> evidence, Duration longest) {
    return recall(cookieFields, evidence, longest.toNanos());
  }

  /**
   * @param longest how many nanoseconds past its lease's end an entry counts
   */
  private @Nullable Known<A> recall(
      List<String> cookieFields, Supplier<Evidence> evidence, long longest) {
    // Before all that may be told of, and compared with the time after: whatever was told up to the
    // lease's beginning is then seen, however long this thread is held up in between.
    long end = leaseEnd;
    Known<A> known = cookies.read(cookieFields, recall);
    if (known instanceof Entry<A> entry) {
      long at = nanos.getAsLong();
      long now = storeMillis.applyAsLong(at);
      if (now >= entry.deadline
          || at - end >= longest
          || !entry.isProved(cookieFields, evidence, now)) {
        known = null;
      } else {
        if (entry.claimsTouch(now)) {
          touch.accept(entry.session());
        }
        entry.use(now);
        (longest == 0 ? hits : stale).increment();
      }
    }
    if (known == null && longest == 0) {
      misses.increment();
    }
    return known;
  }

  @Override
  public long version(int bucket) {
    return (long) epoch << 32 | Integer.toUnsignedLong(versions.get(bucket));
  }

  @Override
  public void remember(
      SessionId id,
      Session session,
      Instant rotationDue,
      long version,
      Likeness likeness,
      QuickProof proof) {
    if (!isOff && version == version(id.locator().bucket())) {
      Decision.Allow allow = new Decision.Allow(session, Optional.empty(), RotationOutcome.NONE);
      long due = rotationDue.equals(Instant.MAX) ? Long.MAX_VALUE : rotationDue.toEpochMilli();
      table.put(
          new Entry<>(
              id, digest, allow, prepare.apply(allow), likeness, proof, due, version, storeClock),
          isLive);
    }
  }

  @Override
  public void changed(Handle handle) {
    changed(handle.bucket());
    ids.locator(handle).ifPresent(locator -> table.remove(locator.bits()));
  }

  /** Some session of the bucket has changed. */
  void changed(int bucket) {
    versions.incrementAndGet(bucket);
  }

  @Override
  public synchronized void missed() {
    epoch++;
  }

  @Override
  public synchronized void current(long asOf) {
    long end = asOf + lease;
    if (end - leaseEnd > 0) {
      leaseEnd = end;
    }
  }

  /** How often the answer was here. */
  public long hits() {
    return hits.sum();
  }

  /** How often the store had to be asked for a genuine ID. */
  public long misses() {
    return misses.sum();
  }

  /** How often the answer was here, and the store gave none. */
  public long staleHits() {
    return stale.sum();
  }

  /** How many entries nothing was told against; looks at each. */
  public int size() {
    return table.count(isLive);
  }

  /** Whether an entry would count now. */
  public boolean isCurrent() {
    return nanos.getAsLong() - leaseEnd < 0;
  }

  private Instant storeTime() {
    return Instant.ofEpochMilli(storeMillis.applyAsLong(nanos.getAsLong()));
  }

  private boolean isLive(Entry<A> entry) {
    return entry.version == version(bucket(entry.locator));
  }

  private static int bucket(long locator) {
    return (int) (locator >>> 48);
  }

  /** Denies what is no session ID. */
  private final class Recall implements Presented.Fold<@Nullable Known<A>> {
    @Override
    public Known<A> missing() {
      return missing;
    }

    @Override
    public Known<A> malformed() {
      return malformed;
    }

    @Override
    public Known<A> ambiguous() {
      return ambiguous;
    }

    /** Finds a session that nothing was told against, by its ID; any other is left to the store. */
    @Override
    public @Nullable Known<A> genuine(
        int key, long locator, int generation, long secretHead, int secretTail) {
      Entry<A> entry = table.find(locator);
      if (entry == null || entry.version != version(bucket(locator))) {
        return null;
      }
      return entry.isOf(digest, key, generation, secretHead, secretTail) && !isRevoked(entry)
          ? entry
          : null;
    }

    private boolean isRevoked(Entry<A> entry) {
      long version = revocations.version();
      if (entry.revocations == version) {
        return false;
      }
      if (revocations.reason(entry.session()).isPresent()) {
        return true;
      }
      entry.revocations = version;
      return false;
    }
  }

  private Known<A> denied(Reason reason) {
    Decision decision = new Decision.Deny(reason);
    return new Denied<>(decision, prepare.apply(decision));
  }

  private record Denied<A>(Decision decision, A answer) implements Known<A> {
    @Override
    public Likeness likeness() {
      return Likeness.ANYONE;
    }

    @Override
    public Optional<Reason> objection(Condition condition) {
      return Optional.empty();
    }

    @Override
    public boolean isRotationDue() {
      return false;
    }
  }
}
