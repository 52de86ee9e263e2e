package org.symbolon;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.symbolon.nearcache.NearCache;
import org.symbolon.nearcache.NearCacheSettings;
import org.symbolon.redis.ChangeFeed;
import org.symbolon.redis.Durability;
import org.symbolon.redis.Obstacle;
import org.symbolon.redis.RedisLink;
import org.symbolon.redis.RedisSessionStore;
import org.symbolon.redis.RedisSettings;
import org.symbolon.redis.StoreCheck;
import org.symbolon.redis.StoreClock;
import org.symbolon.session.Attributes;
import org.symbolon.session.Authentication;
import org.symbolon.session.Changes;
import org.symbolon.session.ClientClass;
import org.symbolon.session.Counts;
import org.symbolon.session.Decision;
import org.symbolon.session.Device;
import org.symbolon.session.Evidence;
import org.symbolon.session.Issuance;
import org.symbolon.session.IssueSession;
import org.symbolon.session.KnownAnswers;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.Likeness;
import org.symbolon.session.Login;
import org.symbolon.session.Presented;
import org.symbolon.session.Presenter;
import org.symbolon.session.QuickProof;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.token.SessionCookie;
import org.symbolon.token.SessionIdCodec;

/** What of a node remembers sessions and forgets them, over a real store and without HTTP. */
final class Remembering implements AutoCloseable {
  static final Duration BOUND = Duration.ofSeconds(1);
  private static final String COOKIE = "__Host-sid";

  final RedisLink link;
  final StoreClock clock;
  final RedisSessionStore store;
  final NearCache<String> cache;
  final ChangeFeed feed;
  private final SessionIdCodec ids;
  private final IssueSession issue;

  /**
   * @param ids of all the nodes
   * @param changes what hears of changes in the near cache's place
   */
  Remembering(RedisSettings settings, SessionIdCodec ids, UnaryOperator<Changes> changes) {
    this.ids = ids;
    this.link =
        switch (StoreCheck.open(settings)) {
          case StoreCheck.Ready(RedisLink ready) -> ready;
          case Obstacle obstacle -> throw new AssertionError(obstacle.toString());
        };
    this.clock = new StoreClock(link, InstantSource.system());
    this.store = new RedisSessionStore(link, clock, new Counts(), Durability.DEFAULT);
    this.cache =
        new NearCache<>(
            new NearCacheSettings(10_000, BOUND),
            ids,
            new SessionCookie(COOKIE, ids),
            Decision::toString,
            KnownRevocations.NONE,
            _ -> {},
            clock::millisAt,
            System::nanoTime);
    this.feed = new ChangeFeed(link, clock, BOUND, changes.apply(cache), _ -> {}, _ -> {}, _ -> {});
    TieredPolicy policy =
        new TieredPolicy(
            new TieredPolicy.Tier(
                Optional.of(Duration.ofHours(1)),
                Optional.of(Duration.ofHours(12)),
                Optional.of(1000),
                Optional.empty()),
            Map.of(),
            Map.of());
    this.issue = new IssueSession(ids, store, policy, _ -> {}, clock, new SecureRandom());
  }

  /** The same servers by another port. */
  static RedisSettings through(RedisSettings settings, int port) {
    return with(settings, port, settings.timeout());
  }

  /** The same with more patience than the service has, for what is not about outages. */
  static RedisSettings patient(RedisSettings settings) {
    return with(settings, settings.nodes().getFirst().getPort(), Duration.ofSeconds(5));
  }

  private static RedisSettings with(RedisSettings settings, int port, Duration timeout) {
    return new RedisSettings(
        List.of(URI.create("redis://127.0.0.1:" + port)),
        settings.mode(),
        settings.username(),
        settings.password(),
        timeout,
        settings.ca());
  }

  Issuance.Issued issued(String subject) {
    return (Issuance.Issued)
        issue
            .issue(
                new Login(
                    Tenant.DEFAULT,
                    new Subject(subject),
                    new Authentication(clock.instant(), "", List.of()),
                    ClientClass.BROWSER,
                    Device.UNKNOWN,
                    Attributes.NONE,
                    new Presented.Missing(),
                    Presenter.UNKNOWN,
                    List.of()))
            .toCompletableFuture()
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
  }

  /** Ends a session, and is back when that is acknowledged. */
  void revoke(Issuance.Issued issued) {
    Revocation revocation =
        store
            .revoke(
                ids.subjectKey(Tenant.DEFAULT, issued.session().subject()),
                issued.session().handle(),
                RevocationReason.ADMIN)
            .toCompletableFuture()
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
    if (!revocation.equals(new Revocation.Done(1))) {
      throw new AssertionError(revocation.toString());
    }
  }

  /** Whether a request with the session's ID is allowed, from memory where that counts. */
  boolean allows(Issuance.Issued issued) {
    return remembers(issued) || asksFor(issued);
  }

  boolean remembers(Issuance.Issued issued) {
    KnownAnswers.Known<String> known =
        cache.recall(List.of(COOKIE + "=" + issued.id().reveal()), () -> Evidence.NONE);
    return known != null && known.decision() instanceof Decision.Allow;
  }

  private boolean asksFor(Issuance.Issued issued) {
    SessionId id = ((Presented.Genuine) ids.parse(issued.id().reveal())).id();
    long version = cache.version(id.locator().bucket());
    SessionStore.Finding finding =
        store.find(issued.session().handle()).toCompletableFuture().join();
    if (finding instanceof SessionStore.Found(var session, var _)) {
      cache.remember(id, session, Instant.MAX, version, Likeness.ANYONE, QuickProof.NONE_NEEDED);
      return true;
    }
    return false;
  }

  @Override
  public void close() {
    feed.close();
    clock.close();
    link.close();
  }
}
