package org.symbolon.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Wire.Answer;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Binding;
import org.symbolon.session.BindingPolicy;
import org.symbolon.session.BindingPolicy.Rung;

/** Each way to bind a session, held alike: what a thief of the session cookie meets. */
class BindingLadderTest {
  private static final String VALIDATE = "GET /v1/validate";
  @TempDir private Path folder = Path.of("");

  private static List<AuditEvent> unproved(BoundClient client) {
    return client.rig.audit.stream()
        .filter(event -> event.action() == AuditEvent.Action.SESSION_UNPROVED)
        .toList();
  }

  /** Asks, and holds the one event that it leaves against what is expected. */
  private static Answer asked(
      BoundClient client, BoundClient.Bad bad, String name, Binding.Kind kind, Rung rung) {
    int before = unproved(client).size();
    Answer answer = client.call(bad.shown(), VALIDATE);
    List<AuditEvent> events = unproved(client);
    assertThat(events).as("%s, %s", name, answer).hasSize(before + 1);
    assertThat(events.getLast().detail())
        .as(name)
        .containsAllEntriesOf(
            Map.of("binding", kind.code(), "reason", bad.reason(), "reaction", rung.code()));
    return answer;
  }

  @ParameterizedTest
  @EnumSource(Binding.Kind.class)
  void enforceRefusesWhatIsNotProvedWithOneEventEach(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      client.bind();
      assertThat(client.call(client.good("GET", "/v1/validate"), VALIDATE).status()).isEqualTo(200);
      assertThat(unproved(client)).isEmpty();
      client
          .bad()
          .forEach(
              (name, bad) -> {
                Answer answer = asked(client, bad, name, kind, Rung.ENFORCE);
                assertThat(answer.status()).as(name).isEqualTo(401);
                assertThat(answer.one("WWW-Authenticate"))
                    .as(name)
                    .isEqualTo("Session error=\"" + bad.reason() + "\"");
                assertThat(answer.one("X-Session-User")).as(name).isEmpty();
                assertThat(answer.all("Set-Cookie")).as(name).isEmpty();
              });
      assertThat(client.call(client.good("GET", "/v1/validate"), VALIDATE).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Binding.Kind.class)
  void observeLetsItInAndRecordsTheSame(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      client.bind();
      client.hold(Rung.OBSERVE);
      client
          .bad()
          .forEach(
              (name, bad) ->
                  assertThat(asked(client, bad, name, kind, Rung.OBSERVE).status())
                      .as(name)
                      .isEqualTo(200));
    }
  }

  @ParameterizedTest
  @EnumSource(Binding.Kind.class)
  void stepUpTakesARecentAuthenticationInItsPlaceAndNoOlder(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      client.bind();
      client.hold(Rung.STEP_UP);
      BoundClient.Bad bad = client.bad().values().iterator().next();
      assertThat(asked(client, bad, "recent", kind, Rung.STEP_UP).status()).isEqualTo(200);
      client.rig.store.now = client.rig.store.now.plus(BindingPolicy.STEP_UP_AGE);
      Answer answer = asked(client, bad, "old", kind, Rung.STEP_UP);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.one("WWW-Authenticate"))
          .startsWith("Session error=\"insufficient_user_authentication\"");
    }
  }

  @ParameterizedTest
  @EnumSource(Binding.Kind.class)
  void noPathMakesItAnUnboundSession(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      String cookie = client.bind();
      for (String line :
          List.of(
              "POST /v1/session/refresh",
              "GET /v1/session/csrf",
              "GET /v1/me/sessions",
              "GET /gw/nginx/validate",
              "GET /gw/envoy/validate/x")) {
        Answer answer = client.call(client.missing(), line);
        assertThat(answer.status()).as(line).isEqualTo(401);
        assertThat(answer.all("Set-Cookie")).as(line).isEmpty();
      }
      String handle =
          client.rig.audit.stream()
              .filter(event -> event.action() == AuditEvent.Action.SESSION_ISSUED)
              .findFirst()
              .orElseThrow()
              .handle()
              .orElseThrow()
              .toString();
      BoundClient.Shown thief = client.missing();
      Answer elevated =
          thief
              .over()
              .call(
                  "POST /v1/sessions/" + handle + "/elevate",
                  List.of("Authorization: Bearer issue", "Content-Type: application/json"),
                  "{\"acr\":\"high\",\"auth_time\":" + client.rig.store.now.getEpochSecond() + "}");
      assertThat(elevated.status()).as(elevated.body()).isEqualTo(200);
      String next = elevated.body().replaceFirst(".*\"cookie\":\"([^;]*);.*", "Cookie: $1");
      assertThat(next).isNotEqualTo(cookie);
      assertThat(thief.over().call(VALIDATE, List.of(next), "").one("WWW-Authenticate"))
          .startsWith("Session error=\"binding-");
    }
  }

  /** Of these each request takes the store; a proof of DPoP is used up there. */
  @ParameterizedTest
  @EnumSource(value = Binding.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "DPOP")
  void aRememberedSessionAsksForItsProofToo(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      client.bind();
      client.rig.current();
      BoundClient.Shown good = client.good("GET", "/v1/validate");
      assertThat(client.call(good, VALIDATE).status()).isEqualTo(200);
      Map<String, BoundClient.Bad> bad = client.bad();
      client.rig.store.mood = Mood.DOWN;
      assertThat(client.call(good, VALIDATE).status()).as("from memory").isEqualTo(200);
      assertThat(client.call(good, VALIDATE).status()).as("again").isEqualTo(200);
      bad.forEach(
          (name, each) ->
              assertThat(client.call(each.shown(), VALIDATE).status()).as(name).isEqualTo(503));
      client.rig.store.mood = Mood.WELL;
      bad.forEach(
          (name, each) ->
              assertThat(client.call(each.shown(), VALIDATE).status()).as(name).isEqualTo(401));
      if (kind == Binding.Kind.DBSC) {
        client.rig.store.now = client.rig.store.now.plusSeconds(661);
        assertThat(client.call(good, VALIDATE).one("WWW-Authenticate"))
            .isEqualTo("Session error=\"binding-stale\"");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Binding.Kind.class, names = "DPOP")
  void aSessionWhoseEveryRequestIsSignedIsNotRemembered(Binding.Kind kind) throws Exception {
    try (BoundClient client = new BoundClient(kind, folder)) {
      client.bind();
      client.rig.current();
      BoundClient.Shown good = client.good("GET", "/v1/validate");
      assertThat(client.call(good, VALIDATE).status()).isEqualTo(200);
      client.rig.store.mood = Mood.DOWN;
      assertThat(client.call(good, VALIDATE).status()).isEqualTo(503);
    }
  }
}
