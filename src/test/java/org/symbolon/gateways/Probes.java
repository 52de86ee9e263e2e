package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.symbolon.redis.RedisServers;

/**
 * What every gateway has to do, seen from outside, from the application and from the service. Each
 * probe fails where the gateway does otherwise.
 */
final class Probes {
  /** Every identity field of an answer of validate. */
  static final List<String> IDENTITY =
      List.of(
          "X-Session-User",
          "X-Session-Handle",
          "X-Session-Tenant",
          "X-Session-Auth-Level",
          "X-Session-Auth-Methods",
          "X-Session-Auth-Time",
          "X-Session-Rotated",
          "X-Session-Assertion");

  private static final String COOKIE = "__Host-sid";
  private static final String ROTATED =
      COOKIE + "=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; Path=/; Secure; HttpOnly; SameSite=Lax";

  /** A cookie that shows the proof of a key, and no other whose name only looks like it. */
  private static final String SHOWN = "(^|[; ])" + COOKIE + "_bound=";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Stage stage;
  private final RunningGateway gateway;
  private final Visitor visitor;

  Probes(Stage stage, RunningGateway gateway) {
    this.stage = stage;
    this.gateway = gateway;
    this.visitor = gateway.visitor();
  }

  private static String path() {
    return "/probe/" + NUMBERS.incrementAndGet() + "/";
  }

  private static String cookie(String id) {
    return "Cookie: " + COOKIE + "=" + id;
  }

  private StubApp.Seen seen(String path) {
    return stage.app().seen(path).orElseThrow(() -> new AssertionError("the app saw no " + path));
  }

  private void isUnseen(String path) {
    assertThat(stage.app().seen(path)).isEmpty();
  }

  /** No cookie of ours in an answer; the application's own may be. */
  private static void setsNoSession(Answer answer) {
    assertThat(answer.all("Set-Cookie")).noneMatch(line -> line.contains(COOKIE));
  }

  private static String sessionCookie(Answer answer) {
    List<String> ours =
        answer.all("Set-Cookie").stream().filter(line -> line.startsWith(COOKIE + "=")).toList();
    assertThat(ours).as("session cookies in %s", answer).hasSize(1);
    return ours.getFirst();
  }

  void letsInAndTellsWho() {
    String path = path();
    Answer answer = visitor.get(path + "a%2Fb?q=%20x&r", cookie(stage.session("alice")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("app\n");
    StubApp.Seen seen = seen(path);
    assertThat(seen.uri()).isEqualTo(path + "a%2Fb?q=%20x&r");
    assertThat(seen.all("X-Session-User")).containsExactly("alice");
    assertThat(seen.all("X-Session-Tenant")).containsExactly("default");
    assertThat(seen.all("X-Session-Auth-Level")).containsExactly("urn:example:loa:2");
    assertThat(seen.all("X-Session-Handle")).singleElement().asString().matches("[a-z2-7]{16}");
    assertThat(seen.all("X-Session-Auth-Time")).singleElement().asString().matches("[0-9]+");
    assertThat(seen.all("X-Session-Rotated")).containsExactly("0");
    setsNoSession(answer);
  }

  void refusesWhoHasNoSession() {
    String path = path();
    Answer answer = visitor.get(path, "Cookie: other=1", "X-Session-User: mallory");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.joined("WWW-Authenticate")).isEqualTo("Session error=\"missing\"");
    setsNoSession(answer);
    isUnseen(path);
  }

  void refusesAnExpiredSessionAndDeletesItsCookie() {
    String id = stage.session("alice", "brief");
    String path = path();
    RedisServers.await(() -> visitor.get("/warm/", cookie(id)).status() == 401);
    Answer answer = visitor.get(path, cookie(id));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.joined("WWW-Authenticate")).isEqualTo("Session error=\"expired\"");
    assertThat(sessionCookie(answer)).contains(COOKIE + "=;", "Max-Age=0");
    isUnseen(path);
  }

  void refusesAnAmbiguousCookie() {
    String path = path();
    Answer answer =
        visitor.get(
            path, cookie(stage.session("alice")) + "; " + COOKIE + "=" + stage.session("mallory"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.joined("WWW-Authenticate")).isEqualTo("Session error=\"ambiguous\"");
    isUnseen(path);
  }

  void passesOnThatItIsForbidden() throws IOException {
    stage.wiretap().answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    String path = path();
    try {
      assertThat(visitor.get(path, cookie("x")).status()).isEqualTo(403);
      isUnseen(path);
    } finally {
      stage.wiretap().mend();
    }
  }

  /** Whoever the client says it is, the application hears whom the service named. */
  void overwritesSpoofedIdentities() throws IOException {
    List<String> fields = new ArrayList<>(List.of(cookie(stage.session("alice"))));
    for (String name : IDENTITY) {
      fields.add(name + ": mallory");
      fields.add(name.toLowerCase(Locale.ROOT) + ": mallory");
    }
    String path = path();
    Answer answer = visitor.get(path, fields.toArray(String[]::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen(path).fields()).noneMatch(field -> field.getValue().contains("mallory"));
    assertThat(seen(path).all("X-Session-User")).containsExactly("alice");
    allows("");
    try {
      String empty = path();
      assertThat(visitor.get(empty, fields.toArray(String[]::new)).status()).isEqualTo(200);
      assertThat(seen(empty).fields()).noneMatch(field -> field.getValue().contains("mallory"));
    } finally {
      stage.wiretap().mend();
    }
  }

  /** The application gets a statement that it can verify without trusting the gateway. */
  void handsOnTheAssertion() throws Exception {
    String path = path();
    visitor.get(path, cookie(stage.session("alice")), "X-Session-Assertion: e30.e30.e30");
    assertThat(seen(path).all("X-Session-Assertion")).hasSize(1).doesNotContain("e30.e30.e30");
    SignedJWT assertion = SignedJWT.parse(seen(path).all("X-Session-Assertion").getFirst());
    String keys = stage.node().client().send("GET", "/.well-known/jwks.json", "").body();
    JWK key = JWKSet.parse(keys).getKeyByKeyId(assertion.getHeader().getKeyID());
    assertThat(assertion.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    JWTClaimsSet claims = assertion.getJWTClaimsSet();
    assertThat(claims.getAudience()).containsExactly("https://" + RunningGateway.HOST);
    assertThat(claims.getSubject()).isEqualTo("alice");
    assertThat(seen(path).all("X-Session-Handle")).containsExactly(claims.getStringClaim("sid"));
  }

  /** CGI-like applications take X_Session_User for X-Session-User. */
  void dropsIdentitiesWithUnderscores() {
    String path = path();
    List<String> fields = new ArrayList<>(List.of(cookie(stage.session("alice"))));
    for (String name : IDENTITY) {
      fields.add(name.replace('-', '_') + ": mallory");
      fields.add(name.replaceFirst("-", "_") + ": mallory");
      fields.add(name.replace("n-", "n_") + ": mallory");
    }
    Answer answer = visitor.get(path, fields.toArray(String[]::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen(path).fields()).noneMatch(field -> field.getValue().contains("mallory"));
  }

  /** What the service and the application hear of the client is the gateway's word. */
  void overwritesSpoofedForwarding() {
    String path = path();
    Answer answer =
        visitor.get(
            path + "?q",
            cookie(stage.session("alice")),
            "X-Forwarded-For: 203.0.113.9",
            "X-Forwarded-Proto: http",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Uri: /public",
            "X-Forwarded-Method: OPTIONS",
            "X-Original-URI: /public",
            "X-Original-Method: OPTIONS",
            "X-Original-URL: https://evil.example/public",
            "Forwarded: for=203.0.113.9;host=evil.example;proto=http");
    assertThat(answer.status()).isEqualTo(200);
    String asked = stage.wiretap().asked(path);
    assertThat(Wiretap.values(asked, "X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(Wiretap.values(asked, "X-Forwarded-Proto")).containsExactly("https");
    assertThat(Wiretap.values(asked, "X-Forwarded-Host"))
        .singleElement()
        .asString()
        .startsWith(RunningGateway.HOST);
    assertThat(Wiretap.values(asked, "X-Forwarded-Uri")).containsExactly(path + "?q");
    assertThat(Wiretap.values(asked, "X-Forwarded-Method")).containsExactly("GET");
    assertThat(asked).doesNotContain("/public", "OPTIONS", "evil.example", "203.0.113.9");
    assertThat(seen(path).all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(seen(path).all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(seen(path).fields())
        .noneMatch(f -> f.getValue().contains("evil.example"))
        .noneMatch(f -> f.getValue().contains("203.0.113.9"));
  }

  void sendsABodyToTheApplicationAlone() {
    String path = path();
    int size = 5_000_000;
    Answer answer = visitor.send("POST", path, "x".repeat(size), cookie(stage.session("alice")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(seen(path).body()).isEqualTo(size);
    String asked = stage.wiretap().asked(path);
    assertThat(asked).doesNotContain("Transfer-Encoding", "Expect");
    assertThat(Wiretap.values(asked, "Content-Length")).allMatch("0"::equals);
    assertThat(Wiretap.values(asked, "X-Forwarded-Method")).containsExactly("POST");
  }

  void opensWebSockets() {
    String path = path();
    Answer answer =
        visitor.webSocket(path, cookie(stage.session("alice")), "X-Session-User: mallory");
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.body()).isEqualTo("ping");
    assertThat(seen(path).all("X-Session-User")).containsExactly("alice");
    assertThat(seen(path).all("Cookie")).noneMatch(value -> value.contains(COOKIE));
    assertThat(visitor.webSocket(path()).status()).isEqualTo(401);
  }

  /** A rotated cookie arrives whatever the application answers, beside the application's own. */
  void carriesARotatedCookie() throws IOException {
    rotates();
    try {
      for (int status : List.of(200, 302, 304, 404, 500)) {
        Answer answer = visitor.get(path() + "?status=" + status, cookie("x"));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(sessionCookie(answer)).as("with a %d", status).isEqualTo(ROTATED);
        if (status != 304) {
          assertThat(answer.all("Set-Cookie")).contains("app=1; Path=/");
        }
      }
    } finally {
      stage.wiretap().mend();
    }
  }

  /** An answer with a session cookie enters no shared cache; others keep what the app says. */
  void keepsARotatedCookieOutOfCaches() throws IOException {
    String cacheable = "?cache=public,max-age%3D3600";
    rotates();
    try {
      for (String status : List.of("", "&status=404")) {
        Answer rotated = visitor.get(path() + cacheable + status, cookie("x"));
        assertThat(sessionCookie(rotated)).isEqualTo(ROTATED);
        assertThat(rotated.joined("Cache-Control"))
            .contains("private", "no-store")
            .doesNotContain("public", "max-age");
      }
    } finally {
      stage.wiretap().mend();
    }
    Answer plain = visitor.get(path() + cacheable, cookie(stage.session("alice")));
    assertThat(plain.joined("Cache-Control")).isEqualTo("public,max-age=3600");
  }

  private void rotates() {
    allows("1", "Set-Cookie: " + ROTATED);
  }

  /** Has every identity field of each verdict be a value. */
  private void allows(String value, String... further) {
    List<String> verdict =
        new ArrayList<>(List.of("HTTP/1.1 200 OK", "Content-Length: 0", "Cache-Control: no-store"));
    IDENTITY.forEach(name -> verdict.add(name + ": " + value));
    verdict.addAll(List.of(further));
    stage.wiretap().answer(String.join("\r\n", verdict) + "\r\n\r\n");
  }

  void isUnavailableWhereTheServiceHangs() throws IOException {
    stage.wiretap().hang();
    isUnavailableUntilMended();
  }

  void isUnavailableWhereTheServiceIsDown() throws IOException {
    stage.wiretap().cut();
    isUnavailableUntilMended();
  }

  void isUnavailableWhereTheServiceIs() throws IOException {
    stage
        .wiretap()
        .answer(
            String.join(
                "\r\n",
                "HTTP/1.1 503 Service Unavailable",
                "Retry-After: 1",
                "X-Session-User: ",
                "Content-Length: 0",
                "",
                ""));
    isUnavailableUntilMended();
  }

  private void isUnavailableUntilMended() throws IOException {
    String path = path();
    try {
      Answer answer = visitor.get(path, cookie("x"));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.joined("Retry-After")).matches("[0-9]+");
      setsNoSession(answer);
      isUnseen(path);
    } finally {
      stage.wiretap().mend();
    }
    String id = stage.session("alice");
    RedisServers.await(() -> visitor.get("/warm/", cookie(id)).status() == 200);
  }

  /** Whoever logs out is out with the next request, however often it was let in before. */
  void keepsNoVerdict() {
    String id = stage.session("alice");
    for (int i = 0; i < 5; i++) {
      assertThat(visitor.get("/warm/", cookie(id)).status()).isEqualTo(200);
    }
    assertThat(visitor.get("/warm/").status()).isEqualTo(401);
    Answer out = visitor.send("POST", "/v1/logout", "", cookie(id), "Origin: " + visitor.origin());
    assertThat(out.status()).isEqualTo(204);
    String path = path();
    for (int i = 0; i < 5; i++) {
      assertThat(visitor.get(path, cookie(id)).status()).isEqualTo(401);
    }
    isUnseen(path);
  }

  /** The application gets every cookie but ours, wherever ours stands. */
  void keepsTheSessionIdFromTheApplication() {
    String id = stage.session("alice");
    String ours = COOKIE + "=" + id;
    for (String jar :
        List.of(
            ours,
            ours + "; a=1; b=2",
            "a=1; " + ours + "; b=2",
            "a=1; b=2; " + ours,
            "a=1;" + ours + ";b=2",
            ours + "; a=1; " + ours + "; b=2",
            "a=1; x" + COOKIE + "=1; " + ours + "; b=2")) {
      String path = path();
      assertThat(visitor.get(path, "Cookie: " + jar).status()).isEqualTo(200);
      String cookies = String.join("; ", seen(path).all("Cookie"));
      assertThat(cookies).as("of %s", jar).doesNotContain(id);
      if (jar.contains("a=1") && jar.indexOf(ours) == jar.lastIndexOf(ours)) {
        assertThat(cookies).as("of %s", jar).contains("a=1", "b=2");
      }
    }
    // Several fields are one to HTTP, and no browser sends them; Apache joins them with a comma.
    String path = path();
    assertThat(visitor.get(path, "Cookie: a=1", "Cookie: " + ours, "Cookie: b=2").status())
        .isIn(200, 401);
    stage
        .app()
        .seen(path)
        .ifPresent(
            seen -> assertThat(seen.fields()).noneMatch(field -> field.getValue().contains(id)));
  }

  /** The proof of a key goes with the session ID wherever that goes, and stays where that stays. */
  void keepsTheProofOfAKeyFromTheApplication() {
    String id = stage.session("alice");
    String ours = COOKIE + "=" + id;
    String proof = COOKIE + "_bound=proof";
    for (String jar :
        List.of(
            ours + "; " + proof,
            proof + "; " + ours,
            "a=1; " + ours + "; " + proof + "; b=2",
            proof + "; a=1; b=2; " + ours,
            "a=1;" + ours + ";b=2;" + proof,
            ours + "; a=1; " + proof + "; " + proof + "; b=2",
            "a=1; " + COOKIE + "_boundary=1; x" + proof + "; " + proof + "; b=2; " + ours)) {
      String path = path();
      assertThat(visitor.get(path, "Cookie: " + jar).status()).isEqualTo(200);
      assertThat(Wiretap.values(stage.wiretap().asked(path), "Cookie").getFirst())
          .as("of %s", jar)
          .contains(ours, proof);
      String cookies = String.join("; ", seen(path).all("Cookie"));
      assertThat(cookies).as("of %s", jar).doesNotContain(id).doesNotContainPattern(SHOWN);
      if (jar.contains("a=1") && jar.indexOf(proof) == jar.lastIndexOf(proof)) {
        assertThat(cookies).as("of %s", jar).contains("a=1", "b=2");
      }
    }
  }

  /** Browsers prove their keys to the service itself, by fields that pass unchanged. */
  void leadsBrowsersWithKeysToTheService() throws IOException {
    for (String path : List.of("/.session/dbsc/register", "/.session/dbsc/refresh")) {
      String[] sent = {
        "Secure-Session-Response: e30.e30.e30",
        "Sec-Secure-Session-Id: one",
        "Origin: " + visitor.origin(),
        "Cookie: a=1"
      };
      stage
          .wiretap()
          .answer(
              String.join(
                  "\r\n",
                  "HTTP/1.1 403 Forbidden",
                  "Secure-Session-Challenge: \"c\";id=\"one\"",
                  "Set-Cookie: " + ROTATED.replace(COOKIE + "=", COOKIE + "_bound="),
                  "Content-Length: 0",
                  "",
                  ""));
      try {
        Answer answer = visitor.send("POST", path, "", sent);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.joined("Secure-Session-Challenge")).isEqualTo("\"c\";id=\"one\"");
        assertThat(answer.all("Set-Cookie")).hasSize(1).allMatch(c -> c.contains("_bound="));
      } finally {
        stage.wiretap().mend();
      }
      String asked = stage.wiretap().asked("POST " + path + " ");
      assertThat(Wiretap.values(asked, "Secure-Session-Response")).containsExactly("e30.e30.e30");
      assertThat(Wiretap.values(asked, "Sec-Secure-Session-Id")).containsExactly("one");
      assertThat(Wiretap.values(asked, "Origin")).containsExactly(visitor.origin());
      assertThat(Wiretap.values(asked, "X-Forwarded-Proto")).containsExactly("https");
      assertThat(Wiretap.values(asked, "X-Forwarded-For")).containsExactly("127.0.0.1");
      stage.wiretap().cut();
      try {
        // Any other refusal has a browser forget its key.
        assertThat(visitor.send("POST", path, "", sent).status()).isEqualTo(503);
      } finally {
        stage.wiretap().mend();
      }
      assertThat(visitor.send("POST", path, "", sent).body()).contains("urn:symbolon:problem:");
      isUnseen(path);
    }
  }

  /**
   * A program's proof reaches the service, and what the next one has to name reaches the program.
   */
  void carriesProofsOfPrograms() throws IOException {
    String challenge = "DPoP error=\"use_dpop_nonce\"";
    stage
        .wiretap()
        .answer(
            String.join(
                "\r\n",
                "HTTP/1.1 401 Unauthorized",
                "WWW-Authenticate: " + challenge,
                "DPoP-Nonce: next",
                "Content-Length: 0",
                "",
                ""));
    String path = path();
    try {
      Answer answer = visitor.get(path, cookie("x"), "DPoP: e30.e30.e30");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.all("DPoP-Nonce")).containsExactly("next");
      assertThat(answer.all("WWW-Authenticate")).containsExactly(challenge);
    } finally {
      stage.wiretap().mend();
    }
    assertThat(Wiretap.values(stage.wiretap().asked(path), "DPoP")).containsExactly("e30.e30.e30");
    assertThat(visitor.get(path(), cookie(stage.session("alice"))).all("DPoP-Nonce")).isEmpty();
  }

  /** A link from elsewhere gets the page that asks for the same address again, and its script. */
  void handsOnThePageThatAsksAgain() throws IOException {
    String path = path();
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 401 Unauthorized",
            "WWW-Authenticate: Session error=\"binding-missing\"",
            "%sContent-Type: text/html",
            "Content-Length: 4",
            "",
            "page");
    try {
      stage.wiretap().answer(head.formatted("X-Session-Again: 1\r\n"));
      Answer again = visitor.get(path + "?x=1", cookie("x"));
      assertThat(again.body()).isEqualTo("page");
      assertThat(stage.wiretap().asked("GET /.session/dbsc/again"))
          .startsWith("GET /.session/dbsc/again");
      stage.wiretap().answer(head.formatted(""));
      assertThat(visitor.get(path, cookie("x")).body()).doesNotContain("page");
    } finally {
      stage.wiretap().mend();
    }
    isUnseen(path);
    Answer script = visitor.get("/.session/dbsc/again.js");
    assertThat(script.status()).isEqualTo(200);
    assertThat(script.joined("Content-Type")).startsWith("text/javascript");
  }

  /** A certificate that the client only speaks of is none. */
  void dropsSpoofedCertificates() {
    String id = stage.session("alice");
    String claim = "Client-Cert: :bWFsbG9yeQ==:";
    String path = path();
    assertThat(visitor.get(path, cookie(id), claim).status()).isEqualTo(200);
    assertThat(stage.wiretap().asked(path)).doesNotContain("bWFsbG9yeQ");
    assertThat(seen(path).all("Client-Cert")).isEmpty();
    assertThat(visitor.get("/v1/me/sessions", cookie(id), claim).status()).isEqualTo(200);
    assertThat(stage.wiretap().asked("/v1/me/sessions")).doesNotContain("bWFsbG9yeQ");
  }

  void logsInAndOutFromItsOwnSiteAlone() {
    String[] evil = {"Origin: https://evil.example", "X-Forwarded-Host: evil.example"};
    String login = "assertion=" + stage.node().assertion("alice");
    String form = "Content-Type: application/x-www-form-urlencoded";
    assertThat(visitor.send("POST", "/v1/login", login, form, evil[0], evil[1]).status())
        .isEqualTo(403);
    Answer in = visitor.send("POST", "/v1/login", login, form, "Origin: " + visitor.origin());
    assertThat(in.status()).isEqualTo(200);
    String own = sessionCookie(in).replaceFirst(";.*", "");
    assertThat(visitor.send("POST", "/v1/logout", "", "Cookie: " + own, evil[0], evil[1]).status())
        .isEqualTo(403);
    assertThat(visitor.get("/v1/me/sessions", "Cookie: " + own).body())
        .contains("\"current\":true");
  }

  /** What backends and gateways ask of the service is not to be reached from outside. */
  void exposesNothingElseOfTheService() {
    String id = stage.session("alice");
    for (String path : List.of("/v1/sessions", "/v1/introspect", "/gw/nginx/validate")) {
      Answer answer =
          visitor.send("POST", path, "{}", cookie(id), "Content-Type: application/json");
      assertThat(answer.joined("X-Session-User")).isEmpty();
      assertThat(answer.body()).isEqualTo("app\n");
    }
    for (String path : List.of("/_session", "/metrics")) {
      assertThat(visitor.get(path, "Cookie: a=1").status()).isIn(401, 404);
    }
  }

  void sendsPlaintextOnToTls() {
    String path = path();
    Answer answer = gateway.plaintext().get(path, cookie(stage.session("alice")));
    assertThat(answer.status()).isEqualTo(308);
    assertThat(answer.joined("Location")).startsWith("https://" + RunningGateway.HOST);
    isUnseen(path);
  }

  /** Sub-requests share connections, whatever their verdict. */
  void keepsConnectionsToTheService(int requests, int atMost) throws Exception {
    int visitors = 8;
    String id = stage.session("alice");
    int before = stage.wiretap().connections();
    try (ExecutorService threads = Executors.newFixedThreadPool(visitors)) {
      List<Callable<List<Integer>>> all = new ArrayList<>();
      for (int i = 0; i < visitors; i++) {
        String sent = i % 4 == 0 ? "Cookie: a=1" : cookie(id);
        all.add(() -> visitor.repeat(requests / visitors, "/many/", sent));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<List<Integer>> some : threads.invokeAll(all)) {
        statuses.addAll(some.get());
      }
      assertThat(statuses).hasSize(requests).containsOnly(200, 401);
      assertThat(statuses.stream().filter(s -> s == 401).count()).isEqualTo(requests / 4);
    }
    assertThat(stage.wiretap().connections() - before).isLessThanOrEqualTo(atMost);
  }
}
