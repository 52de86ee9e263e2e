package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Handle;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;

/** What the feed hears while masters are replaced and slots move. */
class ChangeFeedFailoverTest {
  private final Random random = new Random();
  private final SubjectKey subject = Samples.subject(random);
  private final Lane lane = Lane.of(subject.bucket());

  private Handle ended(OpenStore writer) {
    Session session = writer.created(Samples.draft(subject, random));
    writer.revoke(subject, session.handle(), RevocationReason.LOGOUT);
    return session.handle();
  }

  private void hearsTheNext(OpenStore writer, Hearing hearing) {
    Handle next = ended(writer);
    RedisServers.await(() -> hearing.hasHeardEnd(next));
    hearing.awaitCurrent();
  }

  @Test
  void aReplicaThatLaggedIsFoundOut() {
    try (RedisServers servers = RedisServers.sentinel(1, 1);
        OpenStore writer = new OpenStore(servers);
        Hearing hearing = new Hearing(servers, Hearing.BOUND)) {
      hearing.awaitCurrent();
      hearsTheNext(writer, hearing);
      servers.lag();
      hearsTheNext(writer, hearing);
      assertThat(hearing.lost).isEmpty();
      RedisServers.Node master = servers.master();
      master.kill();
      RedisServers.await(() -> servers.master() != master);
      RedisServers.await(() -> hearing.lost.contains(lane.number()));
      assertThat(hearing.lost).hasSize(1);
      hearing.awaitCurrent();
      Handle nobody = Samples.handle(subject, random);
      RedisServers.await(() -> writer.find(nobody).equals(new SessionStore.Absent()));
      hearsTheNext(writer, hearing);
      assertThat(hearing.lost).hasSize(1);
    }
  }

  @Test
  void aSlotThatMovesTakesNothingAway() {
    try (RedisServers servers = RedisServers.cluster();
        OpenStore writer = new OpenStore(servers);
        Hearing hearing = new Hearing(servers, Hearing.BOUND)) {
      hearing.awaitCurrent();
      hearsTheNext(writer, hearing);
      Handle ending = writer.created(Samples.draft(subject, random)).handle();
      writer.created(Samples.draft(subject, random));
      servers.move(
          lane,
          () -> {
            assertThat(writer.revoke(subject, ending, RevocationReason.LOGOUT))
                .isEqualTo(new Revocation.Done(1));
            RedisServers.await(() -> hearing.hasHeardEnd(ending));
            hearing.awaitCurrent();
          });
      hearsTheNext(writer, hearing);
      assertThat(hearing.lost).isEmpty();
      assertThat(hearing.missed).hasValue(1);
    }
  }
}
