package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.config.Configuration;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.AuditEvent;

/** A node tells others, and nobody waits for them. */
class WebhookNodeTest {
  private static final String SECOND = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=";

  @TempDir private Path folder = Path.of("");

  @Test
  void whatIsToldWithoutBeingAskedForHappens() throws Exception {
    Map<String, String> flags =
        Map.of("webhooks.x.url", "https://x.example/", "webhooks.x.secret", Ear.SECRET);
    assertThat(Configuration.read(Optional.empty(), Map.of(), flags).webhooks().getFirst().events())
        .contains("session.replay_suspected")
        .isSubsetOf(
            Arrays.stream(AuditEvent.Action.values()).map(AuditEvent.Action::code).toList());
  }

  private static HttpResponse<String> admin(TestNode node, String method, String path) {
    return node.admin().send(method, path, "", "Authorization", "Bearer " + TestNode.CREDENTIAL);
  }

  private static String signature(String secret, Ear.Heard heard) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
    String signed = heard.id() + "." + heard.fields().get("webhook-timestamp") + "." + heard.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRevocationIsToldSignedWithBothKeysOverARestartAndWaitsForNobody() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        Ear ear = new Ear()) {
      Map<String, String> settings =
          Map.of(
              "webhooks.siem.url",
              ear.url(),
              "webhooks.siem.secret",
              Ear.SECRET,
              "webhooks.siem.secondSecret",
              SECOND,
              "webhooks.siem.timeout",
              "20s");
      ear.isMute();
      try (TestNode node = TestNode.start(servers, folder, settings)) {
        RedisServers.await(
            () -> admin(node, "GET", "/admin/v1/receivers").body().contains("\"told\""));
        String id = node.login("anna");
        HttpResponse<String> ended =
            admin(node, "DELETE", "/admin/v1/tenants/default/subjects/anna/sessions");
        assertThat(ended.body()).contains("\"revoked\":1");
        RedisServers.await(() -> !ear.heard().isEmpty());
        // The receiver holds its answer back, and still people are logged out.
        String next = node.login("bert");
        admin(node, "DELETE", "/admin/v1/tenants/default/subjects/bert/sessions");
        for (String dead : List.of(id, next)) {
          assertThat(
                  node.client().send("GET", "/v1/validate", "", Client.cookie(dead)).statusCode())
              .isEqualTo(401);
        }
      }
      ear.answers(200);
      try (TestNode node = TestNode.start(servers, folder, settings)) {
        RedisServers.await(() -> ear.taken().size() == 2);
        assertThat(admin(node, "GET", "/admin/v1/receivers").body()).contains("\"refused\":0");
      }
      Ear.Heard first = ear.taken().getFirst();
      assertThat(first.id()).isEqualTo(ear.heard().getFirst().id());
      assertThat(first.body())
          .contains("\"type\":\"subject.revoked\"", "\"subject\":\"anna\"", "\"reason\":\"admin\"");
      assertThat(first.fields().get("webhook-signature"))
          .isEqualTo(signature(Ear.SECRET, first) + " " + signature(SECOND, first));
      assertThat(ear.taken().getLast().body()).contains("\"subject\":\"bert\"");
    }
  }
}
