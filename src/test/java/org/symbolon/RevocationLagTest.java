package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.Changes;
import org.symbolon.session.Handle;
import org.symbolon.session.Issuance;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionIdCodec;

/**
 * Revokes sessions on one of three nodes and measures when the other two have forgotten them, from
 * the moment the revocation is sent. Prints the figures; how many with {@code
 * -Dsymbolon.revocations=3000}.
 */
class RevocationLagTest {
  private static final int REVOCATIONS = Integer.getInteger("symbolon.revocations", 200);

  /** Notes when a node has forgotten a session. */
  private record Forgetting(Changes cache, Map<Handle, Long> forgotten) implements Changes {
    @Override
    public void changed(Handle handle) {
      cache.changed(handle);
      forgotten.put(handle, System.nanoTime());
    }

    @Override
    public void missed() {
      cache.missed();
    }

    @Override
    public void current(long asOf) {
      cache.current(asOf);
    }
  }

  @Test
  void isSeenOnTheOtherNodes() {
    KeyRing ring = KeyRing.generate(new SecureRandom());
    SessionIdCodec ids = new SessionIdCodec(() -> ring, new SecureRandom());
    Map<Handle, Long> second = new ConcurrentHashMap<>();
    Map<Handle, Long> third = new ConcurrentHashMap<>();
    try (RedisServers servers = RedisServers.standalone();
        Remembering a =
            new Remembering(Remembering.patient(servers.settings()), ids, changes -> changes);
        Remembering b =
            new Remembering(
                Remembering.patient(servers.settings()),
                ids,
                changes -> new Forgetting(changes, second));
        Remembering c =
            new Remembering(
                Remembering.patient(servers.settings()),
                ids,
                changes -> new Forgetting(changes, third))) {
      List<Issuance.Issued> sessions = new ArrayList<>();
      for (int i = 0; i < REVOCATIONS; i++) {
        sessions.add(a.issued("subject" + i));
      }
      long[] lags = new long[REVOCATIONS];
      for (int i = 0; i < REVOCATIONS; i++) {
        Issuance.Issued session = sessions.get(i);
        Handle handle = session.session().handle();
        RedisServers.await(() -> b.allows(session) && b.remembers(session));
        RedisServers.await(() -> c.allows(session) && c.remembers(session));
        long sent = System.nanoTime();
        a.revoke(session);
        while (!second.containsKey(handle) || !third.containsKey(handle)) {
          assertThat(System.nanoTime() - sent).as("never seen").isLessThan(30_000_000_000L);
          Thread.onSpinWait();
        }
        assertThat(b.remembers(session) || c.remembers(session)).isFalse();
        lags[i] = Math.max(second.get(handle), third.get(handle)) - sent;
      }
      Arrays.sort(lags);
      System.out.printf(
          "%d revocations seen on both other nodes: p50 %.3f ms, p99 %.3f ms, most %.3f ms; %d by"
              + " the log%n",
          REVOCATIONS,
          lags[REVOCATIONS / 2] / 1e6,
          lags[REVOCATIONS * 99 / 100] / 1e6,
          lags[REVOCATIONS - 1] / 1e6,
          b.feed.caughtUp() + c.feed.caughtUp());
    }
  }
}
