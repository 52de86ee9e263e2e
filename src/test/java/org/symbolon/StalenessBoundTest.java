package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.FaultProxy.Fault;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.Changes;
import org.symbolon.session.Handle;
import org.symbolon.session.Issuance;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionIdCodec;

/**
 * A session that is revoked on one node is allowed on another no later than the bound after the
 * acknowledgement, whatever becomes of the other's connections. That this is about time is the
 * property itself: a request counts by when it began, an acknowledgement by when it was had.
 */
class StalenessBoundTest {
  private static final RedisServers SERVERS = RedisServers.standalone();
  private static final int ROUNDS = 4;

  private final Random random = new Random();
  private final SessionIdCodec ids = ids();

  private static SessionIdCodec ids() {
    KeyRing ring = KeyRing.generate(new SecureRandom());
    return new SessionIdCodec(() -> ring, new SecureRandom());
  }

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  /** A near cache whose entries count whatever the feed can prove. */
  private record Leaseless(Changes cache) implements Changes {
    @Override
    public void changed(Handle handle) {
      cache.changed(handle);
    }

    @Override
    public void missed() {
      cache.missed();
    }

    @Override
    public void current(long asOf) {
      cache.current(asOf + Duration.ofHours(1).toNanos());
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aRevokedSessionIsAllowedNoLongerThanTheBound(Fault fault) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Duration late = late(fault, changes -> changes);
      System.out.printf(
          "%s: last allowed %d ms after the acknowledgement%n", fault, late.toMillis());
      assertThat(late).isLessThanOrEqualTo(Remembering.BOUND);
    }
  }

  /** The control: these faults do keep the word of it from a node, and the lease alone ends it. */
  @ParameterizedTest
  @EnumSource(names = {"HALF_OPEN", "CUT"})
  void withoutTheLeaseItIsAllowedForLonger(Fault fault) throws Exception {
    assertThat(late(fault, Leaseless::new)).isGreaterThan(Remembering.BOUND);
  }

  /** How long after the acknowledgement the last request began that was allowed. */
  private Duration late(Fault fault, UnaryOperator<Changes> changes)
      throws IOException, InterruptedException {
    int redis = SERVERS.settings().nodes().getFirst().getPort();
    try (FaultProxy proxy = new FaultProxy(redis);
        Remembering near = new Remembering(Remembering.patient(SERVERS.settings()), ids, c -> c);
        Remembering far =
            new Remembering(Remembering.through(SERVERS.settings(), proxy.port()), ids, changes)) {
      Issuance.Issued session = near.issued("alice" + random.nextLong());
      RedisServers.await(() -> far.allows(session) && far.remembers(session));
      AtomicBoolean isOver = new AtomicBoolean();
      CompletableFuture<Long> last = CompletableFuture.supplyAsync(() -> ask(far, session, isOver));
      Thread.sleep(random.nextInt(100));
      proxy.set(fault);
      near.revoke(session);
      long acknowledged = System.nanoTime();
      Thread.sleep(2 * Remembering.BOUND.toMillis());
      isOver.set(true);
      Duration late = Duration.ofNanos(last.orTimeout(30, TimeUnit.SECONDS).join() - acknowledged);
      assertThat(proxy.dropped()).as("what did not get through").isPositive();
      proxy.set(Fault.NONE);
      RedisServers.await(() -> far.cache.isCurrent() && !far.allows(session));
      return late;
    }
  }

  /** Asks all the time; gives when the last request began that was allowed. */
  private static long ask(Remembering node, Issuance.Issued session, AtomicBoolean isOver) {
    long last = System.nanoTime();
    while (!isOver.get()) {
      long began = System.nanoTime();
      if (node.allows(session)) {
        last = began;
      }
      LockSupport.parkNanos(200_000);
    }
    return last;
  }
}
