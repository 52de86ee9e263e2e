package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/** A receiver asks for its events, RFC 8936 section by section. */
class EventPollTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POLL = "/v1/streams/shop/poll";
  private static final String NOW = "{\"returnImmediately\":true}";
  private static final String KEY = "a-key-of-the-shop-of-32-or-more-characters";
  private static RedisServers servers;

  @TempDir private Path folder = Path.of("");
  private TestNode node;

  @BeforeAll
  static void serve() {
    servers = RedisServers.standalone();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @BeforeEach
  void start() throws Exception {
    node = TestNode.start(servers, folder, flags());
  }

  @AfterEach
  void end() throws Exception {
    poll(ack(names(poll(NOW))));
    node.close();
  }

  private static Map<String, String> flags() throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.US_ASCII));
    Map<String, String> flags = new HashMap<>();
    for (String service : List.of("shop", "other")) {
      flags.put("services." + service + ".scopes", "events");
    }
    flags.put("services.shop.secretSha256", HexFormat.of().formatHex(hash));
    flags.put("services.other.secretSha256", "ab".repeat(32));
    flags.put("streams.shop.service", "shop");
    flags.put("streams.shop.audience", "https://shop.example");
    flags.put("streams.shop.events", "subject.revoked");
    flags.put("streams.foreign.service", "other");
    flags.put("streams.foreign.audience", "https://foreign.example");
    return flags;
  }

  private static HttpResponse<String> ask(TestNode of, String path, String body) {
    return of.client()
        .send(
            "POST",
            path,
            body,
            "Authorization",
            "Bearer shop." + KEY,
            "Content-Type",
            "application/json");
  }

  private static JsonNode poll(TestNode of, String body) throws Exception {
    HttpResponse<String> answer = ask(of, POLL, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    return JSON.readTree(answer.body());
  }

  private JsonNode poll(String body) throws Exception {
    return poll(node, body);
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    answer.path("sets").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private void revoke(String... subjects) {
    for (String subject : subjects) {
      node.login(subject);
      assertThat(
              node.admin()
                  .send(
                      "DELETE",
                      "/admin/v1/tenants/default/subjects/" + subject + "/sessions",
                      "",
                      "Authorization",
                      "Bearer " + TestNode.CREDENTIAL)
                  .statusCode())
          .isEqualTo(200);
    }
  }

  /** Waits until so many are there. */
  private List<String> polled(int wanted) throws Exception {
    List<String> names = names(poll(NOW));
    for (int i = 0; i < 100 && names.size() < wanted; i++) {
      Thread.sleep(50);
      names = names(poll(NOW));
    }
    assertThat(names).hasSize(wanted);
    return names;
  }

  private static String ack(List<String> names) throws Exception {
    return JSON.writeValueAsString(Map.of("returnImmediately", true, "ack", names));
  }

  @Test
  void whatBecomesOfEventsIsCounted() throws Exception {
    revoke("anna", "bert");
    List<String> names = polled(2);
    poll(
        "{\"returnImmediately\":true,\"ack\":[\"%s\"],\"setErrs\":{\"%s\":{\"err\":\"invalid_key\"}}}"
            .formatted(names.get(0), names.get(1)));
    assertThat(node.management().send("GET", "/metrics", "").body())
        .contains(
            "symbolon_receiver_answers_total{outcome=\"taken\",receiver=\"shop\"} 1.0",
            "symbolon_receiver_answers_total{outcome=\"refused\",receiver=\"shop\"} 1.0",
            "symbolon_receiver_delay_seconds{receiver=\"shop\"}");
    assertThat(names(poll(NOW))).isEmpty();
  }

  /** Section 2.3: the sets by their jti, each a SET for this receiver. */
  @Test
  void rfc8936_2_3_signedEventsByTheirJti() throws Exception {
    revoke("anna");
    String name = polled(1).getFirst();
    SignedJWT jwt = SignedJWT.parse(poll(NOW).path("sets").path(name).asText());
    JWKSet keys = JWKSet.parse(node.client().send("GET", "/.well-known/jwks.json", "").body());
    assertThat(
            jwt.verify(new ECDSAVerifier(keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
        .isTrue();
    assertThat(jwt.getHeader().getType().getType()).isEqualTo("secevent+jwt");
    assertThat(jwt.getJWTClaimsSet().getJWTID()).isEqualTo(name);
    assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("https://shop.example");
    assertThat(jwt.getJWTClaimsSet().getJSONObjectClaim("sub_id").toString()).contains("anna");
  }

  /** Section 2.4: what is not acknowledged comes again, and what is does not. */
  @Test
  void rfc8936_2_4_anEventComesAgainUntilItIsAcknowledged() throws Exception {
    revoke("a", "b", "c");
    List<String> all = polled(3);
    assertThat(names(poll(NOW))).isEqualTo(all);
    assertThat(names(poll(ack(List.of(all.get(1)))))).containsExactly(all.get(0), all.get(2));
    assertThat(names(poll(ack(List.of(all.get(1), "1-1", "x"))))).hasSize(2);
    assertThat(names(poll(ack(List.of(all.get(0)))))).containsExactly(all.get(2));
    assertThat(names(poll(ack(List.of(all.get(2)))))).isEmpty();
    revoke("d");
    assertThat(polled(1)).doesNotContainAnyElementsOf(all);
  }

  /** Another node, and the same after a restart, go on where the last one was. */
  @Test
  void anyNodeAnswersAndARestartForgetsNothing() throws Exception {
    revoke("a", "b", "c");
    List<String> all = polled(3);
    poll(ack(List.of(all.get(1))));
    Path other = Files.createDirectory(folder.resolve("other"));
    try (TestNode second = TestNode.start(servers, other, flags())) {
      assertThat(names(poll(second, NOW))).containsExactly(all.get(0), all.get(2));
      poll(second, ack(List.of(all.get(0))));
    }
    node.close();
    node = TestNode.start(servers, folder, flags());
    assertThat(names(poll(NOW))).containsExactly(all.get(2));
    poll(ack(all));
    assertThat(names(poll(NOW))).isEmpty();
  }

  /** Section 2.2: maxEvents, 0 included, and moreAvailable of section 2.3. */
  @Test
  void rfc8936_2_2_noMoreThanIsAskedForAndThatThereAreOthers() throws Exception {
    revoke("a", "b", "c");
    List<String> all = polled(3);
    JsonNode two = poll("{\"maxEvents\":2}");
    assertThat(names(two)).isEqualTo(all.subList(0, 2));
    assertThat(two.path("moreAvailable").asBoolean()).isTrue();
    JsonNode none =
        poll("{\"maxEvents\":0,\"ack\":[\"" + all.get(0) + "\"],\"later\":{\"other\":1}}");
    assertThat(names(none)).isEmpty();
    assertThat(none.path("moreAvailable").asBoolean()).isTrue();
    JsonNode rest = poll("{\"maxEvents\":1000000000000}");
    assertThat(names(rest)).isEqualTo(all.subList(1, 3));
    assertThat(rest.path("moreAvailable").asBoolean()).isFalse();
  }

  /** Section 2.6: what the receiver could not take is kept for operators, and not told again. */
  @Test
  void rfc8936_2_6_whatIsRefusedIsNotToldAgain() throws Exception {
    revoke("a", "b");
    List<String> all = polled(2);
    String refusing =
        ("{\"returnImmediately\":true,\"setErrs\":{\"%s\":{\"err\":\"invalid_key\","
                + "\"description\":\"no such kid\"}}}")
            .formatted(all.get(0));
    assertThat(names(poll(refusing))).containsExactly(all.get(1));
    String[] as = {"Authorization", "Bearer " + TestNode.CREDENTIAL};
    String path = "/admin/v1/receivers/shop/refused";
    assertThat(node.admin().send("GET", path, "", as).body())
        .contains(all.get(0), "invalid_key: no such kid");
    HttpResponse<String> again = node.admin().send("POST", path + "/" + all.get(0), "", as);
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("asks for its events itself");
    assertThat(node.admin().send("DELETE", path + "/" + all.get(0), "", as).statusCode())
        .isEqualTo(204);
  }

  /** Section 2.2: without returnImmediately an answer waits for an event. */
  @Test
  void rfc8936_2_2_anAnswerWaitsForAnEvent() throws Exception {
    poll(ack(names(poll(NOW))));
    CompletableFuture<JsonNode> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return poll("{}");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    Thread.sleep(600);
    assertThat(waiting).isNotDone();
    revoke("late");
    assertThat(names(waiting.join())).hasSize(1);
  }

  @Test
  void rfc8936_3_theStreamsOwnServiceAlone() {
    Stream.of("/v1/streams/foreign/poll", "/v1/streams/none/poll")
        .forEach(
            path -> {
              HttpResponse<String> answer = ask(node, path, NOW);
              assertThat(answer.statusCode()).as(path).isEqualTo(404);
              assertThat(answer.body()).contains("stream-unknown");
            });
    String[] json = {"Content-Type", "application/json"};
    assertThat(node.client().send("POST", POLL, NOW, json).statusCode()).isEqualTo(401);
    HttpResponse<String> other =
        node.client()
            .send(
                "POST",
                POLL,
                NOW,
                "Content-Type",
                "application/json",
                "Authorization",
                "Bearer " + TestNode.CREDENTIAL);
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.body()).contains("the scope events");
  }

  /** What is no request of section 2.2 changes nothing. */
  @Test
  void rfc8936_2_2_whatIsNoRequestChangesNothing() throws Exception {
    revoke("a");
    List<String> all = polled(1);
    Map.of(
            "{\"maxEvents\":-1}",
            "maxEvents",
            "{\"maxEvents\":\"5\"}",
            "maxEvents",
            "{\"returnImmediately\":1}",
            "returnImmediately",
            "{\"ack\":\"%s\"}".formatted(all.getFirst()),
            "ack",
            "{\"ack\":[1]}",
            "ack",
            "{\"setErrs\":[]}",
            "setErrs",
            "{\"setErrs\":{\"%s\":\"bad\"}}".formatted(all.getFirst()),
            "setErrs",
            "{\"setErrs\":{\"%s\":{}}}".formatted(all.getFirst()),
            "setErrs",
            "[]",
            "body",
            "",
            "body")
        .forEach(
            (body, field) -> {
              HttpResponse<String> answer = ask(node, POLL, body);
              assertThat(answer.statusCode()).as(body).isEqualTo(400);
              assertThat(answer.body()).as(body).contains("\"field\":\"" + field);
            });
    assertThat(names(poll(NOW))).isEqualTo(all);
  }
}
