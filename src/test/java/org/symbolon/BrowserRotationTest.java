package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.browser.Browser;
import org.symbolon.browser.LossyProxy;
import org.symbolon.redis.RedisServers;

/** A real Chromium whose page asks twenty things at once while its ID is due for rotation. */
class BrowserRotationTest {
  private static final String NAME = "__Host-sid";
  private static final String FETCH_TWENTY =
      "const one = async i => {"
          + "  try { return (await fetch('/v1/validate?' + i, {cache: 'no-store'})).status; }"
          + "  catch (e) { return 0; } };"
          + "return await Promise.all(Array.from({length: 20}, (_, i) => one(i)));";

  @TempDir private Path folder = Path.of("");

  private Optional<RedisServers> servers = Optional.empty();
  private Optional<TestNode> node = Optional.empty();
  private Optional<LossyProxy> proxy = Optional.empty();
  private Optional<Browser> browser = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    Certificate certificate = Certificate.selfSigned(folder, "app.symbolon.test");
    servers = Optional.of(RedisServers.standalone());
    node =
        Optional.of(
            TestNode.start(
                servers.orElseThrow(),
                folder,
                Map.of(
                    "public.tls.certificate", certificate.chain().toString(),
                    "public.tls.key", certificate.key().toString(),
                    "gateways.direct.rotate", "cookie",
                    "rotation.age", "5s",
                    "rotation.overlap", "5s",
                    "redis.timeout", "5s")));
    proxy = Optional.of(new LossyProxy(certificate.chain(), certificate.key(), publicPort()));
    browser = Optional.of(new Browser(folder.resolve("profile")));
  }

  @AfterEach
  void stop() {
    browser.ifPresent(Browser::close);
    proxy.ifPresent(LossyProxy::close);
    node.ifPresent(TestNode::close);
    servers.ifPresent(RedisServers::close);
  }

  private int publicPort() {
    return node.orElseThrow().node().publicPort();
  }

  private Browser chromium() {
    return browser.orElseThrow();
  }

  private LossyProxy proxy() {
    return proxy.orElseThrow();
  }

  private String jar() {
    return chromium().cookie(NAME).orElseThrow().path("value").asText();
  }

  private void logIn() {
    chromium().open("https://app.symbolon.test:" + proxy().port() + "/");
    int status =
        chromium()
            .run(
                "return (await fetch('/v1/login', {method: 'POST',"
                    + " headers: {'Content-Type': 'application/jwt'}, body: '"
                    + node.orElseThrow().assertion("alice")
                    + "'})).status;")
            .asInt();
    assertThat(status).isEqualTo(200);
  }

  /** Waits, without asking the service, until the ID in the jar is five seconds old. */
  private void untilDue() {
    JsonNode _ =
        chromium()
            .run(
                "const end = performance.now() + 5100;"
                    + "while (performance.now() < end) await new Promise(r => setTimeout(r, 20));"
                    + "return 0;");
  }

  private double rotations(String outcome) {
    String name = "symbolon_rotation_total{gateway=\"direct\",outcome=\"" + outcome + "\"} ";
    return node.orElseThrow()
        .management()
        .send("GET", "/metrics", "")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private int validate() {
    return chromium().run("return (await fetch('/v1/validate')).status;").asInt();
  }

  private void holdsOneLiveId(String first) {
    String held = jar();
    assertThat(held).isNotEqualTo(first);
    assertThat(new TreeSet<>(proxy().handedOut())).containsExactly(held);
    assertThat(validate()).isEqualTo(200);
    assertThat(rotations("confirmed")).isEqualTo(1);
    assertThat(rotations("reuse")).isZero();
  }

  @Test
  void twentyParallelFetchesGetOneSuccessorAndNobodyIsLoggedOut() {
    logIn();
    String first = jar();
    proxy().forget();
    untilDue();
    JsonNode statuses = chromium().run(FETCH_TWENTY);
    assertThat(statuses).hasSize(20).allMatch(status -> status.asInt() == 200);
    assertThat(rotations("issued")).isEqualTo(1);
    holdsOneLiveId(first);
  }

  @Test
  void theyDoWithEverySecondAnswerLostToo() {
    logIn();
    String first = jar();
    proxy().forget();
    untilDue();
    proxy().lose(true);
    for (int round = 0; round < 3; round++) {
      JsonNode statuses = chromium().run(FETCH_TWENTY);
      assertThat(statuses)
          .hasSize(20)
          .allMatch(status -> status.asInt() == 200 || status.asInt() == 0)
          .anyMatch(status -> status.asInt() == 0);
    }
    proxy().lose(false);
    assertThat(proxy().lost()).isGreaterThan(10);
    assertThat(validate()).isEqualTo(200);
    assertThat(rotations("reuse")).isZero();
    assertThat(jar()).isNotEqualTo(first).isEqualTo(proxy().handedOut().getLast());
    assertThat(validate()).isEqualTo(200);
  }
}
