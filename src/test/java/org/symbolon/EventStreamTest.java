package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;

/** Ends of sessions are pushed as CAEP session-revoked events (RFC 8417, RFC 8935). */
class EventStreamTest {
  private static final String REVOKED =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

  @TempDir private Path folder = Path.of("");

  private static HttpResponse<String> admin(TestNode node, String method, String path) {
    return node.admin().send(method, path, "", "Authorization", "Bearer " + TestNode.CREDENTIAL);
  }

  private static void end(TestNode node, String subject) {
    assertThat(
            admin(node, "DELETE", "/admin/v1/tenants/default/subjects/" + subject + "/sessions")
                .statusCode())
        .isEqualTo(200);
  }

  private static JWTClaimsSet verified(TestNode node, String token) throws Exception {
    JWKSet keys = JWKSet.parse(node.client().send("GET", "/.well-known/jwks.json", "").body());
    SignedJWT jwt = SignedJWT.parse(token);
    assertThat(jwt.getHeader().getType().getType()).isEqualTo("secevent+jwt");
    assertThat(
            jwt.verify(new ECDSAVerifier(keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
        .isTrue();
    return jwt.getJWTClaimsSet();
  }

  @Test
  void rfc8935_2_1_anEndIsPushedAndTakenByAnother() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (RedisServers servers = RedisServers.standalone();
        RedisServers others = RedisServers.standalone();
        Ear ear = new Ear();
        TestNode node =
            TestNode.start(
                servers,
                folder,
                Map.of(
                    "streams.shop.url",
                    ear.url(),
                    "streams.shop.audience",
                    "https://shop.example",
                    "streams.shop.authorization",
                    "Bearer 0123456789",
                    "streams.shop.attempts",
                    "1"))) {
      RedisServers.await(
          () -> admin(node, "GET", "/admin/v1/receivers").body().contains("\"told\""));
      ear.answers(400);
      node.login("anna");
      end(node, "anna");
      RedisServers.await(
          () -> admin(node, "GET", "/admin/v1/receivers").body().contains("\"refused\":1"));
      ear.answers(202);
      String kept = node.login("bert");
      node.login("bert");
      node.client().send("POST", "/v1/logout?scope=others", "", Client.cookie(kept));
      node.client().send("POST", "/v1/logout", "", Client.cookie(node.login("bert")));
      end(node, "bert");
      RedisServers.await(() -> ear.heard().size() > 1);
      Ear.Heard pushed = ear.heard().getLast();
      assertThat(pushed.fields())
          .containsEntry("Content-Type", "application/secevent+jwt")
          .containsEntry("Accept", "application/json")
          .containsEntry("Authorization", "Bearer 0123456789");
      JWTClaimsSet claims = verified(node, pushed.body());
      assertThat(claims.getIssuer()).isEqualTo("symbolon");
      assertThat(claims.getAudience()).containsExactly("https://shop.example");
      assertThat(claims.getExpirationTime()).isNull();
      assertThat(claims.getSubject()).isNull();
      assertThat(claims.getJWTID()).isNotEmpty();
      assertThat(claims.getJSONObjectClaim("sub_id"))
          .isEqualTo(
              Map.of(
                  "format",
                  "complex",
                  "user",
                  Map.of("format", "opaque", "id", "bert"),
                  "tenant",
                  Map.of("format", "opaque", "id", "default")));
      assertThat(claims.getJSONObjectClaim("events")).containsOnlyKeys(REVOKED);
      assertThat(String.valueOf(claims.getJSONObjectClaim("events").get(REVOKED)))
          .contains("initiating_entity=admin", "event_timestamp=");
      assertThat(ear.heard()).filteredOn(heard -> heard.body().equals(pushed.body())).hasSize(1);

      Path keys = folder.resolve("symbolon.jwks");
      Files.writeString(keys, node.client().send("GET", "/.well-known/jwks.json", "").body());
      Map<String, String> trusting =
          Map.of(
              "events.sessions.issuer",
              "symbolon",
              "events.sessions.audience",
              "https://shop.example",
              "events.sessions.jwks",
              keys.toString());
      try (TestNode receiving = TestNode.start(others, other, trusting)) {
        String there = receiving.login("bert");
        for (int status : List.of(202, 202)) {
          assertThat(
                  receiving
                      .client()
                      .send(
                          "POST",
                          "/v1/events",
                          pushed.body(),
                          "Content-Type",
                          "application/secevent+jwt")
                      .statusCode())
              .isEqualTo(status);
        }
        assertThat(
                receiving
                    .client()
                    .send("GET", "/v1/validate", "", Client.cookie(there))
                    .statusCode())
            .isEqualTo(401);
      }
    }
  }
}
