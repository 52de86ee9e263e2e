package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.browser.DeviceBrowser.BOUND;
import static org.symbolon.browser.DeviceBrowser.SESSION;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.browser.Browser;
import org.symbolon.browser.DeviceBrowser;
import org.symbolon.redis.RedisServers;

/** A real Chromium with software keys binds its session (Device Bound Session Credentials). */
class DeviceBrowserTest {
  private static final String HOST = "app.symbolon.test";

  @TempDir private Path folder = Path.of("");

  private Optional<Certificate> certificate = Optional.empty();
  private Optional<RedisServers> servers = Optional.empty();
  private Optional<TestNode> node = Optional.empty();
  private final List<DeviceBrowser> browsers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    certificate = Optional.of(Certificate.selfSigned(folder, HOST));
    servers = Optional.of(RedisServers.standalone());
  }

  @AfterEach
  void stop() {
    browsers.forEach(DeviceBrowser::close);
    node.ifPresent(TestNode::close);
    servers.ifPresent(RedisServers::close);
  }

  /**
   * Starts the service.
   *
   * @param refresh how long a proof lasts; below two minutes Chromium proves its key at each
   *     request
   */
  private void serve(String refresh) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("public.tls.certificate", certificate.orElseThrow().chain().toString());
    settings.put("public.tls.key", certificate.orElseThrow().key().toString());
    settings.put("redis.timeout", "5s");
    settings.put("cookie.persistent", "true");
    settings.put("binding.dbsc", "enforce");
    settings.put("binding.refresh", refresh);
    node = Optional.of(TestNode.start(servers.orElseThrow(), folder, settings));
  }

  private DeviceBrowser chromium(String profile) throws IOException, GeneralSecurityException {
    return opened(Browser.binding(folder.resolve(profile), certificate.orElseThrow().pin()));
  }

  private DeviceBrowser opened(Browser browser) {
    String origin = "https://" + HOST + ":" + node.orElseThrow().port();
    DeviceBrowser opened = new DeviceBrowser(browser, origin, "/");
    browsers.add(opened);
    return opened;
  }

  private String assertion() {
    return node.orElseThrow().assertion("alice");
  }

  private void bind(DeviceBrowser browser) {
    browser.bind(assertion());
  }

  /** The status that validate answers a page, and why it refuses. */
  private static String validate(DeviceBrowser browser) {
    return browser.load("/v1/validate");
  }

  private long events(String action) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("audit.jsonl"))) {
      return lines.filter(line -> line.contains("\"" + action + "\"")).count();
    }
  }

  @Test
  void registersWithoutBeingAskedAndProvesItsKeyOnlyWhenItHasTo() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    Instant end = browser.end();
    assertThat(events("session.bound")).isEqualTo(1);
    for (int request = 0; request < 3; request++) {
      assertThat(validate(browser)).isEqualTo("200");
    }
    // Were the attributes told otherwise than set, each of these would have brought another.
    assertThat(browser.end()).isEqualTo(end);
    JsonNode cookie = browser.browser().cookie(BOUND).orElseThrow();
    assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
    assertThat(cookie.path("secure").asBoolean()).isTrue();
  }

  @Test
  void refreshesWithACachedChallengeBeforeTheRequestGoesOut() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    for (int round = 0; round < 3; round++) {
      browser.expire();
      assertThat(validate(browser)).isEqualTo("200");
      assertThat(browser.isBound()).isTrue();
    }
  }

  @Test
  void keepsItsKeyOverARestartAndAnswersTheChallengeOfA403() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    browsers.remove(browser);
    browser.close();
    DeviceBrowser again = chromium("owner");
    again.expire();
    assertThat(validate(again)).isEqualTo("200");
    assertThat(again.isBound()).isTrue();
    assertThat(events("session.bound")).isEqualTo(1);
  }

  @Test
  void refreshesBesideTwentyRequestsAndAllOfThemAreLetIn() throws Exception {
    serve("60s");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    for (int round = 0; round < 3; round++) {
      browser.loadTwentyWhileItProves("/v1/validate?", 60);
    }
    assertThat(events("session.unproved")).isZero();
  }

  @Test
  void noSilentRefreshBringsALogoutBack() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    assertThat(
            browser
                .browser()
                .run("return (await fetch('/v1/logout', {method: 'POST'})).status;")
                .asInt())
        .isEqualTo(204);
    for (int request = 0; request < 2; request++) {
      assertThat(validate(browser)).isEqualTo("401 missing");
      if (browser.isBound()) {
        browser.expire();
      }
    }
    assertThat(browser.isBound()).isFalse();
    bind(browser);
    assertThat(validate(browser)).isEqualTo("200");
    browser.expire();
    assertThat(validate(browser)).isEqualTo("200");
    assertThat(events("session.bound")).isEqualTo(2);
  }

  @Test
  void aForcedEndIsTheEndWhateverTheBrowserStillHolds() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    assertThat(
            node.orElseThrow()
                .admin()
                .send(
                    "DELETE",
                    "/admin/v1/tenants/default/subjects/alice/sessions",
                    "",
                    "Authorization",
                    "Bearer " + TestNode.CREDENTIAL)
                .statusCode())
        .isEqualTo(200);
    assertThat(validate(browser)).isEqualTo("401 revoked");
    browser.expire();
    assertThat(validate(browser)).isEqualTo("401 revoked");
    assertThat(browser.isBound()).isFalse();
    bind(browser);
    assertThat(validate(browser)).isEqualTo("200");
  }

  @Test
  void cookiesInAnotherProfileAreWorthNothingOnceTheProofEnds() throws Exception {
    serve("15s");
    DeviceBrowser thief = chromium("thief");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    browser.loseTo(thief, SESSION);
    RedisServers.await(() -> !validate(thief).equals("200"));
    assertThat(validate(thief)).isEqualTo("401 binding-missing");
    assertThat(thief.isBound()).isFalse();
    assertThat(events("session.unproved")).isPositive();
    assertThat(validate(browser)).isEqualTo("200");
    browser.loseTo(thief, BOUND);
    RedisServers.await(() -> !validate(thief).equals("200"));
    assertThat(validate(thief)).startsWith("401 binding-");
    assertThat(validate(browser)).isEqualTo("200");
  }

  @Test
  void aBrowserThatCannotBeBoundGoesOnWhereThatIsOptional() throws Exception {
    serve("10m");
    DeviceBrowser other = opened(new Browser(folder.resolve("other")));
    other.logIn(assertion());
    assertThat(validate(other)).isEqualTo("200");
    assertThat(events("session.bound")).isZero();
  }
}
