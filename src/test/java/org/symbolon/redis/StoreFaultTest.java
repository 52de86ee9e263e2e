package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.Handle;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Unavailable;

/**
 * What the store says when its servers are stopped, killed, emptied of scripts, or hold nonsense.
 */
@ParameterizedClass
@EnumSource(RedisSettings.Mode.class)
class StoreFaultTest {
  private static final Random RANDOM = new Random();
  private static final byte[] NONSENSE = {0x20, 1, 2};
  private static @Nullable RedisServers standalone;
  private static @Nullable RedisServers sentinel;
  private static @Nullable RedisServers cluster;

  private final RedisServers servers;
  private final OpenStore store;
  private final SubjectKey subject = Samples.subject(RANDOM);

  StoreFaultTest(RedisSettings.Mode mode) {
    this.servers = servers(mode);
    this.store = new OpenStore(servers.settings());
  }

  private static RedisServers servers(RedisSettings.Mode mode) {
    return switch (mode) {
      case SENTINEL -> {
        sentinel = sentinel == null ? RedisServers.sentinel(0, 1) : sentinel;
        yield sentinel;
      }
      case STANDALONE -> {
        standalone = standalone == null ? RedisServers.standalone() : standalone;
        yield standalone;
      }
      case CLUSTER -> {
        cluster = cluster == null ? RedisServers.cluster() : cluster;
        yield cluster;
      }
    };
  }

  @AfterEach
  void close() {
    store.close();
  }

  @AfterAll
  static void stop() {
    for (RedisServers servers : new RedisServers[] {standalone, sentinel, cluster}) {
      if (servers != null) {
        servers.close();
      }
    }
  }

  @Test
  void sendsAScriptTheServerLostOnce() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    store.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    servers.onEach(admin -> admin.commands().scriptFlush());
    long before = sum("eval");
    long digests = sum("evalsha");
    for (int i = 0; i < 5; i++) {
      store.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    }
    assertThat(sum("eval") - before).isEqualTo(1);
    assertThat(sum("evalsha") - digests).isEqualTo(5);
  }

  @Test
  void failsNothingWhileScriptsAreFlushed() {
    List<CompletionStage<SessionStore.Creation>> creations = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (i % 10 == 0) {
        servers.onEach(admin -> admin.commands().scriptFlush());
      }
      SubjectKey each = Samples.subject(RANDOM);
      creations.add(store.store.create(Samples.draft(each, RANDOM), OpenStore.TEN));
    }
    assertThat(creations)
        .allSatisfy(
            creation ->
                assertThat(OpenStore.await(creation)).isInstanceOf(SessionStore.Created.class));
  }

  @Test
  void aKeyOfAnotherTypeIsAnOutageAndChangesNothing() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Handle odd = Samples.handle(subject, RANDOM);
    onOwner(Keys.session(odd), admin -> admin.commands().lpush(Keys.session(odd), NONSENSE));
    onOwner(
        Keys.index(subject),
        admin -> admin.commands().zadd(Keys.index(subject), 1e10, Keys.name(odd)));
    SubjectLimit one = new SubjectLimit(1, SubjectLimit.WhenReached.EVICT_OLDEST);
    assertThat(store.find(odd)).isInstanceOf(Unavailable.class);
    assertThat(store.revoke(subject, odd, RevocationReason.LOGOUT)).isInstanceOf(Unavailable.class);
    assertThat(OpenStore.await(store.store.list(subject))).isInstanceOf(Unavailable.class);
    assertThat(store.create(Samples.draft(subject, RANDOM), one)).isInstanceOf(Unavailable.class);
    SessionStore.Draft replacing =
        Samples.draft(subject, Samples.handle(subject, RANDOM), Samples.TIMEOUTS, Optional.of(odd));
    assertThat(store.create(replacing, OpenStore.TEN)).isInstanceOf(Unavailable.class);
    assertThat(store.revokeAll(subject, Optional.empty())).isInstanceOf(Unavailable.class);
    assertThat(store.live(session.handle())).isPresent();
    assertThat(store.find(replacing.handle())).isEqualTo(new SessionStore.Absent());
  }

  @Test
  void endsNoneOfSomeWhereOneIsOfAnotherType() {
    // As for a full server.
    try (OpenStore patient = new OpenStore(servers)) {
      endsNoneOfSomeWhereOneIsOfAnotherType(patient);
    }
  }

  private void endsNoneOfSomeWhereOneIsOfAnotherType(OpenStore store) {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Handle odd = Samples.handle(subject, RANDOM);
    onOwner(Keys.session(odd), admin -> admin.commands().lpush(Keys.session(odd), NONSENSE));
    List<SessionStore.Named> both =
        List.of(
            new SessionStore.Named(subject, session.handle()),
            new SessionStore.Named(subject, odd));
    assertThat(store.revokeEach(both, RevocationReason.CAMPAIGN)).isInstanceOf(Unavailable.class);
    // A session that ended untold would be let in by whoever remembers it.
    assertThat(store.live(session.handle())).isPresent();
    onOwner(Keys.session(odd), admin -> admin.commands().del(Keys.session(odd)));
    onOwner(Keys.index(subject), admin -> admin.commands().set(Keys.index(subject), NONSENSE));
    assertThat(store.revokeEach(both, RevocationReason.CAMPAIGN)).isEqualTo(new Revocation.Done(1));
    assertThat(store.find(session.handle())).isInstanceOf(SessionStore.Ended.class);
  }

  @Test
  void anIndexOfAnotherTypeIsAnOutageAndChangesNothing() {
    onOwner(Keys.index(subject), admin -> admin.commands().set(Keys.index(subject), NONSENSE));
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    assertThat(store.create(draft, OpenStore.TEN)).isInstanceOf(Unavailable.class);
    assertThat(store.find(draft.handle())).isEqualTo(new SessionStore.Absent());
    assertThat(OpenStore.await(store.store.list(subject))).isInstanceOf(Unavailable.class);
    assertThat(store.revokeAll(subject, Optional.empty())).isInstanceOf(Unavailable.class);
  }

  @Test
  void anUnreadableRecordIsAnOutageUntilItIsRevoked() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    byte[] key = Keys.session(session.handle());
    onOwner(key, admin -> admin.commands().setrange(key, 0, NONSENSE));
    assertThat(store.find(session.handle()))
        .isEqualTo(
            new Unavailable(
                "find: error, the record of handle "
                    + session.handle()
                    + " can't be read by this version"));
    assertThat(OpenStore.await(store.store.list(subject))).isInstanceOf(Unavailable.class);
    store.revoke(subject, session.handle(), RevocationReason.ADMIN);
    assertThat(store.find(session.handle())).isInstanceOf(SessionStore.Ended.class);
    assertThat(store.list(subject)).isEmpty();
  }

  @Test
  void aFullServerRefusesSessionsAndNoRevocation() {
    // Sentinels' word on who is master has to be some hundred ms old before a revocation counts.
    try (OpenStore patient = new OpenStore(servers)) {
      refusesSessionsAndNoRevocation(patient);
    }
  }

  private void refusesSessionsAndNoRevocation(OpenStore store) {
    Session session = store.created(Samples.draft(subject, RANDOM));
    Session second = store.created(Samples.draft(subject, RANDOM));
    servers.onEach(admin -> admin.commands().configSet("maxmemory", "1"));
    try {
      SessionStore.Draft draft = Samples.draft(subject, RANDOM);
      assertThat(store.create(draft, OpenStore.TEN)).isInstanceOf(Unavailable.class);
      assertThat(store.find(draft.handle())).isEqualTo(new SessionStore.Absent());
      store.revoke(subject, session.handle(), RevocationReason.ADMIN);
      assertThat(store.find(session.handle())).isInstanceOf(SessionStore.Ended.class);
      assertThat(store.revokeAll(subject, Optional.empty())).isInstanceOf(Revocation.Done.class);
      assertThat(store.find(second.handle())).isInstanceOf(SessionStore.Ended.class);
    } finally {
      servers.onEach(admin -> admin.commands().configSet("maxmemory", "0"));
    }
  }

  @Test
  void aStoppedServerIsAnOutageAndNoDenial() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    servers.pause();
    try {
      for (int i = 0; i < 4; i++) {
        long started = System.nanoTime();
        assertThat(store.find(session.handle())).isInstanceOf(Unavailable.class);
        report("find on a stopped server", started);
      }
      assertThat(store.create(Samples.draft(subject, RANDOM), OpenStore.TEN))
          .isInstanceOf(Unavailable.class);
      assertThat(store.revoke(subject, session.handle(), RevocationReason.LOGOUT))
          .isInstanceOf(Unavailable.class);
      assertThat(store.revokeAll(subject, Optional.empty())).isInstanceOf(Unavailable.class);
      assertThat(OpenStore.await(store.store.list(subject))).isInstanceOf(Unavailable.class);
    } finally {
      servers.resume();
    }
    // Whether the revocation got through is open, which is what an outage says of it.
    long resumed = System.nanoTime();
    RedisServers.await(() -> !(store.find(session.handle()) instanceof Unavailable));
    report("healed after it went on", resumed);
  }

  @Test
  void aKilledServerIsAnOutageUntilItIsBack() {
    Session session = store.created(Samples.draft(subject, RANDOM));
    servers.onEach(admin -> admin.commands().configSet("appendfsync", "always"));
    Session second = store.created(Samples.draft(subject, RANDOM));
    servers.kill();
    for (int i = 0; i < 3; i++) {
      long started = System.nanoTime();
      assertThat(store.find(session.handle())).isInstanceOf(Unavailable.class);
      report("find on a killed server", started);
    }
    assertThat(store.create(Samples.draft(subject, RANDOM), OpenStore.TEN))
        .isInstanceOf(Unavailable.class);
    servers.start();
    long restarted = System.nanoTime();
    RedisServers.await(() -> store.live(second.handle()).isPresent());
    report("healed after a restart", restarted);
    assertThat(store.list(subject)).hasSize(2);
  }

  @Test
  void repeatsNoCreationThatALostLinkCutOff() {
    SessionStore.Draft draft = Samples.draft(subject, RANDOM);
    try (OpenStore patient = new OpenStore(servers)) {
      patient.created(Samples.draft(subject, RANDOM));
      servers.pause();
      CompletionStage<SessionStore.Creation> cut = patient.store.create(draft, OpenStore.TEN);
      servers.kill();
      servers.start();
      long restarted = System.nanoTime();
      assertThat(OpenStore.await(cut)).isInstanceOf(Unavailable.class);
      report("told of a call that was cut off", restarted);
      RedisServers.await(() -> !(patient.find(draft.handle()) instanceof Unavailable));
      assertThat(patient.find(draft.handle())).isEqualTo(new SessionStore.Absent());
      assertThat(sum("evalsha") + sum("eval")).isZero();
    }
  }

  private static void report(String what, long started) {
    System.out.printf("%s: %.1f ms%n", what, (System.nanoTime() - started) / 1e6);
  }

  private long sum(String command) {
    return servers.sum(admin -> admin.calls(command));
  }

  private void onOwner(byte[] key, Consumer<RedisServers.Admin> action) {
    try (RedisServers.Admin admin = servers.owner(key)) {
      action.accept(admin);
    }
  }
}
