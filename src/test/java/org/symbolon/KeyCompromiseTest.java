package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.cli.Ran;
import org.symbolon.cli.Symbolon;
import org.symbolon.redis.RedisServers;

/** A key has leaked: every session under it ends on every node, and no other. */
class KeyCompromiseTest {
  /** By the key set that applications read it is seen that a node knows a key. */
  private static final Map<String, String> PUBLISHING =
      Map.of("trust.addresses", "127.0.0.1", "gateways.nginx.audience", "https://app.example");

  @TempDir private Path folder = Path.of("");
  private String out = "";
  private String err = "";

  private int run(TestNode node, String... args) {
    Map<String, String> environment =
        Map.of(
            "SYMBOLON_ADMIN",
            "http://127.0.0.1:" + node.node().adminPort(),
            "SYMBOLON_ADMIN_KEY_FILE",
            folder.resolve("me.txt").toString());
    Ran ran =
        Ran.of(
            Symbolon.commandLine(environment, (_, _) -> {}, new KeyRingFiles(new SecureRandom())),
            args);
    out = ran.out();
    err = ran.err();
    return ran.code();
  }

  private static int validate(TestNode node, String id) {
    return node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
  }

  /** The key that an ID was made with. */
  private static int key(String id) {
    return Base64.getUrlDecoder().decode(id)[0] & 0xf;
  }

  /** How many keys applications are told of. */
  private static int published(TestNode node) {
    return node.client().send("GET", "/.well-known/jwks.json", "").body().split("\"kid\"").length
        - 1;
  }

  /** Logs in once more; what still comes under the old key is leaked as well. */
  private static boolean signsWithOne(TestNode node, List<String> leaked) {
    String id = node.login("probe");
    if (key(id) == 0) {
      leaked.add(id);
    }
    return key(id) == 1;
  }

  private static List<String> logIn(TestNode node, String prefix, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(node.login(prefix + i));
    }
    return ids;
  }

  @Test
  void retiringAKeyEndsItsSessionsOnEveryNodeAndNoOthers() throws Exception {
    String ring = folder.resolve("ring.txt").toString();
    Files.writeString(folder.resolve("me.txt"), TestNode.CREDENTIAL);
    try (RedisServers servers = RedisServers.standalone();
        TestNode one = TestNode.start(servers, folder, PUBLISHING);
        TestNode two = TestNode.start(servers, folder, PUBLISHING)) {
      List<String> leaked = logIn(one, "alice", 5);
      assertThat(leaked).allMatch(id -> key(id) == 0);
      assertThat(run(one, "key", "rotate", "--ring", ring)).as(err).isZero();
      assertThat(out).contains("0    sign", "1    publish");
      assertThat(err).contains("key rotate --sign 1");
      assertThat(run(one, "key", "retire", "0", "--ring", ring, "--confirm", "0")).isEqualTo(1);
      assertThat(err).contains("key 0 signs");
      // Each node has to know the key before another's sessions come with it.
      RedisServers.await(() -> published(one) == 2 && published(two) == 2);
      assertThat(run(one, "key", "rotate", "--sign", "1", "--ring", ring)).as(err).isZero();
      RedisServers.await(() -> signsWithOne(one, leaked) && signsWithOne(two, leaked));
      List<String> good = logIn(two, "bob", 5);
      for (TestNode node : List.of(one, two)) {
        assertThat(leaked).allMatch(id -> validate(node, id) == 200);
        assertThat(good).allMatch(id -> validate(node, id) == 200);
      }

      assertThat(run(one, "key", "retire", "0", "--ring", ring, "--dry-run")).isZero();
      assertThat(run(one, "key", "list", "--ring", ring, "-o", "json")).isZero();
      assertThat(out).contains("{\"key\":0,\"phase\":\"publish\"}");
      assertThat(run(one, "key", "retire", "0", "--ring", ring)).as("nobody confirms").isEqualTo(2);
      assertThat(run(one, "key", "retire", "0", "--ring", ring, "--confirm", "1")).isEqualTo(2);
      assertThat(run(one, "key", "retire", "0", "--ring", ring, "--confirm", "0")).isZero();
      RedisServers.await(
          () ->
              leaked.stream().allMatch(id -> validate(one, id) == 401 && validate(two, id) == 401));
      for (TestNode node : List.of(one, two)) {
        assertThat(good).allMatch(id -> validate(node, id) == 200);
      }

      assertThat(
              run(
                  one,
                  "campaign",
                  "plan",
                  "-w",
                  "key=0",
                  "--cause",
                  "key_compromise",
                  "--ticket",
                  "INC-1"))
          .as(err)
          .isZero();
      assertThat(out).contains(leaked.size() + " of ");
      String id = out.substring(0, out.indexOf(' '));
      String digest = out.replaceAll("(?s).*digest +([0-9a-f]{16}).*", "$1");
      assertThat(run(one, "campaign", "start", id, "--digest", digest)).as(err).isZero();
      RedisServers.await(
          () -> {
            int code = run(two, "campaign", "report", id, "-o", "json");
            return code == 0 && out.contains("\"complete\":true");
          });
      assertThat(out).contains(leaked.size() + " ended");
      for (TestNode node : List.of(one, two)) {
        assertThat(good).allMatch(session -> validate(node, session) == 200);
        assertThat(leaked).allMatch(session -> validate(node, session) == 401);
      }
    }
  }

  @Test
  void theSigningKeyIsReplacedAtOnce() throws Exception {
    String ring = folder.resolve("ring.txt").toString();
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, Map.of())) {
      String leaked = node.login("alice");
      assertThat(run(node, "key", "retire", "0", "--replace", "--ring", ring, "--confirm", "0"))
          .as(err)
          .isZero();
      assertThat(out).contains("0    retire", "1    sign");
      RedisServers.await(() -> validate(node, leaked) == 401);
      String again = node.login("alice");
      assertThat(key(again)).isEqualTo(1);
      assertThat(validate(node, again)).isEqualTo(200);
      assertThat(Files.readString(Path.of(ring)))
          .as("the ring is still its owner's alone")
          .contains("key 0 retire");
      assertThat(Files.getPosixFilePermissions(Path.of(ring))).hasSize(2);
    }
  }
}
