package org.symbolon.nearcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Issuance;
import org.symbolon.session.Likeness;
import org.symbolon.session.Presented;
import org.symbolon.session.QuickProof;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.SessionId;
import org.symbolon.session.SessionStore;

/**
 * Plays every order in which fills, a revocation, the word of it, a proof of the channel and
 * requests can follow one another, and holds each request to the one promise: a session that was
 * ended is not answered for later than the bound.
 */
class InterleavingTest {
  private Desk desk = new Desk();
  private long tick;
  private int orders;
  private int allowed;

  /** One actor's steps in their order. */
  private interface Step {
    void take(World world);
  }

  /** What happens to one session. */
  private final class World {
    final Issuance.Issued session = desk.issued("subject" + orders);
    final SessionId id = ((Presented.Genuine) desk.ids.parse(session.id().reveal())).id();
    final long[] version = new long[2];
    final SessionStore.Finding[] found = new SessionStore.Finding[2];
    boolean isTold;
    long endedAt = Long.MAX_VALUE;
    long provenAt;
    boolean provable;

    void look(int filler) {
      version[filler] = desk.cache.version(id.locator().bucket());
    }

    void find(int filler) {
      found[filler] = Desk.now(desk.truth.find(session.session().handle()));
    }

    void fill(int filler) {
      if (found[filler] instanceof SessionStore.Found(var live, var _)) {
        desk.cache.remember(
            id, live, Instant.MAX, version[filler], Likeness.ANYONE, QuickProof.NONE_NEEDED);
      }
    }

    void end() {
      Desk.now(
          desk.truth.revoke(
              desk.owner(session), session.session().handle(), RevocationReason.ADMIN));
      endedAt = desk.nanos;
    }

    void tell() {
      desk.cache.changed(session.session().handle());
      isTold = true;
    }

    /** The first half of a proof: what has been told when the moment is noted. */
    void note() {
      provenAt = desk.nanos;
      provable = endedAt == Long.MAX_VALUE || isTold;
    }

    void prove() {
      if (provable) {
        desk.cache.current(provenAt);
      }
    }

    void ask() {
      if (desk.recalled(session) == null) {
        return;
      }
      allowed++;
      assertThat(isTold).as("after the word of its end").isFalse();
      assertThat(endedAt == Long.MAX_VALUE || desk.nanos - endedAt < Desk.BOUND.toNanos())
          .as("within the bound of its end")
          .isTrue();
    }
  }

  private static List<Step> filler(int filler) {
    return List.of(w -> w.look(filler), w -> w.find(filler), w -> w.fill(filler));
  }

  private void play(List<List<Step>> actors, int steps) {
    order(actors, new int[actors.size()], new ArrayList<>(), steps);
  }

  private void order(List<List<Step>> actors, int[] next, List<Step> so, int steps) {
    if (so.size() == steps) {
      if (orders % 200 == 0) {
        desk = new Desk();
      }
      World world = new World();
      desk.cache.current(desk.nanos);
      for (Step step : so) {
        step.take(world);
        desk.nanos += tick;
      }
      // The next order starts without a lease.
      desk.nanos += 2 * Desk.BOUND.toNanos();
      orders++;
      return;
    }
    for (int actor = 0; actor < next.length; actor++) {
      if (next[actor] < actors.get(actor).size()) {
        so.add(actors.get(actor).get(next[actor]++));
        order(actors, next, so, steps);
        next[actor]--;
        so.removeLast();
      }
    }
  }

  @Test
  void anOlderFillNeverOutlivesTheWordOfARevocation() {
    // The lease given at the start outlasts them all.
    tick = Desk.BOUND.toNanos() / 40;
    List<Step> requests = List.of(World::ask, World::ask);
    play(List.of(filler(0), filler(1), List.of(World::end, World::tell), requests), 10);
    assertThat(orders).isEqualTo(25_200);
    assertThat(allowed).isPositive();
  }

  @Test
  void withoutAnyWordTheLeaseEndsItWithinTheBound() {
    // The lease is nearly four steps.
    tick = Desk.BOUND.toNanos() / 4;
    List<Step> proofs = List.of(World::note, World::prove, World::note, World::prove);
    play(List.of(filler(0), List.of(World::end), proofs, List.of(World::ask, World::ask)), 10);
    assertThat(orders).isEqualTo(12_600);
    assertThat(allowed).isPositive();
  }

  @Test
  void threadsThatRaceNeverKeepWhatWasTakenAway() throws Exception {
    int rounds = 20_000;
    CyclicBarrier barrier = new CyclicBarrier(2);
    AtomicBoolean isEnded = new AtomicBoolean();
    List<Issuance.Issued> sessions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      sessions.add(desk.issued("racer" + i));
    }
    desk.cache.current(desk.nanos);
    CompletableFuture<Void> teller =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < rounds; i++) {
                meet(barrier);
                isEnded.set(true);
                desk.cache.changed(sessions.get(i % 16).session().handle());
                meet(barrier);
              }
            });
    int filled = 0;
    for (int i = 0; i < rounds; i++) {
      Issuance.Issued session = sessions.get(i % 16);
      SessionId id = ((Presented.Genuine) desk.ids.parse(session.id().reveal())).id();
      isEnded.set(false);
      meet(barrier);
      long version = desk.cache.version(id.locator().bucket());
      if (!isEnded.get()) {
        desk.cache.remember(
            id, session.session(), Instant.MAX, version, Likeness.ANYONE, QuickProof.NONE_NEEDED);
        filled++;
      }
      meet(barrier);
      assertThat(desk.recalled(session)).as("round %s", i).isNull();
    }
    teller.get(10, TimeUnit.SECONDS);
    assertThat(filled).isPositive();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
