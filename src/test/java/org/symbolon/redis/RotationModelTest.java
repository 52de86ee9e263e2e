package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Decision;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.Handle;
import org.symbolon.session.PlainIds;
import org.symbolon.session.Reason;
import org.symbolon.session.ReferenceStore;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.Unavailable;

/**
 * Users, thieves, backends and faults at random, each answer judged twice: by the same use cases
 * over the plain reference store, and by what a witness who knows no generation's state holds true.
 * {@code -Dsymbolon.seed} repeats a run, {@code -Dsymbolon.steps} makes it longer; from 20,000
 * steps on they are shared by several such worlds. One whose store failed is left, and another
 * begins.
 */
class RotationModelTest {
  private static final int STEPS = Integer.getInteger("symbolon.steps", 4_000);
  private static final int WORLDS = Math.clamp(STEPS / 10_000, 1, 8);
  private static final String OUTAGE = "the store failed";
  private static final Duration AGE = Duration.ofMinutes(15);
  private static final Duration OVERLAP = Duration.ofSeconds(10);
  private static final Duration ABSOLUTE = Duration.ofHours(4);
  private static final Duration IDLE = Duration.ofMinutes(40);
  private static final int USERS = 4;

  private static final TieredPolicy POLICY = UseCases.policy(IDLE, ABSOLUTE, AGE, OVERLAP);

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void keepsItsPromises(RedisSettings.Mode mode) {
    long seed = Long.getLong("symbolon.seed", System.nanoTime());
    RedisServers servers = RedisServers.shared(mode);
    Map<String, Integer> sum = new ConcurrentSkipListMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WORLDS)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < WORLDS; i++) {
        long own = seed + i;
        all.add(CompletableFuture.runAsync(() -> run(servers, own, sum), threads));
      }
      all.forEach(CompletableFuture::join);
    }
    System.out.println(mode + ": " + STEPS + " steps " + sum);
    assertThat(sum.keySet()).contains("theft caught");
    assertThat(sum.getOrDefault(OUTAGE, 0)).isLessThanOrEqualTo(STEPS / 1_000);
  }

  private static void run(RedisServers servers, long seed, Map<String, Integer> sum) {
    World world = new World(servers, seed);
    try {
      for (int step = 0; step < STEPS / WORLDS; step++) {
        if (step % 10_000 == 0) {
          System.out.println("-Dsymbolon.seed=" + seed + ", step " + step);
        }
        world.where = "-Dsymbolon.seed=" + seed + ", step " + step;
        if (!world.step()) {
          world.count(OUTAGE);
          world.end(sum);
          world = new World(servers, seed ^ step);
        }
      }
    } finally {
      world.end(sum);
    }
  }

  /** The same bytes for the same seed. */
  private static final class Repeatable extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final Random random;

    Repeatable(long seed) {
      random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }
  }

  /** What a witness knows of a session. */
  private static final class Track {
    private final Subject subject;
    private final Handle handle;
    private final Instant deadline;
    private final Map<Integer, String> wires = new HashMap<>();
    private final Map<Integer, Instant> firstSeen = new HashMap<>();
    private final List<String> underWay = new ArrayList<>();
    private String jar;
    private final Set<Integer> excused = new HashSet<>();
    private int lastElevated = -1;
    private int unsettled;
    private boolean isRevoked;
    private boolean isAttacked;
    private boolean isRolledBack;
    private Instant lastUse;

    Track(Subject subject, Handle handle, String wire, Instant now) {
      this.subject = subject;
      this.handle = handle;
      this.jar = wire;
      this.deadline = now.plus(ABSOLUTE);
      this.lastUse = now;
      wires.put(0, wire);
    }
  }

  private static final class World {
    private OpenStore store;
    private final ReferenceStore reference = new ReferenceStore();
    private final RedisServers servers;
    private final UseCases real;
    private final UseCases ideal;
    private final Random random;
    private final List<Track> tracks = new ArrayList<>();
    private final Map<String, Integer> done = new TreeMap<>();
    private Instant now;
    private String where = "";
    private volatile boolean touched;

    World(RedisServers servers, long seed) {
      this.store = open(servers);
      this.servers = servers;
      this.random = new Random(seed);
      this.now = reference.now();
      this.real = new UseCases(connected(), POLICY, () -> now, new Repeatable(seed));
      this.ideal = new UseCases(reference, POLICY, () -> now, new Repeatable(seed));
      store.at(now);
    }

    void end(Map<String, Integer> sum) {
      store.close();
      done.forEach((what, times) -> sum.merge(what, times, Integer::sum));
      real.counts.rotations.forEach((what, times) -> sum.merge(what.name(), times, Integer::sum));
    }

    /** Opens a store; again where a busy machine was too slow for it. */
    private static OpenStore open(RedisServers servers) {
      for (int left = 20; ; left--) {
        try {
          return new OpenStore(servers);
        } catch (AssertionError | IllegalStateException e) {
          if (left == 0) {
            throw e;
          }
        }
      }
    }

    /** The store of whichever node there is at the moment. */
    private SessionStore connected() {
      return (SessionStore)
          Proxy.newProxyInstance(
              SessionStore.class.getClassLoader(),
              new Class<?>[] {SessionStore.class},
              (_, method, arguments) -> {
                touched |= method.getName().equals("touch");
                return method.invoke(store.store, arguments);
              });
    }

    /** A node dies with a request whose answer nobody gets, and another takes its place. */
    private void crash() {
      OpenStore next = open(servers);
      next.at(now);
      store.close();
      store = next;
      count("crashed");
    }

    private static int key(String wire) {
      return Integer.parseInt(wire.split(":", -1)[3]);
    }

    private boolean isRetired(String wire) {
      return real.ids.isRetired(key(wire));
    }

    /** The keys change: new IDs are made with the next, and maybe an older one is retired. */
    private void changeKeys() {
      int next = (real.ids.signingKey() + 1) % 16;
      int old = random.nextInt(16);
      for (PlainIds ids : List.of(real.ids, ideal.ids)) {
        ids.signWith(next);
        if (old != next) {
          ids.retire(old);
        }
      }
      count("keys changed");
    }

    private void count(String what) {
      done.merge(what, 1, Integer::sum);
    }

    /** Makes a step; false where the store failed, so that what was seen says nothing. */
    boolean step() {
      try {
        act();
      } catch (RuntimeException | AssertionError e) {
        if (!isOut() && !(e.getCause() instanceof RedisException)) {
          throw e;
        }
        return false;
      }
      return !isOut();
    }

    private boolean isOut() {
      return store.counts.outages.sum() > 0;
    }

    private void act() {
      while (tracks.size() < USERS) {
        tracks.add(login());
      }
      Track track = tracks.get(random.nextInt(tracks.size()));
      switch (random.nextInt(20)) {
        case 0 -> advance(Duration.ofMillis(random.nextInt(3_000)));
        case 1 -> pass(Duration.ofSeconds(random.nextInt(1_200)));
        case 2 -> {
          if (random.nextInt(4) == 0) {
            elevate(track);
          }
        }
        case 3 -> {
          if (random.nextInt(10) == 0) {
            revoke(track);
          }
        }
        case 4 -> {
          if (random.nextInt(4) == 0) {
            steal(track);
          }
        }
        case 5 -> {
          if (random.nextInt(6) == 0) {
            rollBack(track);
          }
        }
        case 6 -> {
          if (random.nextInt(100) == 0) {
            present(track, track.jar, true, true);
            crash();
          } else if (random.nextInt(20) == 0) {
            changeKeys();
          }
        }
        case 7 -> track.underWay.add(track.jar);
        case 8, 9 -> deliver(track);
        case 10 -> {
          present(track, track.jar, true, true);
          count("reply lost");
        }
        case 11 -> {
          String wire = track.jar;
          present(track, wire, true, random.nextBoolean());
          present(track, wire, true, random.nextBoolean());
          count("delivered twice");
        }
        case 12 -> present(track, track.jar, false, false);
        default -> present(track, track.jar, true, false);
      }
    }

    private Track login() {
      Subject subject = new Subject("m" + Long.toUnsignedString(random.nextLong(), 36));
      String wire = real.login(subject);
      assertThat(ideal.login(subject)).as(where).isEqualTo(wire);
      return new Track(subject, real.handle(wire), wire, now);
    }

    private void advance(Duration step) {
      // What is under way arrives within the overlap.
      now = now.plus(step);
      reference.advance(step);
      store.at(now);
      for (Track track : List.copyOf(tracks)) {
        deliver(track);
      }
    }

    private void pass(Duration step) {
      for (Track track : List.copyOf(tracks)) {
        deliver(track);
      }
      advance(step);
    }

    private void deliver(Track track) {
      List<String> wires = List.copyOf(track.underWay);
      track.underWay.clear();
      wires.forEach(wire -> present(track, wire, random.nextBoolean(), true));
    }

    /** An honest presentation. */
    private void present(Track track, String wire, boolean isCarried, boolean isLost) {
      if (!tracks.contains(track)) {
        return;
      }
      Decision decision = show(track, wire, isCarried);
      switch (decision) {
        case Decision.Allow allow -> {
          if (!isLost) {
            allow.successor().ifPresent(next -> track.jar = next.reveal());
          }
        }
        case Decision.Deny deny -> {
          // Idle is cut by up to a tenth; after a roll-back, by the uses that were forgotten.
          boolean isAllowed =
              switch (deny.reason()) {
                case EXPIRED ->
                    !now.isBefore(track.deadline)
                        || !now.isBefore(track.lastUse.plus(Duration.ofMinutes(36)));
                case REVOKED -> track.isRevoked;
                case REUSED -> track.isAttacked;
                case SUPERSEDED -> UseCases.generation(wire) < track.lastElevated;
                case MALFORMED -> isRetired(wire);
                case MISSING,
                    AMBIGUOUS,
                    INSUFFICIENT,
                    CSRF,
                    BINDING_MISSING,
                    BINDING_STALE,
                    BINDING_WRONG,
                    BINDING_REPLAYED,
                    INVALID_DPOP_PROOF,
                    USE_DPOP_NONCE,
                    UNBOUND,
                    SIGNALS_DIFFER,
                    STEP_UP,
                    ANEW ->
                    false;
              };
          assertThat(isAllowed)
              .as(
                  "%s: honest user denied: %s, generation %s",
                  where, deny.reason(), UseCases.generation(wire))
              .isTrue();
          if (deny.reason() != Reason.SUPERSEDED && isOf(track.jar, wire)) {
            tracks.remove(track);
            count("session over: " + deny.reason().code());
          }
        }
        case Unavailable outage -> throw new AssertionError(where + outage);
      }
    }

    /** True where a refusal of an ID holds for the one in the jar as well. */
    private boolean isOf(String jar, String wire) {
      return !isRetired(wire) || isRetired(jar);
    }

    private Decision show(Track track, String wire, boolean isCarried) {
      touched = false;
      Decision decision = real.show(wire, isCarried);
      if (touched) {
        // Commands of one connection are answered in order, a script's text after its digest.
        store.find(track.handle);
        store.find(track.handle);
      }
      same(track, told(decision), told(ideal.show(wire, isCarried)));
      if (decision instanceof Decision.Allow allow) {
        int generation = UseCases.generation(wire);
        assertThat(now).as(where + ": no 200 past a deadline").isBefore(track.deadline);
        if (!track.lastUse.equals(Instant.EPOCH)) {
          assertThat(now).as(where + ": no 200 past idleness").isBefore(track.lastUse.plus(IDLE));
        }
        assertThat(allow.session().absoluteDeadline())
            .as(where + ": the deadline stays")
            .isEqualTo(track.deadline);
        assertThat(track.isRevoked).as(where + ": no 200 after a revoke").isFalse();
        if (!track.isRolledBack) {
          assertThat(generation)
              .as(where + ": dead at once on a step-up")
              .isGreaterThanOrEqualTo(track.lastElevated);
          track.firstSeen.forEach(
              (seen, at) ->
                  assertThat(seen > generation && !now.isBefore(at.plus(OVERLAP)))
                      .as(where + ": generation " + generation + " after " + seen)
                      .isFalse());
        }
        track.firstSeen.putIfAbsent(generation, now);
        allow
            .successor()
            .ifPresent(next -> only(track, UseCases.generation(next.reveal()), next.reveal()));
        track.lastUse = now;
      }
      return decision;
    }

    /** Past its deadline a session is refused; a stopped clock leaves Redis its tombstone. */
    private void same(Track track, String actual, String expected) {
      if (now.isBefore(track.deadline)) {
        assertThat(actual).as(where).isEqualTo(expected);
      } else {
        assertThat(List.of(actual, expected))
            .as(where)
            .allMatch(told -> told.startsWith("deny ") || told.startsWith("not live "));
      }
    }

    private void only(Track track, int generation, String wire) {
      String known = track.wires.putIfAbsent(generation, wire);
      // A store that forgot a successor makes it again with the key that is in use by then.
      boolean isForgotten = known != null && track.isRolledBack && key(known) != key(wire);
      if (known != null && (isRetired(known) || isForgotten)) {
        track.wires.put(generation, wire);
        count("made again with another key");
        return;
      }
      assertThat(known == null || known.equals(wire))
          .as(where + ": one successor of a generation")
          .isTrue();
    }

    /** A thief shows an ID that there ever was; an old one past its overlap is caught. */
    private void steal(Track track) {
      List<Integer> generations = track.wires.keySet().stream().sorted().toList();
      int generation = generations.get(random.nextInt(generations.size()));
      String wire = track.wires.getOrDefault(generation, track.jar);
      if (isRetired(wire)) {
        assertThat(show(track, wire, true))
            .as(where)
            .isEqualTo(new Decision.Deny(Reason.MALFORMED));
        return;
      }
      boolean isStale = isStale(track, generation);
      boolean wasLive = store.live(track.handle).isPresent();
      track.isAttacked = true;
      Decision decision = show(track, wire, true);
      if (isStale && !track.isRolledBack && wasLive) {
        boolean isCaught = !store.live(track.handle).isPresent();
        // What was good when a step-up came is refused without an alarm until its ID was in use
        // for the overlap; and so is everything where too many came in a row.
        boolean isRefused =
            decision instanceof Decision.Deny(Reason reason)
                && reason == Reason.SUPERSEDED
                && !isStale(track, track.lastElevated - 1)
                && (track.excused.contains(generation) || track.unsettled >= 3);
        assertThat(decision).as(where).isInstanceOf(Decision.Deny.class);
        assertThat(isCaught || isRefused).as(where + ": replay caught").isTrue();
        count(isCaught ? "theft caught" : "theft refused");
        if (isCaught) {
          assertThat(show(track, track.jar, true))
              .as(where)
              .isEqualTo(
                  new Decision.Deny(isRetired(track.jar) ? Reason.MALFORMED : Reason.REUSED));
          tracks.remove(track);
        }
      }
    }

    private boolean isStale(Track track, int generation) {
      return track.firstSeen.entrySet().stream()
          .anyMatch(e -> e.getKey() > generation && !now.isBefore(e.getValue().plus(OVERLAP)));
    }

    private void elevate(Track track) {
      Instant time = now;
      ElevateSession.Outcome first = OpenStore.await(real.elevate(track.handle, time));
      same(track, told(first), told(OpenStore.await(ideal.elevate(track.handle, time))));
      if (first instanceof ElevateSession.Elevated elevated) {
        if (random.nextInt(3) == 0) {
          assertThat(told(OpenStore.await(real.elevate(track.handle, time))))
              .as(where + ": asked again")
              .isEqualTo(told(first));
          assertThat(told(OpenStore.await(ideal.elevate(track.handle, time))))
              .as(where)
              .isEqualTo(told(first));
        }
        String wire = elevated.id().reveal();
        assertThat(elevated.session().absoluteDeadline()).as(where).isEqualTo(track.deadline);
        if (track.isRolledBack) {
          track.wires.put(UseCases.generation(wire), wire);
        } else {
          only(track, UseCases.generation(wire), wire);
        }
        track.jar = wire;
        excuse(track, UseCases.generation(wire));
        track.lastUse = now;
        count("elevated");
      }
    }

    /** Notes which IDs may still be sent by who knows nothing of a step-up. */
    private void excuse(Track track, int elevated) {
      if (elevated == track.lastElevated) {
        return;
      }
      boolean isSecond = track.lastElevated == elevated - 1;
      boolean isSettled = isStale(track, elevated - 2);
      if (!isSecond || isSettled) {
        track.excused.clear();
      }
      for (int before = 0; before < elevated; before++) {
        if (!isStale(track, before)) {
          track.excused.add(before);
        }
      }
      track.unsettled = isSettled ? 1 : (isSecond ? track.unsettled : 1) + 1;
      track.lastElevated = elevated;
    }

    private void revoke(Track track) {
      Revocation revocation =
          OpenStore.await(
              store.store.revoke(
                  real.ids.subjectKey(Tenant.DEFAULT, track.subject),
                  track.handle,
                  RevocationReason.LOGOUT));
      assertThat(revocation).as(where).isInstanceOf(Revocation.Done.class);
      OpenStore.await(
          reference.revoke(
              ideal.ids.subjectKey(Tenant.DEFAULT, track.subject),
              track.handle,
              RevocationReason.LOGOUT));
      track.isRevoked = true;
      count("revoked");
    }

    /** The store forgets what it was told of a session in the last seconds. */
    private void rollBack(Track track) {
      byte[] key = Keys.session(track.handle);
      byte[] before = OpenStore.await(store.link.commands().get(key));
      if (store.live(track.handle).isEmpty()) {
        return;
      }
      ReferenceStore.Snapshot snapshot = reference.snapshot(track.handle);
      for (int i = random.nextInt(6); i >= 0 && tracks.contains(track); i--) {
        advance(Duration.ofMillis(random.nextInt(9_000)));
        present(track, track.jar, true, random.nextInt(4) == 0);
        if (random.nextInt(3) == 0) {
          pass(AGE.plusSeconds(1));
        }
      }
      if (tracks.contains(track) && !track.isRevoked && store.live(track.handle).isPresent()) {
        OpenStore.await(store.link.commands().set(key, before, SetArgs.Builder.px(3_600_000)));
        reference.restore(snapshot);
        track.isRolledBack = true;
        track.lastUse = Instant.EPOCH;
        count("rolled back");
      }
    }

    private static String told(Decision decision) {
      return switch (decision) {
        case Decision.Allow allow ->
            "allow "
                + allow.outcome()
                + allow.successor().map(id -> " " + id.reveal()).orElse("")
                + " "
                + allow.session().generation()
                + " "
                + allow.session().rotatedAt()
                + " "
                + allow.session().lastSeenAt()
                + " "
                + allow.session().authentication();
        case Decision.Deny(Reason reason) -> "deny " + reason;
        case Unavailable outage -> outage.cause();
      };
    }

    private static String told(ElevateSession.Outcome outcome) {
      return switch (outcome) {
        case ElevateSession.Elevated elevated ->
            "elevated " + elevated.id().reveal() + " " + elevated.session().authentication();
        case ElevateSession.NotLive(Reason reason) -> "not live " + reason;
        case ElevateSession.Exhausted _ -> "exhausted";
        case Unavailable outage -> outage.cause();
      };
    }
  }
}
