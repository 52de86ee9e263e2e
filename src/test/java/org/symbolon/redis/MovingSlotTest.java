package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SubjectKey;

/** A Cluster moves a slot key by key: what changes a session meanwhile tells of it, or does not. */
class MovingSlotTest {
  private static final RedisServers SERVERS = RedisServers.cluster();
  private static final Random RANDOM = new Random();
  private final OpenStore store = new OpenStore(SERVERS);
  private final SubjectKey subject = Samples.subject(RANDOM);
  private final Session session = store.created(Samples.draft(subject, RANDOM));
  private final Lane lane = Lane.of(subject.bucket());
  private final int slot = SlotHash.getSlot(lane.counter());
  private final RedisServers.Admin old = SERVERS.owner(lane.counter());
  private final RedisServers.Admin next =
      SERVERS.nodes().stream()
          .filter(node -> node.port() != old.port())
          .findFirst()
          .orElseThrow()
          .admin();

  @AfterEach
  void close() {
    store.close();
    old.close();
    next.close();
  }

  @AfterAll
  static void stop() {
    SERVERS.close();
  }

  private void begin() {
    next.commands().clusterSetSlotImporting(slot, old.commands().clusterMyId());
    old.commands().clusterSetSlotMigrating(slot, next.commands().clusterMyId());
  }

  private void move(List<byte[]> keys) {
    old.commands()
        .migrate(
            "127.0.0.1",
            next.port(),
            0,
            5000,
            new MigrateArgs<byte[]>().keys(keys).auth2("admin", RedisServers.adminPassword()));
  }

  /** Moves what is left, and the slot. */
  private void finish() {
    List<byte[]> left = old.commands().clusterGetKeysInSlot(slot, 1000);
    if (!left.isEmpty()) {
      move(left);
    }
    String owner = next.commands().clusterMyId();
    next.commands().clusterSetSlotNode(slot, owner);
    SERVERS.onEach(admin -> admin.commands().clusterSetSlotNode(slot, owner));
  }

  private Revocation revoke() {
    return store.revoke(subject, session.handle(), RevocationReason.ADMIN);
  }

  private long told() {
    try (RawLane raw = new RawLane(SERVERS, lane)) {
      return raw.count();
    }
  }

  @Test
  void aLaneWithoutALogIsNotChangedInSilence() {
    begin();
    assertThat(revoke()).isNotInstanceOf(Revocation.Done.class);
    assertThat(store.live(session.handle())).isPresent();
    finish();
    // What was not done is done soon without being asked for again.
    RedisServers.await(() -> store.live(session.handle()).isEmpty());
    assertThat(told()).isEqualTo(1);
  }

  @Test
  void aLaneHasOneLogOnly() {
    Session other = store.created(Samples.draft(subject, RANDOM));
    assertThat(store.revoke(subject, other.handle(), RevocationReason.ADMIN))
        .isEqualTo(new Revocation.Done(1));
    assertThat(told()).isEqualTo(1);
    begin();
    move(List.of(Keys.session(session.handle()), Keys.index(subject)));
    assertThat(revoke()).isNotInstanceOf(Revocation.Done.class);
    finish();
    RedisServers.await(() -> store.live(session.handle()).isEmpty());
    assertThat(told()).isEqualTo(2);
  }
}
