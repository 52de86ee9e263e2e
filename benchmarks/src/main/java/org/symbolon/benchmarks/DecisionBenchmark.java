package org.symbolon.benchmarks;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.symbolon.campaign.FenceView;
import org.symbolon.campaign.OutageException;
import org.symbolon.http.Reply;
import org.symbolon.http.gateway.Validation;
import org.symbolon.nearcache.NearCache;
import org.symbolon.nearcache.NearCacheSettings;
import org.symbolon.proof.BoundFixture;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Decision;
import org.symbolon.session.Device;
import org.symbolon.session.Evidence;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.Likeness;
import org.symbolon.session.Locator;
import org.symbolon.session.Presented;
import org.symbolon.session.QuickProof;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Seed;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.token.KeyRing;
import org.symbolon.token.RingSeals;
import org.symbolon.token.SessionCookie;
import org.symbolon.token.SessionIdCodec;

/**
 * The whole decision on a Cookie field of 1 KB: find the ID, judge its check, look it up, compare
 * its digest, its deadline, the lease and the known revocations. A miss ends where the store would
 * be asked.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecisionBenchmark {
  private static final int OTHERS = 10_000;

  private final SecureRandom random = new SecureRandom();
  private final KeyRing ring = KeyRing.generate(random);
  private final SessionIdCodec ids = new SessionIdCodec(() -> ring, random);
  private final NearCache<Reply> cache =
      new NearCache<>(
          new NearCacheSettings(100_000, Duration.ofMinutes(1)),
          ids,
          new SessionCookie("__Host-sid", ids),
          Validation::prepared,
          KnownRevocations.NONE,
          _ -> {},
          _ -> System.currentTimeMillis(),
          System::nanoTime);

  /** A hundred campaigns' fences, none of which covers a session here. */
  private final FenceView fences =
      new FenceView(
          new StandingFences(100), ids::signalHash, InstantSource.system(), System::nanoTime);

  private final KnownRevocations behindFences = fences.besides(KnownRevocations.NONE);
  private final NearCache<Reply> fenced =
      new NearCache<>(
          new NearCacheSettings(100_000, Duration.ofMinutes(1)),
          ids,
          new SessionCookie("__Host-sid", ids),
          Validation::prepared,
          behindFences,
          _ -> {},
          _ -> System.currentTimeMillis(),
          System::nanoTime);
  private final Session alice;
  private final BoundFixture bindings = new BoundFixture(new RingSeals(() -> ring));
  private final List<String> known;
  private final List<String> bound;
  private final List<String> unknown;
  private final List<String> junk;
  private final List<String> junkAlone;

  public DecisionBenchmark() {
    for (int i = 0; i < OTHERS; i++) {
      remember(session("user-" + i), QuickProof.NONE_NEEDED);
    }
    Known asked = session("alice");
    alice = asked.session();
    String id = remember(asked, QuickProof.NONE_NEEDED);
    try {
      fences.refresh();
    } catch (OutageException e) {
      throw new IllegalStateException(e);
    }
    known = CookieBenchmark.field(id);
    Known carol = session("carol");
    bound =
        CookieBenchmark.field(
            remember(carol, bindings.proof(carol.session())),
            bindings.pair(carol.session()) + "; ");
    Locator other = ids.newLocator(ids.subjectKey(Tenant.DEFAULT, new Subject("bob")));
    unknown = CookieBenchmark.field(ids.encode(0, other, 0, Seed.random(random)).reveal());
    junk = CookieBenchmark.field(CookieBenchmark.spoilt(id));
    junkAlone = CookieBenchmark.alone(CookieBenchmark.spoilt(id));
  }

  /** A session, and where its ID leads. */
  private record Known(Session session, Locator locator) {}

  private Known session(String name) {
    Subject subject = new Subject(name);
    Locator locator = ids.newLocator(ids.subjectKey(Tenant.DEFAULT, subject));
    Seed seed = Seed.random(random);
    Instant now = Instant.now();
    Session session =
        new Session(
            ids.handle(locator),
            0,
            0,
            seed,
            Tenant.DEFAULT,
            subject,
            new Authentication(now, "aal2", List.of("pwd", "otp")),
            ClientClass.BROWSER,
            Device.UNKNOWN,
            Attributes.NONE,
            now,
            now,
            now.plus(Duration.ofDays(1)),
            Duration.ofHours(1),
            now,
            true,
            false,
            Optional.empty(),
            SignalHashes.NONE);
    return new Known(session, locator);
  }

  private String remember(Known who, QuickProof proof) {
    Session session = who.session();
    String id = ids.encode(0, who.locator(), 0, session.seed()).reveal();
    if (ids.parse(id) instanceof Presented.Genuine(var parsed)) {
      for (NearCache<Reply> each : List.of(cache, fenced)) {
        each.remember(
            parsed,
            session,
            session.issuedAt().plus(Duration.ofHours(1)),
            each.version(who.locator().bucket()),
            Likeness.ANYONE,
            proof);
      }
    }
    return id;
  }

  /** The lease begins anew before each iteration and outlasts it. */
  @Setup(Level.Iteration)
  public void check() {
    cache.current(System.nanoTime());
    fenced.current(System.nanoTime());
    KnownAnswers.Known<Reply> hit = hit();
    KnownAnswers.Known<Reply> refusal = junk();
    KnownAnswers.Known<Reply> aloneToo = junkAlone();
    if (hit == null
        || !(hit.decision() instanceof Decision.Allow)
        || bound() == null
        || hitBehindFences() == null
        || fences.size() != 100
        || everyFence().isPresent()
        || miss() != null
        || refusal == null
        || !(refusal.decision() instanceof Decision.Deny)
        || aloneToo != refusal) {
      throw new IllegalStateException("the fixture is wrong");
    }
  }

  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> hit() {
    return cache.recall(known, () -> Evidence.NONE);
  }

  /** The same while a hundred fences stand: it was held against them before. */
  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> hitBehindFences() {
    return fenced.recall(known, () -> Evidence.NONE);
  }

  /** A session held against a hundred fences, as at its first answer after one was raised. */
  @Benchmark
  public Optional<RevocationReason> everyFence() {
    return behindFences.reason(alice);
  }

  /** Of a session that is bound to a browser's key, with its bound cookie. */
  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> bound() {
    return cache.recall(bound, () -> Evidence.NONE);
  }

  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> miss() {
    return cache.recall(unknown, () -> Evidence.NONE);
  }

  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> junk() {
    return cache.recall(junk, () -> Evidence.NONE);
  }

  /** What a flood of invented IDs brings: no other cookies. */
  @Benchmark
  public KnownAnswers.@Nullable Known<Reply> junkAlone() {
    return cache.recall(junkAlone, () -> Evidence.NONE);
  }
}
