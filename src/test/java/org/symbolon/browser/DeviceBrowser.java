package org.symbolon.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.symbolon.redis.RedisServers;

/** A Chromium at one site, which binds its session there to a key, and its cookies. */
public final class DeviceBrowser implements AutoCloseable {
  public static final String SESSION = "__Host-sid";
  public static final String BOUND = "__Host-sid_bound";

  private static final JsonMapper JSON = new JsonMapper();

  private final Browser browser;
  private final String origin;
  private final String bound;

  /** Opens a page of the site. */
  public DeviceBrowser(Browser browser, String origin, String page) {
    this(browser, origin, page, BOUND);
  }

  /**
   * Opens a page of the site.
   *
   * @param bound the name of the proof's cookie
   */
  public DeviceBrowser(Browser browser, String origin, String page, String bound) {
    this.browser = browser;
    this.origin = origin;
    this.bound = bound;
    browser.open(origin + page);
  }

  public void logIn(String assertion) {
    assertThat(
            browser
                .run(
                    "return (await fetch('/v1/login', {method: 'POST',"
                        + " headers: {'Content-Type': 'application/jwt'}, body: '"
                        + assertion
                        + "'})).status;")
                .asInt())
        .isEqualTo(200);
  }

  /** Logs in and waits until Chromium has registered a key. */
  public void bind(String assertion) {
    logIn(assertion);
    RedisServers.await(this::isBound);
  }

  /** The status that a path is answered with, and why it is refused. */
  public String load(String path) {
    return browser
        .run(
            "const answer = await fetch('"
                + path
                + "', {cache: 'no-store'});"
                + "const why = answer.headers.get('WWW-Authenticate');"
                + "return answer.status + (why ? ' ' + why.split('\"')[1] : '');")
        .asText();
  }

  /**
   * Asks for twenty paths at once while Chromium proves its key again, the cookies of both proofs
   * being in use: from a second on, the next has another value. All have to be let in.
   *
   * @param life of a proof's cookie, in seconds
   */
  public void loadTwentyWhileItProves(String path, int life) {
    RedisServers.await(() -> end().isBefore(Instant.now().plusSeconds(life - 1L)));
    String before = cookie(bound);
    JsonNode statuses =
        browser.run(
            "return await Promise.all(Array.from({length: 20}, async (_, i) =>"
                + " (await fetch('"
                + path
                + "' + i, {cache: 'no-store'})).status));");
    assertThat(statuses).hasSize(20).allMatch(status -> status.asInt() == 200);
    RedisServers.await(() -> !cookie(bound).equals(before));
  }

  public Browser browser() {
    return browser;
  }

  /** Whether there is a proof's cookie. */
  public boolean isBound() {
    return browser.cookie(bound).isPresent();
  }

  public String cookie(String name) {
    return browser.cookie(name).orElseThrow().path("value").asText();
  }

  /**
   * When the browser lets go of the proof's cookie. Each proof moves it, if only by the
   * milliseconds between them; the value tells of the second alone, and two proofs may share it.
   */
  public Instant end() {
    double seconds = browser.cookie(bound).orElseThrow().path("expires").asDouble();
    return Instant.ofEpochMilli((long) (seconds * 1000));
  }

  /** Takes the proof's cookie away, as its end does. */
  public void expire() {
    JsonNode cookie = browser.cookie(bound).orElseThrow();
    ObjectNode which = JSON.createObjectNode().put("name", bound).put("path", "/");
    JsonNode _ =
        browser.devTools("Network.deleteCookies", which.set("domain", cookie.path("domain")));
    assertThat(isBound()).isFalse();
  }

  /** Puts a copy of a cookie into another profile. */
  public void loseTo(DeviceBrowser thief, String name) {
    ObjectNode copy = JSON.createObjectNode().put("url", origin).put("name", name);
    copy.put("value", cookie(name)).put("path", "/").put("secure", true);
    copy.put("httpOnly", true).put("sameSite", "Lax");
    JsonNode _ = thief.browser.devTools("Network.setCookie", copy);
    assertThat(thief.browser.cookie(name)).isPresent();
  }

  @Override
  public void close() {
    browser.close();
  }
}
