package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.Wire.Answer;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.session.Changes;
import org.symbolon.session.Demand;

/** What is answered of sessions that are known: the store is down while it is asked for. */
class KnownAnswersTest {
  private static final Demand NEW =
      new Demand(Optional.of(Duration.ofSeconds(50)), List.of(), false);

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private int open(Demand demand) {
    return open(new RouteDemands.Route("admin", Optional.empty(), "/admin", demand));
  }

  private int open(RouteDemands.Route... routes) {
    PublicSettings usual = Rig.on(listener -> Rig.trusting(listener, "127.0.0.1"));
    return rig.open(
        new PublicSettings(
            usual.listener(),
            usual.cookie(),
            usual.allowedOrigins(),
            usual.clearSiteData(),
            Carriers.of(Map.of()),
            new RouteDemands(List.of(routes))));
  }

  private static Answer ask(int port, String path, String... fields) {
    return Wire.call(port, "GET " + path, List.of(fields), "");
  }

  /** A session that is known: its first sight confirms its ID, the second is remembered. */
  private String known(int port) {
    String cookie = rig.logIn(port, "alice");
    ask(port, "/v1/validate", cookie);
    ask(port, "/v1/validate", cookie);
    rig.current();
    return cookie;
  }

  @Test
  void answersAsTheStoreDoesAndWithoutIt() {
    int port = open(Demand.NONE);
    String cookie = rig.logIn(port, "alice");
    ask(port, "/v1/validate", cookie);
    Answer asked = ask(port, "/v1/validate", cookie);
    rig.store.mood = Mood.DOWN;
    assertThat(ask(port, "/v1/validate", cookie).status()).isEqualTo(503);
    rig.current();
    assertThat(ask(port, "/v1/validate", cookie)).isEqualTo(asked);
    // The fields that are shared by all answers of one session stay as they are.
    String head = Wire.request("HEAD /v1/validate", port, List.of(cookie), "");
    Answer toHead = Wire.send(port, head);
    assertThat(toHead.fields()).containsExactlyInAnyOrderElementsOf(asked.fields());
    Answer last = ask(port, "/v1/validate", cookie, "Connection: close");
    assertThat(last.all("Connection")).containsExactly("close");
    assertThat(ask(port, "/v1/validate", cookie)).isEqualTo(asked);
    assertThat(rig.tally.lines).contains("validated allow direct");
  }

  @Test
  void asksTheStoreForASuccessorWhereItIsDueAndCarried() {
    int port = open(Demand.NONE);
    String cookie = known(port);
    rig.store.now = rig.store.now.plus(Duration.ofMinutes(16));
    rig.store.mood = Mood.DOWN;
    assertThat(ask(port, "/gw/nginx/validate", cookie, "X-Forwarded-Method: GET").status())
        .isEqualTo(503);
    assertThat(ask(port, "/gw/kong/validate", cookie).status()).isEqualTo(200);
  }

  @Test
  void holdsAKnownSessionToWhatTheRouteDemands() {
    int port = open(new Demand(Optional.of(Duration.ofSeconds(10)), List.of(), false));
    String cookie = known(port);
    rig.store.mood = Mood.DOWN;
    String[] fields = {cookie, "X-Forwarded-Method: GET", "X-Forwarded-Uri: /admin"};
    assertThat(ask(port, "/gw/nginx/validate", fields).status()).isEqualTo(200);
    rig.store.now = rig.store.now.plusSeconds(60);
    Answer refused = ask(port, "/gw/nginx/validate", fields);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.one("WWW-Authenticate")).contains("insufficient_user_authentication");
    assertThat(refused.one("X-Session-User")).isEmpty();
    assertThat(ask(port, "/gw/nginx/validate", cookie, "X-Forwarded-Uri: /").status())
        .isEqualTo(200);
  }

  @Test
  void closesEachConnectionAfterItsReplyOnceItLeaves() {
    int port = open(Demand.NONE);
    String cookie = known(port);
    try (Wire wire = new Wire(port)) {
      String request = Wire.request("GET /v1/validate", port, List.of(cookie), "");
      assertThat(wire.write(request).read(false).all("Connection")).isEmpty();
      rig.leave();
      Answer last = wire.write(request).read(false);
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.all("Connection")).containsExactly("close");
      assertThat(wire.isClosed()).isTrue();
    }
  }

  private static RouteDemands.Route stale(String name, String path, Demand demand, long seconds) {
    return new RouteDemands.Route(
        name, Optional.empty(), path, demand, Duration.ofSeconds(seconds));
  }

  /** A session that was known, 13 seconds after that ceased to count, and a store that is down. */
  private String knownBefore(int port) {
    String cookie = rig.logIn(port, "alice");
    ask(port, "/v1/validate", cookie);
    ask(port, "/v1/validate", cookie);
    rig.tell(cache -> cache.current(System.nanoTime() - Duration.ofSeconds(70).toNanos()));
    rig.store.mood = Mood.DOWN;
    return cookie;
  }

  private int statusOf(int port, String cookie, String... fields) {
    List<String> all = new ArrayList<>(List.of(fields));
    all.add(cookie);
    return ask(port, "/gw/nginx/validate", all.toArray(String[]::new)).status();
  }

  @Test
  void inAnOutageAllowsForAsLongAsTheRouteSays() {
    int port =
        open(
            stale("docs", "/docs", Demand.NONE, 600),
            stale("news", "/news", Demand.NONE, 5),
            stale("mine", "/docs/mine", NEW, 600),
            stale("none", "/docs/none", NEW, 0));
    String cookie = knownBefore(port);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/a")).isEqualTo(200);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /news/a")).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/none")).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/mine")).isEqualTo(200);
    rig.store.now = rig.store.now.plusSeconds(60);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/mine")).isEqualTo(401);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/a")).isEqualTo(200);
    rig.store.now = rig.store.now.plus(Duration.ofHours(2));
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/a")).isEqualTo(503);
  }

  @Test
  void inAnOutageAllowsOnlyWhatIsCertainlyOfSuchARoute() {
    int port =
        open(
            stale("docs", "/docs", Demand.NONE, 600),
            new RouteDemands.Route(
                "host", Optional.of("a.example"), "/app", Demand.NONE, Duration.ofMinutes(10)));
    String cookie = knownBefore(port);
    assertThat(statusOf(port, cookie)).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /other")).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/%2e%2e/x")).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs/a", "X-Original-URI: /other"))
        .isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /app")).isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /app", "X-Forwarded-Host: b.example"))
        .isEqualTo(503);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /app", "X-Forwarded-Host: a.example"))
        .isEqualTo(200);
    assertThat(ask(port, "/v1/validate", cookie).status()).isEqualTo(503);
  }

  @Test
  void inAnOutageAllowsNoSessionThatIsKnownToBeOver() {
    int port = open(stale("docs", "/docs", Demand.NONE, 600));
    String cookie = knownBefore(port);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs")).isEqualTo(200);
    rig.tell(Changes::missed);
    assertThat(statusOf(port, cookie, "X-Forwarded-Uri: /docs")).isEqualTo(503);
  }
}
