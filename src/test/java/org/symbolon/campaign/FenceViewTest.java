package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Authentication;
import org.symbolon.session.Handle;
import org.symbolon.session.KnownRevocations;
import org.symbolon.session.Reason;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SignalHashes;

class FenceViewTest {
  private static final Instant NOON = People.NOON;

  private final Stored stored = new Stored();
  private Instant now = NOON.plusSeconds(60);
  private long nanos = 1_000;
  private final FenceView view = new FenceView(stored, _ -> 0, () -> now, () -> nanos);

  private static final class Stored implements FenceStore {
    final Map<String, Fence> fences = new TreeMap<>();
    final List<String> restored = new ArrayList<>();
    long version;
    boolean isDown;

    void put(Fence fence) {
      fences.put(fence.id(), fence);
      version++;
    }

    @Override
    public long version() throws OutageException {
      if (isDown) {
        throw new OutageException("down");
      }
      return version;
    }

    @Override
    public List<Fence> all() {
      return List.copyOf(fences.values());
    }

    @Override
    public void restore(Fence fence) {
      restored.add(fence.id());
      put(fence);
    }

    @Override
    public void forget(Fence fence) {
      fences.remove(fence.id());
    }
  }

  private static Fence fence(String id, long revision, boolean isLifted, String selection) {
    return new Fence(id, revision, NOON, NOON.plus(Duration.ofHours(24)), isLifted, selection);
  }

  private static Session authenticatedAt(Instant instant) {
    return issuedAt(NOON, new Authentication(instant, "", List.of()));
  }

  private static Session issuedAt(Instant instant) {
    return issuedAt(instant, new Authentication(NOON.minusSeconds(1), "", List.of()));
  }

  private static Session issuedAt(Instant instant, Authentication authentication) {
    Session session;
    Random random = new Random(3);
    do {
      session = People.session(random);
    } while (!session.issuedAt().equals(NOON));
    return new Session(
        session.handle(),
        session.key(),
        0,
        session.seed(),
        session.tenant(),
        session.subject(),
        authentication,
        session.clientClass(),
        session.device(),
        session.attributes(),
        instant,
        instant,
        session.absoluteDeadline(),
        session.idle(),
        instant,
        true,
        false,
        Optional.empty(),
        SignalHashes.NONE);
  }

  @Test
  void coversWhatWasIssuedUpToTheFence() throws OutageException {
    stored.put(fence("a", 3, false, "all=true\n"));
    view.refresh();
    assertThat(view.reason(issuedAt(NOON.minusMillis(1)))).contains(RevocationReason.CAMPAIGN);
    assertThat(view.reason(issuedAt(NOON.plusNanos(999_999)))).isPresent();
    assertThat(view.reason(issuedAt(NOON.plusMillis(1)))).isEmpty();
  }

  @Test
  void countsUpWhenAnythingChangedAndOnlyThen() throws OutageException {
    long version = view.version();
    view.refresh();
    long begun = view.version();
    view.refresh();
    assertThat(view.version()).isEqualTo(begun).isGreaterThan(version);
    stored.put(fence("a", 3, false, "tenant=t9\n"));
    view.refresh();
    assertThat(view.version()).isGreaterThan(begun);
  }

  @Test
  void writesAgainWhatTheStoreLost() throws OutageException {
    stored.put(fence("a", 3, false, "all=true\n"));
    stored.put(fence("b", 3, true, "all=true\n"));
    view.refresh();
    stored.fences.clear();
    stored.put(fence("b", 2, false, "all=true\n"));
    stored.version = 1;
    view.refresh();
    assertThat(stored.restored).containsExactlyInAnyOrder("a", "b");
    assertThat(stored.all()).extracting(Fence::isLifted).containsExactly(false, true);
    assertThat(view.size()).isOne();
    assertThat(view.reason(issuedAt(NOON))).isPresent();
  }

  @Test
  void aStepUpAsksForAnAuthenticationAfterTheFence() throws OutageException {
    KnownRevocations fromMemory = view.besides(KnownRevocations.NONE);
    stored.put(fence("a", 3, false, "!step_up\nall=true\n"));
    view.refresh();
    Session old = authenticatedAt(NOON.minusMillis(1));
    assertThat(view.reason(old)).isEmpty();
    assertThat(view.objection(old, now)).contains(Reason.ANEW);
    assertThat(fromMemory.reason(old)).isPresent();
    Session anew = authenticatedAt(NOON);
    assertThat(view.objection(anew, now)).isEmpty();
    assertThat(fromMemory.reason(anew)).isEmpty();
    assertThat(view.objection(issuedAt(NOON.plusMillis(1)), now)).isEmpty();
    stored.put(fence("a", 4, true, "!step_up\nall=true\n"));
    view.refresh();
    assertThat(view.objection(old, now)).isEmpty();
    assertThat(fromMemory.reason(old)).isEmpty();
  }

  @Test
  void aSmearGivesEachSessionItsTurn() throws OutageException {
    stored.put(fence("a", 3, false, "!smear=60000\nall=true\n"));
    now = NOON;
    view.refresh();
    List<Session> sessions =
        new Random(5)
            .longs(600)
            .mapToObj(name -> named(issuedAt(NOON), new Handle(1, name)))
            .toList();
    long before = view.version();
    List<Long> covered = new ArrayList<>();
    for (int second = 0; second <= 60; second += 15) {
      now = NOON.plusSeconds(second);
      view.refresh();
      covered.add(sessions.stream().filter(s -> view.reason(s).isPresent()).count());
    }
    assertThat(covered.getFirst()).isZero();
    assertThat(covered.get(1)).isBetween(110L, 190L);
    assertThat(covered.get(2)).isBetween(250L, 350L);
    assertThat(covered.getLast()).isEqualTo(600);
    assertThat(view.version() - before).as("what is remembered is judged anew").isEqualTo(5);
    view.refresh();
    assertThat(view.version() - before).as("and no more after the last turn").isEqualTo(5);
  }

  private static Session named(Session s, Handle handle) {
    return new Session(
        handle,
        s.key(),
        s.generation(),
        s.seed(),
        s.tenant(),
        s.subject(),
        s.authentication(),
        s.clientClass(),
        s.device(),
        s.attributes(),
        s.issuedAt(),
        s.lastSeenAt(),
        s.absoluteDeadline(),
        s.idle(),
        s.rotatedAt(),
        s.isSeen(),
        s.hasPredecessor(),
        s.binding(),
        s.signals());
  }

  @Test
  void aLiftedFenceCoversNothing() throws OutageException {
    stored.put(fence("a", 3, false, "all=true\n"));
    view.refresh();
    stored.put(fence("a", 4, true, "all=true\n"));
    view.refresh();
    assertThat(view.reason(issuedAt(NOON))).isEmpty();
  }

  @Test
  void forgetsWhatIsOutlived() throws OutageException {
    stored.put(fence("a", 3, false, "all=true\n"));
    view.refresh();
    now = NOON.plus(Duration.ofHours(25));
    stored.version++;
    view.refresh();
    assertThat(view.size()).isZero();
    assertThat(stored.fences).isEmpty();
  }

  @Test
  void knowsUntilWhenItIsRight() throws OutageException {
    Duration bound = Duration.ofSeconds(1);
    assertThat(view.isCurrent(bound)).isFalse();
    view.refresh();
    nanos += bound.toNanos() - 1;
    assertThat(view.isCurrent(bound)).isTrue();
    assertThat(view.provenUpTo(nanos)).isEqualTo(1_000);
    assertThat(view.provenUpTo(500)).isEqualTo(500);
    nanos += 1;
    assertThat(view.isCurrent(bound)).isFalse();
    stored.isDown = true;
    assertThatThrownBy(view::refresh).isInstanceOf(OutageException.class);
    assertThat(view.isCurrent(bound)).isFalse();
  }

  @Test
  void isNotRightWhileItCantReadAFence() throws OutageException {
    view.refresh();
    nanos += Duration.ofSeconds(2).toNanos();
    stored.put(fence("a", 3, false, "planet=earth\n"));
    assertThatThrownBy(view::refresh)
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("newer version");
    stored.put(fence("a", 4, false, "!banish\nall=true\n"));
    assertThatThrownBy(view::refresh)
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("newer version");
    assertThat(view.isCurrent(Duration.ofSeconds(1))).isFalse();
  }
}
