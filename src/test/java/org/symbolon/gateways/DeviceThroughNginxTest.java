package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.symbolon.browser.DeviceBrowser.BOUND;
import static org.symbolon.browser.DeviceBrowser.SESSION;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.browser.Browser;
import org.symbolon.browser.DeviceBrowser;
import org.symbolon.redis.RedisServers;

/**
 * A real Chromium with software keys binds its session through a real nginx with the recipe, and
 * loads an application's pages with it.
 */
class DeviceThroughNginxTest {
  private static final String HOST = "app.symbolon.test";
  @TempDir private Path folder = Path.of("");

  private Optional<Stage> stage = Optional.empty();
  private Optional<RunningGateway> nginx = Optional.empty();
  private final List<DeviceBrowser> browsers = new ArrayList<>();

  private void serve(String refresh) throws Exception {
    stage =
        Optional.of(
            Stage.set(
                Files.createDirectory(folder.resolve("stage")),
                HOST,
                Map.of("binding.dbsc", "enforce", "binding.refresh", refresh)));
    nginx =
        Optional.of(
            RunningGateway.start(
                RunningGateway.Daemon.NGINX, stage.get(), UnaryOperator.identity()));
  }

  @AfterEach
  void stop() throws Exception {
    browsers.forEach(DeviceBrowser::close);
    if (nginx.isPresent()) {
      nginx.get().close();
    }
    if (stage.isPresent()) {
      stage.get().close();
    }
  }

  private Stage stage() {
    return stage.orElseThrow();
  }

  private DeviceBrowser chromium(String profile) throws Exception {
    Browser browser = Browser.binding(folder.resolve(profile), stage().pin());
    DeviceBrowser opened =
        new DeviceBrowser(browser, nginx.orElseThrow().visitor().origin(), "/v1/login");
    browsers.add(opened);
    return opened;
  }

  private void bind(DeviceBrowser browser) {
    browser.bind(stage().node().assertion("alice"));
  }

  private long events(String action) throws IOException {
    try (Stream<String> lines = Files.lines(stage().folder().resolve("audit.jsonl"))) {
      return lines.filter(line -> line.contains("\"" + action + "\"")).count();
    }
  }

  @Test
  void registersProvesItsKeyAgainAndKeepsBothCookiesFromTheApplication() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    assertThat(events("session.bound")).isEqualTo(1);
    Instant registered = browser.end();
    for (int page = 0; page < 3; page++) {
      assertThat(browser.load("/page/" + page)).isEqualTo("200");
    }
    // The attributes arrive as they were set, or each page would have brought another proof.
    assertThat(browser.end()).isEqualTo(registered);
    for (int round = 0; round < 3; round++) {
      browser.expire();
      assertThat(browser.load("/again/" + round)).isEqualTo("200");
      assertThat(browser.isBound()).isTrue();
    }
    for (String path : List.of("/page/0", "/again/2")) {
      StubApp.Seen seen = stage().app().seen(path).orElseThrow();
      assertThat(seen.all("X-Session-User")).containsExactly("alice");
      assertThat(seen.all("Cookie")).noneMatch(cookies -> cookies.contains(SESSION));
      assertThat(Wiretap.values(stage().wiretap().asked(path), "Cookie").getFirst())
          .contains(SESSION + "=", BOUND + "=");
    }
  }

  /** Follows a link on a page of another site. */
  private void follow(DeviceBrowser browser, String path) {
    String origin = nginx.orElseThrow().visitor().origin();
    browser.browser().open(origin.replace(HOST, "elsewhere.test") + "/");
    JsonNode _ = browser.browser().run("location.href = '" + origin + path + "';");
  }

  @Test
  void aLinkFromAnotherSiteArrivesThoughTheProofHasEnded() throws Exception {
    serve("10m");
    DeviceBrowser browser = chromium("owner");
    DeviceBrowser thief = chromium("thief");
    bind(browser);
    browser.loseTo(thief, SESSION);
    // Until then what was under way when the key came is let in.
    RedisServers.await(() -> !thief.load("/taken").equals("200"));
    browser.expire();
    follow(browser, "/linked?a=1&b=%2F#part");
    RedisServers.await(() -> stage().app().seen("/linked").isPresent());
    StubApp.Seen seen = stage().app().seen("/linked").orElseThrow();
    assertThat(seen.uri()).isEqualTo("/linked?a=1&b=%2F");
    assertThat(seen.all("X-Session-User")).containsExactly("alice");
    RedisServers.await(
        () ->
            browser
                .browser()
                .run("return location.pathname + location.search + location.hash;")
                .asText()
                .equals("/linked?a=1&b=%2F#part"));
    assertThat(browser.isBound()).isTrue();
    assertThat(stage().wiretap().times("X-Original-URI: /linked")).isEqualTo(2);
    // Who can't prove the key is sent there once and refused.
    follow(thief, "/stolen");
    RedisServers.await(() -> stage().wiretap().times("X-Original-URI: /stolen") == 2);
    assertThat(thief.load("/other")).isEqualTo("401 binding-missing");
    assertThat(stage().wiretap().times("X-Original-URI: /stolen")).isEqualTo(2);
    assertThat(stage().app().seen("/stolen")).isEmpty();
  }

  @Test
  void provesItsKeyBesideTwentyRequestsAndAllOfThemAreLetIn() throws Exception {
    serve("60s");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    for (int round = 0; round < 3; round++) {
      browser.loadTwentyWhileItProves("/part/", 60);
    }
    assertThat(events("session.unproved")).isZero();
  }

  @Test
  void cookiesInAnotherProfileAreWorthNothingOnceTheProofEnds() throws Exception {
    serve("15s");
    DeviceBrowser thief = chromium("thief");
    DeviceBrowser browser = chromium("owner");
    bind(browser);
    browser.loseTo(thief, SESSION);
    RedisServers.await(() -> !thief.load("/taken").equals("200"));
    assertThat(thief.load("/taken/alone")).isEqualTo("401 binding-missing");
    assertThat(stage().app().seen("/taken/alone")).isEmpty();
    assertThat(browser.load("/own")).isEqualTo("200");
    browser.loseTo(thief, BOUND);
    RedisServers.await(() -> !thief.load("/taken").equals("200"));
    assertThat(thief.load("/taken/both")).startsWith("401 binding-");
    assertThat(stage().app().seen("/taken/both")).isEmpty();
    assertThat(thief.browser().cookie(BOUND).map(c -> c.path("value").asText()))
        .isNotEqualTo(browser.browser().cookie(BOUND).map(c -> c.path("value").asText()));
    assertThat(browser.load("/own")).isEqualTo("200");
    assertThat(events("session.bound")).isEqualTo(1);
  }
}
