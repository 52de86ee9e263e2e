package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/** A campaign as operators run it, on two nodes that answer from memory. */
class ForcedLogoutTest {
  private static final String CAMPAIGNS = "/admin/v1/campaigns";

  private static final String OF_BOB = "/admin/v1/tenants/default/subjects/bob/sessions";

  @TempDir private Path folder = Path.of("");

  private static String[] as(String service, String... more) {
    List<String> fields = new ArrayList<>(List.of("Authorization", "Bearer " + service));
    fields.addAll(List.of(more));
    return fields.toArray(String[]::new);
  }

  private static final String ANNA = "backend." + TestNode.SECRET;
  private static final String BERT = "second." + TestNode.SECRET;

  private static String member(String json, String name) {
    return json.replaceAll("(?s).*?\"" + name + "\":\"?([^\",}]*).*", "$1");
  }

  private static String show(TestNode node, String id) {
    return node.admin().send("GET", CAMPAIGNS + "/" + id, "", as(ANNA)).body();
  }

  private static void awaitState(TestNode node, String id, String state) {
    RedisServers.await(() -> member(show(node, id), "state").equals(state));
  }

  private static HttpResponse<String> step(TestNode node, String id, String who, String body) {
    return node.admin().send("POST", CAMPAIGNS + "/" + id + "/steps", body, as(who));
  }

  private static int validate(TestNode node, String id) {
    return node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
  }

  private static String plan(TestNode node, String criteria, String... more) {
    String order =
        "{\"criteria\":"
            + criteria
            + String.join("", more)
            + ",\"cause\":\"token_theft\",\"ticket\":\"INC-4711\"}";
    HttpResponse<String> planned = node.admin().send("POST", CAMPAIGNS, order, as(ANNA));
    assertThat(planned.statusCode()).as(planned.body()).isEqualTo(201);
    String id = member(planned.body(), "id");
    awaitState(node, id, "planned");
    return id;
  }

  private Map<String, String> settings(String node) {
    return Map.of(
        "services.second.secretSha256",
        TestNode.sha256(TestNode.SECRET),
        "services.second.scopes",
        "admin",
        "campaigns.approvalOver",
        "2",
        "audit.file",
        folder.resolve(node + ".jsonl").toString());
  }

  /** One whose ID somebody could read on the way is found, and nobody else. */
  @Test
  void flaggedSessionsAreContained() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of("trust.addresses", "127.0.0.1"))) {
      String read = node.login("alice");
      String other = node.login("alice");
      assertThat(validate(node, read)).isEqualTo(200);
      var _ =
          node.client()
              .send(
                  "GET",
                  "/v1/validate",
                  "",
                  "Cookie",
                  "__Host-sid=" + read,
                  "X-Forwarded-Proto",
                  "http");
      String sessions = "/admin/v1/tenants/default/subjects/alice/sessions";
      RedisServers.await(
          () ->
              node.admin()
                  .send("GET", sessions, "", as(ANNA))
                  .body()
                  .contains("\"flags\":[\"plaintext\"]"));
      String id = plan(node, "{\"flag\":[\"plaintext\",\"replay\"]}");
      String planned = show(node, id);
      assertThat(planned).contains("\"sessions\":1");
      String start =
          "{\"step\":\"start\",\"digest\":\"" + member(planned, "digest") + "\",\"hold\":true}";
      assertThat(step(node, id, ANNA, start).statusCode()).isEqualTo(200);
      awaitState(node, id, "fenced");
      RedisServers.await(() -> validate(node, read) == 401);
      assertThat(validate(node, other)).isEqualTo(200);
    }
  }

  /** Who logs in again after the fence is not meant, here or with whoever is told. */
  @Test
  void othersAreToldOfEachSubject() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        Ear hook = new Ear();
        Ear shop = new Ear();
        TestNode node =
            TestNode.start(
                servers,
                folder,
                Map.of(
                    "webhooks.siem.url",
                    hook.url(),
                    "webhooks.siem.secret",
                    Ear.SECRET,
                    "webhooks.siem.events",
                    "campaign.subject",
                    "streams.shop.url",
                    shop.url(),
                    "streams.shop.audience",
                    "https://shop.example"))) {
      RedisServers.await(
          () ->
              node.admin()
                      .send("GET", "/admin/v1/receivers", "", as(ANNA))
                      .body()
                      .split("\"told\"")
                      .length
                  == 3);
      Stream.of("alice", "alice", "bob", "carol").forEach(node::login);
      String id = plan(node, "{\"subject\":[\"alice\",\"bob\"]}");
      String digest = member(show(node, id), "digest");
      String start = "{\"step\":\"start\",\"digest\":\"" + digest + "\"}";
      assertThat(step(node, id, ANNA, start).statusCode()).isEqualTo(200);
      awaitState(node, id, "completed");
      String fenced = member(show(node, id), "fenced_at");
      RedisServers.await(() -> hook.taken().size() > 1 && shop.taken().size() > 1);
      assertThat(hook.taken())
          .extracting(Ear.Heard::body)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of("alice", "bob").map(subject -> told(fenced, id, subject)).toList());
      assertThat(shop.taken()).hasSize(2);
      for (Ear.Heard heard : shop.taken()) {
        JWTClaimsSet claims = SignedJWT.parse(heard.body()).getJWTClaimsSet();
        assertThat(claims.getIssueTime())
            .isEqualTo(Instant.parse(fenced).truncatedTo(ChronoUnit.SECONDS));
        assertThat(claims.getJWTID()).matches("[0-9]+-[0-9]+[.][01]");
        assertThat(String.valueOf(claims.getJSONObjectClaim("sub_id")))
            .containsPattern("user=.*(alice|bob)")
            .contains("default")
            .doesNotContain("session");
        assertThat(String.valueOf(claims.getJSONObjectClaim("events")))
            .contains("session-revoked", "initiating_entity=admin", "en=campaign");
      }
    }
  }

  private static String told(String at, String campaign, String subject) {
    return ("{\"type\":\"campaign.subject\",\"timestamp\":\"%s\",\"data\":{\"tenant\":\"default\","
                + "\"subject\":\"%s\",\"campaign\":\"%s\",\"cause\":\"token_theft\",\"reason\":\"campaign\","
                + "\"ticket\":\"INC-4711\"}}")
        .formatted(at, subject, campaign);
  }

  @Test
  void containsEndsAndReports() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode one = TestNode.start(servers, folder, settings("one"));
        TestNode two = TestNode.start(servers, folder, settings("two"))) {
      List<String> stolen = Stream.of("alice", "alice", "bob").map(one::login).toList();
      String spared = one.login("carol");
      for (int i = 0; i < 5; i++) {
        assertThat(stolen).allMatch(id -> validate(one, id) == 200 && validate(two, id) == 200);
      }
      String id = plan(one, "{\"subject\":[\"alice\",\"bob\"]}");
      String planned = show(two, id);
      assertThat(planned).contains("\"sessions\":3", "\"subjects\":2").doesNotContain("\"bob\",\"");
      String digest = member(planned, "digest");
      String start = "{\"step\":\"start\",\"digest\":\"" + digest + "\",\"hold\":true}";
      assertThat(step(one, id, ANNA, start).body()).contains("campaign-approval-missing");
      String approve = "{\"step\":\"approve\",\"digest\":\"" + digest + "\"}";
      assertThat(step(one, id, ANNA, approve).body()).contains("campaign-self-approval");
      assertThat(step(two, id, BERT, approve).statusCode()).isEqualTo(200);
      assertThat(step(one, id, ANNA, start).statusCode()).isEqualTo(200);
      awaitState(one, id, "fenced");
      RedisServers.await(
          () -> stolen.stream().allMatch(s -> validate(one, s) == 401 && validate(two, s) == 401));
      assertThat(validate(one, spared)).isEqualTo(200);
      String again = two.login("alice");
      assertThat(validate(one, again)).isEqualTo(200);

      assertThat(step(two, id, ANNA, "{\"step\":\"resume\"}").statusCode()).isEqualTo(200);
      awaitState(two, id, "completed");
      String report =
          two.admin().send("GET", CAMPAIGNS + "/" + id + "/report", "", as(ANNA)).body();
      assertThat(report)
          .contains(
              "\"complete\":true",
              "planned by backend, approved by second, started by backend",
              "3 sessions of 2 subjects; 3 ended");
      assertThat(validate(one, again)).isEqualTo(200);
      assertThat(validate(two, spared)).isEqualTo(200);
      assertThat(stolen).allMatch(s -> validate(one, s) == 401);
      try (Stream<Path> files = Files.list(folder.resolve("evidence"))) {
        assertThat(files.mapToLong(ForcedLogoutTest::lines).sum()).isEqualTo(3);
      }
    }
  }

  private static HttpResponse<String> asked(TestNode node, String id) {
    return node.client().send("GET", "/v1/validate", "", Client.cookie(id));
  }

  private static boolean isAskedAnew(HttpResponse<String> answer) {
    return answer.statusCode() == 401
        && answer
            .headers()
            .allValues("WWW-Authenticate")
            .equals(List.of("Session error=\"insufficient_user_authentication\", max_age=\"0\""))
        && answer.headers().allValues("Set-Cookie").isEmpty();
  }

  private static String elevate(TestNode node, String handle, Instant at) {
    return Client.sessionId(
            node.client()
                .send(
                    "POST",
                    "/v1/sessions/" + handle + "/elevate",
                    "{\"auth_time\":" + at.getEpochSecond() + "}",
                    as(ANNA, "Content-Type", "application/json")))
        .orElseThrow();
  }

  @Test
  void aStepUpAsksForANewAuthenticationAndEndsNothing() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode one = TestNode.start(servers, folder, settings("one"));
        TestNode two = TestNode.start(servers, folder, settings("two"))) {
      String alice = one.login("alice");
      String bob = one.login("bob");
      String carol = one.login("carol");
      for (int i = 0; i < 5; i++) {
        assertThat(List.of(alice, bob, carol))
            .allMatch(id -> validate(one, id) == 200 && validate(two, id) == 200);
      }
      String handle = asked(one, alice).headers().firstValue("X-Session-Handle").orElseThrow();
      String id = plan(one, "{\"subject\":[\"alice\",\"bob\"]}", ",\"action\":\"step_up\"");
      String start = "{\"step\":\"start\",\"digest\":\"" + member(show(one, id), "digest") + "\"}";
      assertThat(step(one, id, ANNA, start).statusCode()).isEqualTo(200);
      RedisServers.await(
          () ->
              Stream.of(alice, bob)
                  .allMatch(s -> isAskedAnew(asked(one, s)) && isAskedAnew(asked(two, s))));
      assertThat(validate(two, carol)).isEqualTo(200);
      Instant fencedAt = Instant.parse(member(show(one, id), "fenced_at"));
      Instant again = fencedAt.plusSeconds(1);
      RedisServers.await(() -> Instant.now().isAfter(again));
      String elevated = elevate(one, handle, again);
      RedisServers.await(() -> validate(one, elevated) == 200 && validate(two, elevated) == 200);
      assertThat(isAskedAnew(asked(two, bob))).as("bob has not").isTrue();
      RedisServers.await(() -> member(show(two, id), "stepped_up").equals("1"));
      String report =
          two.admin().send("GET", CAMPAIGNS + "/" + id + "/report", "", as(ANNA)).body();
      assertThat(report).contains("1 have authenticated anew, 1 have yet to", "nothing was ended");
      assertThat(one.admin().send("GET", OF_BOB, "", as(ANNA)).body()).contains("\"bob\"");

      assertThat(one.client().send("POST", "/v1/logout", "", Client.cookie(bob)).statusCode())
          .as("to leave takes no new authentication")
          .isEqualTo(204);
      awaitState(one, id, "completed");
      assertThat(validate(two, elevated)).isEqualTo(200);
      assertThat(Files.exists(folder.resolve("evidence").resolve(id))).isFalse();
    }
  }

  private static long lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void lettingGoOfAFenceBringsEverybodyBack() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of())) {
      String alice = node.login("alice");
      assertThat(validate(node, alice)).isEqualTo(200);
      String id = plan(node, "{\"all\":true}");
      String digest = member(show(node, id), "digest");
      String start =
          "{\"step\":\"start\",\"digest\":\"" + digest + "\",\"hold\":true,\"unchecked\":true}";
      assertThat(step(node, id, ANNA, start).statusCode()).isEqualTo(200);
      RedisServers.await(() -> validate(node, alice) == 401);
      assertThat(step(node, id, ANNA, "{\"step\":\"unfence\"}").statusCode()).isEqualTo(200);
      RedisServers.await(() -> validate(node, alice) == 200);
    }
  }
}
