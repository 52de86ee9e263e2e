package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.faults.Relay;
import org.symbolon.session.Authentication;
import org.symbolon.session.Decision;
import org.symbolon.session.ElevateSession;
import org.symbolon.session.Handle;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.RotationStore;
import org.symbolon.session.Session;
import org.symbolon.session.Subject;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.Unavailable;

/**
 * The connection breaks after a server took a script and before its reply came: the call is an
 * outage, is made once, and whoever asks again gets what the first call did.
 */
class LostReplyTest {
  private static final Duration OVERLAP = Duration.ofSeconds(10);
  private static final TieredPolicy POLICY =
      UseCases.policy(Duration.ofHours(1), Duration.ofHours(24), Duration.ofMinutes(15), OVERLAP);

  private final RedisServers servers = RedisServers.standalone();
  private final Relay relay;
  private final OpenStore store;
  private final UseCases node;
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  LostReplyTest() throws IOException {
    RedisSettings settings = servers.settings();
    relay = new Relay(settings.nodes().getFirst().getPort());
    store =
        new OpenStore(
            new RedisSettings(
                List.of(URI.create("redis://127.0.0.1:" + relay.port())),
                settings.mode(),
                settings.username(),
                settings.password(),
                Duration.ofSeconds(5),
                settings.ca()));
    store.at(now);
    node = new UseCases(store.store, POLICY, () -> now, new SecureRandom());
  }

  @AfterEach
  void close() {
    store.close();
    relay.close();
    servers.close();
  }

  private void advance(Duration step) {
    now = now.plus(step);
    store.at(now);
  }

  private Decision.Allow allowed(String wire) {
    return (Decision.Allow) node.show(wire, true);
  }

  private Session found(Handle handle) {
    return store.live(handle).orElseThrow();
  }

  private CompletionStage<RotationStore.Rotation> rotate(Session session, RotationStore.Ask ask) {
    return store.store.rotate(
        new RotationStore.Sight(
            node.ids.subjectKey(session.tenant(), session.subject()),
            session,
            session.generation(),
            session.key(),
            ask,
            POLICY.rotation(session.tenant()),
            node.ids.signingKey()));
  }

  @Test
  void aRotationIsMadeOnceAndItsSuccessorHandedOutAgain() {
    String first = node.login(new Subject("alice"));
    Handle handle = node.handle(first);
    // The servers have the script from here on.
    OpenStore.await(rotate(found(handle), RotationStore.Ask.CONFIRM));
    Session before = found(handle);
    cut(handle, () -> rotate(before, RotationStore.Ask.ROTATE));
    assertThat(found(handle).generation()).isEqualTo(1);

    Decision.Allow again = allowed(first);
    assertThat(again.outcome()).isEqualTo(RotationOutcome.REISSUED);
    String second = again.successor().orElseThrow().reveal();
    assertThat(UseCases.generation(second)).isEqualTo(1);

    Session unseen = found(handle);
    cut(handle, () -> rotate(unseen, RotationStore.Ask.CONFIRM));
    assertThat(found(handle).isSeen()).isTrue();
    assertThat(allowed(second).outcome()).isEqualTo(RotationOutcome.NONE);
    assertThat(allowed(first).outcome()).isEqualTo(RotationOutcome.OVERLAP);
    assertThat(node.counts.of(RotationOutcome.REUSE)).isZero();

    advance(OVERLAP);
    assertThat(node.show(first, true)).isEqualTo(new Decision.Deny(Reason.REUSED));
  }

  @Test
  void aStepUpIsMadeOnceAndAnsweredAgain() {
    String first = node.login(new Subject("bob"));
    Handle handle = node.handle(first);
    OpenStore.await(node.elevate(handle, now.minusSeconds(1)));
    Session before = found(handle);
    Authentication strong = UseCases.strong(now);
    cut(
        handle,
        () ->
            store.store.elevate(
                before, strong, POLICY.rotation(before.tenant()), node.ids.signingKey()));
    assertThat(found(handle).generation()).isEqualTo(2);
    ElevateSession.Elevated again =
        (ElevateSession.Elevated) OpenStore.await(node.elevate(handle, now));
    assertThat(again.session().generation()).isEqualTo(2);
    assertThat(allowed(again.id().reveal()).session().authentication()).isEqualTo(strong);
    assertThat(node.show(first, true)).isEqualTo(new Decision.Deny(Reason.SUPERSEDED));
  }

  /** Makes a call whose reply is lost with the connection, and waits until that is well again. */
  private void cut(Handle handle, Supplier<CompletionStage<?>> call) {
    try (RedisServers.Admin admin = servers.admin()) {
      long before = admin.calls("evalsha");
      relay.mute();
      CompletionStage<?> outcome = call.get();
      RedisServers.await(() -> admin.calls("evalsha") > before);
      relay.mend();
      assertThat(OpenStore.await(outcome)).isInstanceOf(Unavailable.class);
      RedisServers.await(() -> !(store.find(handle) instanceof Unavailable));
      // What the client library sends again it sends before anything else.
      assertThat(admin.calls("evalsha")).isEqualTo(before + 1);
    }
  }
}
