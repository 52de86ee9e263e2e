package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.redis.RedisServers;

/** Another service ends a subject's sessions (draft-parecki-oauth-global-token-revocation). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GlobalRevocationTest {
  @TempDir private static Path folder = Path.of("");

  private final RedisServers servers = RedisServers.standalone();
  private TestNode node;

  @BeforeAll
  void start() throws Exception {
    Map<String, String> settings = new HashMap<>();
    Map.of("tool", "revoke", "issuing", "issue,introspect,admin", "blue", "revoke")
        .forEach(
            (name, scopes) -> {
              settings.put("services." + name + ".secretSha256", TestNode.sha256(TestNode.SECRET));
              settings.put("services." + name + ".scopes", scopes);
            });
    settings.put("services.blue.tenants", "blue");
    settings.put("services.signing.jwks", folder.resolve("jwks.json").toString());
    settings.put("services.signing.scopes", "revoke");
    settings.put("issuers.many.issuer", "https://many.test");
    settings.put("issuers.many.jwks", folder.resolve("jwks.json").toString());
    settings.put("issuers.many.tenants", "blue,green");
    node = TestNode.start(servers, folder, settings);
  }

  @AfterAll
  void stop() {
    node.close();
    servers.close();
  }

  private HttpResponse<String> send(String caller, String body) {
    return sendAs(caller + "." + TestNode.SECRET, body);
  }

  private HttpResponse<String> sendAs(String credential, String body) {
    return node.client()
        .send(
            "POST",
            "/v1/global-token-revocation",
            body,
            "Authorization",
            "Bearer " + credential,
            "Content-Type",
            "application/json");
  }

  private static String issSub(String iss, String sub) {
    return "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"" + iss + "\",\"sub\":\"" + sub + "\"}}";
  }

  private boolean isIn(String id) {
    int status = node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
    assertThat(status).isIn(200, 401);
    return status == 200;
  }

  private String issued(String tenant, String subject) {
    return Client.sessionId(
            node.client()
                .send(
                    "POST",
                    "/v1/sessions",
                    "{\"subject\":\"" + subject + "\",\"tenant\":\"" + tenant + "\"}",
                    "Authorization",
                    "Bearer " + TestNode.CREDENTIAL,
                    "Content-Type",
                    "application/json"))
        .orElseThrow();
  }

  @Test
  void endsAllSessionsOfWhomAnIssuerKnows() {
    String first = node.login("anna");
    String second = node.login("anna");
    String other = node.login("bert");
    HttpResponse<String> answer = send("tool", issSub("https://issuer.test", "anna"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertThat(List.of(isIn(first), isIn(second), isIn(other))).containsExactly(false, false, true);
    assertThat(send("tool", issSub("https://issuer.test", "anna")).statusCode()).isEqualTo(204);
  }

  @Test
  void whoLogsInAfterwardsIsNotTouched() {
    assertThat(send("tool", issSub("https://issuer.test", "emil")).statusCode()).isEqualTo(204);
    assertThat(isIn(node.login("emil"))).isTrue();
  }

  @Test
  void anOpaqueIdIsTheSubjectOfTheCallersTenants() {
    String own = issued("blue", "carl");
    String other = issued("default", "carl");
    String body = "{\"sub_id\":{\"format\":\"opaque\",\"id\":\"carl\"}}";
    assertThat(send("blue", body).statusCode()).isEqualTo(204);
    assertThat(List.of(isIn(own), isIn(other))).containsExactly(false, true);
  }

  @Test
  void anOpaqueIdOfWhoMayActForAllTenantsIsRefused() {
    List<String> ids = List.of(issued("blue", "kurt"), node.login("kurt"));
    HttpResponse<String> answer =
        send("tool", "{\"sub_id\":{\"format\":\"opaque\",\"id\":\"kurt\"}}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"sub_id.format\"", "send iss_sub");
    assertThat(ids).allMatch(this::isIn);
  }

  @Test
  void whereDefaultIsTheOnlyTenantAnOpaqueIdIsTaken() throws Exception {
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Map<String, String> settings =
        Map.of(
            "services.backend.tenants",
            "default",
            "services.tool.secretSha256",
            TestNode.sha256(TestNode.SECRET),
            "services.tool.scopes",
            "revoke");
    try (RedisServers others = RedisServers.standalone();
        TestNode single = TestNode.start(others, alone, settings)) {
      String id = single.login("lena");
      assertThat(
              single
                  .client()
                  .send(
                      "POST",
                      "/v1/global-token-revocation",
                      "{\"sub_id\":{\"format\":\"opaque\",\"id\":\"lena\"}}",
                      "Authorization",
                      "Bearer tool." + TestNode.SECRET,
                      "Content-Type",
                      "application/json")
                  .statusCode())
          .isEqualTo(204);
      assertThat(single.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void aTenantsServiceReachesNoOther() {
    String blue = issued("blue", "dora");
    String green = issued("green", "dora");
    assertThat(send("blue", issSub("https://many.test", "dora")).statusCode()).isEqualTo(204);
    assertThat(List.of(isIn(blue), isIn(green))).containsExactly(false, true);
    HttpResponse<String> refused = send("blue", issSub("https://issuer.test", "dora"));
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("tenant-not-allowed");
  }

  @Test
  void aSignedCredentialIsTakenOnce() {
    String id = node.login("fritz");
    EventSender sender = EventSender.of(folder);
    Map<String, Object> claims = EventSender.logoutClaims("signing");
    claims.put("iss", "signing");
    claims.put("aud", "symbolon");
    claims.remove("events");
    String credential = sender.sign("JWT", claims);
    String body = issSub("https://issuer.test", "fritz");
    assertThat(sendAs(sender.forged().sign("JWT", claims), body).statusCode()).isEqualTo(401);
    assertThat(isIn(id)).isTrue();
    assertThat(sendAs(credential, body).statusCode()).isEqualTo(204);
    assertThat(isIn(id)).isFalse();
    String next = node.login("fritz");
    assertThat(sendAs(credential, body).statusCode()).isEqualTo(401);
    assertThat(isIn(next)).isTrue();
  }

  @Test
  void nobodyWithoutTheScopeIsLetIn() {
    String id = node.login("gerd");
    String body = issSub("https://issuer.test", "gerd");
    HttpResponse<String> narrow = send("issuing", body);
    assertThat(narrow.statusCode()).isEqualTo(403);
    assertThat(narrow.body()).contains("scope-missing", "revoke");
    assertThat(send("nobody", body).statusCode()).isEqualTo(401);
    HttpResponse<String> bare =
        node.client()
            .send("POST", "/v1/global-token-revocation", body, "Content-Type", "application/json");
    assertThat(bare.statusCode()).isEqualTo(401);
    assertThat(bare.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(isIn(id)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                 | 400 | sub_id
          []                                                                 | 400 | body
          {"sub_id":"hugo"}                                                  | 400 | sub_id
          {"sub_id":{}}                                                      | 400 | sub_id.format
          {"sub_id":{"format":"email","email":"hugo@example.org"}}           | 400 | sub_id.format
          {"sub_id":{"format":"iss_sub","sub":"hugo"}}                       | 400 | iss
          {"sub_id":{"format":"iss_sub","iss":"https://issuer.test"}}        | 400 | sub
          {"sub_id":{"format":"opaque","id":"hu go"}}                        | 400 | sub_id
          {"sub_id":{"format":"opaque","id":"hugo","iss":"x"}}               | 400 | iss
          {"subject":{"format":"opaque","id":"hugo"}}                        | 400 | subject
          {"sub_id":{"format":"iss_sub","iss":"https://x.test","sub":"hugo"}} | 404 | sub_id.iss
          """)
  void whatIsNoIdentifierChangesNothing(String body, int status, String field) {
    String id = node.login("hugo");
    HttpResponse<String> answer = send("tool", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    assertThat(isIn(id)).isTrue();
  }

  @Test
  void anOutageIsNoSuccess() {
    String body = issSub("https://issuer.test", "ida");
    String id = node.login("ida");
    servers.pause();
    try {
      assertThat(send("tool", body).statusCode()).isEqualTo(503);
    } finally {
      servers.resume();
    }
    RedisServers.await(() -> send("tool", body).statusCode() == 204);
    assertThat(isIn(id)).isFalse();
  }
}
