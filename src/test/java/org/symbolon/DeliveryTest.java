package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.campaign.OutageException;
import org.symbolon.events.DeadLetter;
import org.symbolon.events.Delivery;
import org.symbolon.events.Message;
import org.symbolon.events.Outbox;
import org.symbolon.events.Receiver;
import org.symbolon.events.Tellings;
import org.symbolon.events.Webhook;
import org.symbolon.redis.RedisAuditTrail;
import org.symbolon.redis.RedisOutbox;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Counts;
import org.symbolon.session.Presenter;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** Every event reaches its receiver, over receivers that fail and nodes that die. */
class DeliveryTest {
  private static final Delivery.Pauses SHORT =
      new Delivery.Pauses(
          Duration.ofMillis(10),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  private final RedisServers servers = RedisServers.standalone();
  private final OpenedStore store = OpenedStore.open(servers);
  private final RedisAuditTrail trail = new RedisAuditTrail(store.link(), 1000, new Counts());
  private final Ear ear = new Ear();
  private final List<Said> said = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Outbox outbox = new RedisOutbox(store.link(), "node");

  /** What was counted. */
  private record Said(Tellings.Outcome outcome, Duration since) {}

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
    ear.close();
    store.close();
    servers.close();
  }

  private Delivery tell(Outbox from, String url) {
    return tell(from, url, Duration.ofSeconds(5));
  }

  private Delivery tell(Outbox from, String url, Duration timeout) {
    Webhook target =
        new Webhook(
            URI.create(url),
            List.of(Base64.getDecoder().decode(Ear.SECRET.substring(6))),
            timeout,
            store.clock());
    Receiver receiver =
        new Receiver("ear", Set.of("subject.revoked", "campaign.subject"), 3, target);
    Delivery delivery =
        Delivery.begin(
            receiver,
            from,
            SHORT,
            store.clock(),
            (_, outcome, since) -> said.add(new Said(outcome, since)));
    open.add(target);
    open.add(delivery);
    RedisServers.await(this::isKnown);
    return delivery;
  }

  /** Whether it is told from a moment on that has passed by the server's clock as well. */
  private boolean isKnown() {
    try (RedisServers.Admin admin = servers.admin()) {
      String seconds = new String(admin.commands().time().getFirst(), StandardCharsets.US_ASCII);
      return outbox
          .position("ear")
          .map(from -> Long.parseLong(from.replaceFirst("-.*", "")) / 1000)
          .filter(from -> from < Long.parseLong(seconds))
          .isPresent();
    } catch (OutageException e) {
      return false;
    }
  }

  private List<DeadLetter> dead() {
    try {
      return outbox.dead("ear");
    } catch (OutageException e) {
      throw new AssertionError(e);
    }
  }

  private void happens(AuditEvent.Action action, String subject) {
    trail.record(
        new AuditEvent(
            store.clock().instant(),
            action,
            Optional.of(Tenant.DEFAULT),
            Optional.of(new Subject(subject)),
            Optional.empty(),
            new Presenter("192.0.2.1", "Browser/1.0", "nginx"),
            Map.of("reason", "admin", "secretive", "x")));
  }

  private void ends(String... subjects) {
    for (String subject : subjects) {
      happens(AuditEvent.Action.SUBJECT_REVOKED, subject);
    }
  }

  private List<String> taken() {
    return ear.taken().stream().map(DeliveryTest::subject).toList();
  }

  private static String subject(Ear.Heard heard) {
    return heard.body().replaceAll(".*\"subject\":\"([a-z]*)\".*", "$1");
  }

  private void await(String... subjects) {
    RedisServers.await(() -> taken().containsAll(List.of(subjects)));
  }

  @Test
  void tellsWhatIsWantedInOrderAndNothingOfWhereSomebodyWas() throws Exception {
    tell(outbox, ear.url());
    ends("anna");
    happens(AuditEvent.Action.SESSION_ISSUED, "ivan");
    ends("bert", "carl");
    await("anna", "bert", "carl");
    assertThat(taken()).containsExactly("anna", "bert", "carl");
    assertThat(ear.heard())
        .extracting(Ear.Heard::body)
        .allMatch(body -> body.startsWith("{\"type\":\"subject.revoked\",\"timestamp\":\""))
        .noneMatch(body -> body.contains("192.0.2.1"))
        .noneMatch(body -> body.contains("Browser"))
        .noneMatch(body -> body.contains("secretive"));
  }

  @Test
  void tellsNothingOfWhatWasBefore() throws Exception {
    ends("anna");
    try (RedisServers.Admin admin = servers.admin()) {
      RedisServers.await(
          () -> admin.commands().xlen("audit".getBytes(StandardCharsets.US_ASCII)) == 1);
    }
    // The stream's clock and ours are the same to a millisecond.
    long from = store.clock().millis() + 2;
    RedisServers.await(() -> store.clock().millis() > from);
    tell(outbox, ear.url());
    ends("bert");
    await("bert");
    assertThat(taken()).containsExactly("bert");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void whoHasNoTimeIsAskedAgainForAsLongAsItTakes(int status) throws Exception {
    ear.answers(status);
    tell(outbox, ear.url());
    ends("anna", "bert");
    RedisServers.await(() -> ear.heard().size() > 4);
    assertThat(ear.heard()).extracting(Ear.Heard::id).containsOnly(ear.heard().getFirst().id());
    assertThat(dead()).isEmpty();
    ear.answers(200);
    await("anna", "bert");
    assertThat(taken()).containsExactly("anna", "bert");
    RedisServers.await(() -> said.size() == ear.heard().size());
    assertThat(said.subList(0, said.size() - 2))
        .extracting(Said::outcome)
        .containsOnly(Tellings.Outcome.UNANSWERED);
    assertThat(said.getLast().outcome()).isEqualTo(Tellings.Outcome.TAKEN);
    assertThat(said.get(3).since()).isBetween(Duration.ofMillis(40), Duration.ofMinutes(1));
  }

  @Test
  void whoIsNotThereIsWaitedFor() throws Exception {
    Ear gone = new Ear();
    int port = gone.port();
    gone.close();
    tell(outbox, "http://127.0.0.1:" + port + "/hook");
    ends("anna");
    try (Ear back = new Ear(port)) {
      RedisServers.await(() -> back.taken().size() == 1);
      assertThat(subject(back.taken().getFirst())).isEqualTo("anna");
    }
    assertThat(dead()).isEmpty();
  }

  @Test
  void whoSaysNothingIsAskedAgain() throws Exception {
    ear.isMute();
    tell(outbox, ear.url(), Duration.ofMillis(500));
    ends("anna");
    RedisServers.await(() -> ear.heard().size() > 1);
    ear.answers(200);
    await("anna");
    assertThat(ear.heard()).extracting(Ear.Heard::id).containsOnly(ear.heard().getFirst().id());
    assertThat(dead()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 410, 500})
  void whatIsRefusedIsPutAsideAndTheNextIsTold(int status) throws Exception {
    ear.answers(status);
    tell(outbox, ear.url());
    ends("anna");
    RedisServers.await(() -> dead().size() == 1);
    assertThat(ear.heard()).hasSizeGreaterThanOrEqualTo(3);
    DeadLetter letter = dead().getFirst();
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(letter.why()).startsWith("status " + status);
    assertThat(letter.message().id()).isEqualTo(ear.heard().getFirst().id());
    assertThat(letter.message().fields()).containsEntry("subject", "anna");
    assertThat(said)
        .extracting(Said::outcome)
        .containsExactly(
            Tellings.Outcome.REFUSED, Tellings.Outcome.REFUSED, Tellings.Outcome.REFUSED);
    ear.answers(200);
    ends("bert");
    await("bert");
    assertThat(taken()).containsExactly("bert");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectIsNotFollowed(int status) throws Exception {
    try (Ear elsewhere = new Ear()) {
      ear.answers(status, "Location", elsewhere.url());
      tell(outbox, ear.url());
      ends("anna");
      RedisServers.await(() -> dead().size() == 1);
      assertThat(dead().getFirst().why()).contains("redirect");
      assertThat(elsewhere.heard()).isEmpty();
    }
  }

  /** The node dies after the receiver has taken it and before that was noted. */
  @Test
  void whatWasTakenAndNotNotedIsToldAgainUnderTheSameId() throws Exception {
    AtomicInteger lost = new AtomicInteger(2);
    tell(losing(lost), ear.url());
    ends("anna", "bert");
    await("anna", "bert");
    assertThat(taken()).containsExactly("anna", "anna", "anna", "bert");
    assertThat(ear.taken().subList(0, 3))
        .extracting(Ear.Heard::id)
        .containsOnly(ear.taken().getFirst().id());
  }

  private Outbox losing(AtomicInteger losses) {
    return (Outbox)
        Proxy.newProxyInstance(
            Outbox.class.getClassLoader(),
            new Class<?>[] {Outbox.class},
            (_, method, arguments) -> {
              if (method.getName().equals("told") && losses.getAndDecrement() > 0) {
                throw new OutageException("the node is gone");
              }
              try {
                return method.invoke(outbox, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void anotherNodeGoesOnWhereOneHasEnded() throws Exception {
    Delivery first = tell(outbox, ear.url());
    tell(new RedisOutbox(store.link(), "other"), ear.url());
    ends("anna", "bert");
    await("anna", "bert");
    assertThat(taken()).containsExactly("anna", "bert");
    first.close();
    ends("carl");
    await("carl");
    // What was taken and not noted when it ended comes once more.
    assertThat(taken().stream().distinct()).containsExactly("anna", "bert", "carl");
  }

  /** More of them than are read at once, in an entry that is told from its middle on. */
  @Test
  void subjectsOfOneEntryAreToldEachOnceOverAnotherNode() throws Exception {
    List<String> subjects =
        IntStream.range(0, 260)
            .mapToObj(i -> "" + (char) ('a' + i / 26) + (char) ('a' + i % 26))
            .toList();
    Delivery first = tell(outbox, ear.url());
    try (RedisServers.Admin admin = servers.admin()) {
      for (List<String> some : List.of(subjects.subList(0, 130), subjects.subList(130, 260))) {
        var _ =
            admin
                .commands()
                .xadd(
                    "audit".getBytes(StandardCharsets.US_ASCII),
                    Stream.of(
                            "at",
                            "2026-11-20T05:00:00Z",
                            "action",
                            "campaign.subject",
                            "detail.campaign",
                            "20261120-abc",
                            "subjects",
                            some.stream().map("default/"::concat).collect(Collectors.joining("\n")))
                        .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                        .toArray());
      }
    }
    RedisServers.await(() -> ear.taken().size() > 40);
    first.close();
    int taken = taken().size();
    tell(new RedisOutbox(store.link(), "other"), ear.url());
    ends("zoe");
    await("zoe");
    assertThat(taken).isLessThan(260);
    assertThat(taken().stream().distinct()).containsExactlyElementsOf(with(subjects, "zoe"));
    // What was taken and not noted when the first ended comes once more.
    assertThat(taken()).hasSizeLessThanOrEqualTo(262);
    assertThat(ear.taken().stream().map(Ear.Heard::id).distinct()).hasSize(261);
    assertThat(ear.taken().getFirst().body())
        .isEqualTo(
            "{\"type\":\"campaign.subject\",\"timestamp\":\"2026-11-20T05:00:00Z\",\"data\":"
                + "{\"tenant\":\"default\",\"subject\":\"aa\",\"campaign\":\"20261120-abc\"}}");
  }

  private static List<String> with(List<String> subjects, String last) {
    return Stream.concat(subjects.stream(), Stream.of(last)).toList();
  }

  @Test
  void oneThatHasDiedKeepsOthersOffOnlyForItsLease() throws Exception {
    assertThat(new RedisOutbox(store.link(), "dead").lease("ear", Duration.ofSeconds(1)))
        .isPresent();
    assertThat(outbox.lease("ear", Duration.ofSeconds(1))).isEmpty();
    assertThat(outbox.told("ear", "7-0", Duration.ofSeconds(1))).isFalse();
    RedisServers.await(
        () -> {
          try {
            return outbox.lease("ear", Duration.ofSeconds(1)).isPresent();
          } catch (OutageException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(outbox.position("ear")).isEmpty();
  }

  @Test
  void anOutageOfTheStoreIsWaitedFor() throws Exception {
    tell(outbox, ear.url());
    ends("anna");
    await("anna");
    servers.pause();
    servers.resume();
    RedisServers.await(this::isKnown);
    ends("bert");
    await("bert");
  }

  @Test
  void aPositionThatTheStreamHasLostSkipsNothingThatIsThere() throws Exception {
    assertThat(outbox.lease("ear", Duration.ZERO)).isPresent();
    String ahead = store.clock().millis() + 5_000 + "-7";
    assertThat(outbox.told("ear", ahead, Duration.ZERO)).isTrue();
    ends("anna");
    tell(outbox, ear.url());
    await("anna");
    ends("bert");
    await("bert");
    assertThat(taken()).containsExactly("anna", "bert");
  }

  @Test
  void whereThereIsNoRoomForRefusedOnesNothingIsLost() throws Exception {
    assertThat(outbox.lease("ear", Duration.ofSeconds(5))).isPresent();
    DeadLetter letter =
        new DeadLetter(
            new Message("0-0", Map.of("action", "subject.revoked")), Instant.EPOCH, 1, "no");
    for (int i = 1; i <= Outbox.MOST_DEAD; i++) {
      DeadLetter one =
          new DeadLetter(new Message(i + "-0", letter.message().fields()), letter.at(), 1, "no");
      assertThat(outbox.refused("ear", one, Duration.ofSeconds(5))).isEqualTo(Outbox.Burial.KEPT);
    }
    assertThat(outbox.refused("ear", letter, Duration.ofSeconds(5)))
        .isEqualTo(Outbox.Burial.NO_ROOM);
    assertThat(outbox.position("ear")).contains(Outbox.MOST_DEAD + "-0");
    assertThat(outbox.forget("ear", "1-0")).isTrue();
    assertThat(outbox.forget("ear", "1-0")).isFalse();
    assertThat(outbox.refused("ear", letter, Duration.ofSeconds(5))).isEqualTo(Outbox.Burial.KEPT);
  }
}
