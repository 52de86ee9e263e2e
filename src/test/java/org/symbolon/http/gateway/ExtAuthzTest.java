package org.symbolon.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.symbolon.http.gateway.EnvoyFilter.downstream;
import static org.symbolon.http.gateway.EnvoyFilter.request;
import static org.symbolon.http.gateway.EnvoyFilter.upstream;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.http.MemoryStore.Mood;
import org.symbolon.http.Rig;
import org.symbolon.http.Wire;
import org.symbolon.http.api.PublicSettings;
import org.symbolon.session.Demand;

/** Envoy's external authorization over gRPC, asked by a client on the real proto. */
class ExtAuthzTest {
  private static final List<String> IDENTITY =
      List.of(
          "X-Session-User",
          "X-Session-Handle",
          "X-Session-Tenant",
          "X-Session-Auth-Level",
          "X-Session-Auth-Methods",
          "X-Session-Auth-Time",
          "X-Session-Rotated",
          "X-Session-Assertion");

  private static final RouteDemands ROUTES =
      new RouteDemands(
          List.of(
              new RouteDemands.Route(
                  "admin",
                  Optional.of("app.example"),
                  "/admin",
                  new Demand(Optional.of(Duration.ofSeconds(1)), List.of(), false)),
              new RouteDemands.Route(
                  "shop",
                  Optional.empty(),
                  "/shop",
                  new Demand(Optional.empty(), List.of(), true))));

  private final Rig rig = new Rig();
  private Optional<EnvoyFilter> opened = Optional.empty();
  private String cookie = "";

  @BeforeEach
  void open() {
    PublicSettings settings = settings("127.0.0.1", ROUTES);
    opened = Optional.of(new EnvoyFilter(rig.openGrpc(settings)));
    cookie = rig.logIn(rig.open(settings), "alice");
  }

  private static PublicSettings settings(String trusted, RouteDemands routes) {
    PublicSettings usual = Rig.on(listener -> Rig.trusting(listener, trusted));
    return new PublicSettings(
        usual.listener(),
        usual.cookie(),
        usual.allowedOrigins(),
        usual.clearSiteData(),
        usual.carriers(),
        routes,
        new Audiences(Map.of("app.example", "app"), Map.of()));
  }

  @AfterEach
  void close() throws Exception {
    envoy().close();
    rig.close();
  }

  private EnvoyFilter envoy() {
    return opened.orElseThrow();
  }

  private CheckResponse check(String method, String path, String... fields) {
    return envoy().check(request(method, path, fields));
  }

  private static Map<String, String> fields(List<HeaderValueOption> options) {
    return options.stream()
        .collect(Collectors.toMap(o -> o.getHeader().getKey(), o -> o.getHeader().getValue()));
  }

  private static Map<String, String> assertDenied(CheckResponse answer, int status, int code) {
    assertThat(answer.getHttpResponseCase())
        .isEqualTo(CheckResponse.HttpResponseCase.DENIED_RESPONSE);
    DeniedHttpResponse denied = answer.getDeniedResponse();
    assertThat(denied.getStatus().getCodeValue()).isEqualTo(status);
    assertThat(answer.getStatus().getCode()).isEqualTo(code);
    assertThat(denied.getBody()).isEmpty();
    Map<String, String> fields = fields(denied.getHeadersList());
    assertThat(fields).containsEntry("cache-control", "no-store");
    assertThat(fields.keySet()).noneMatch(name -> IDENTITY.contains(name));
    return fields;
  }

  private static void assertAllowed(CheckResponse answer) {
    assertThat(answer.getStatus().getCode()).isZero();
    assertThat(answer.getHttpResponseCase()).isEqualTo(CheckResponse.HttpResponseCase.OK_RESPONSE);
  }

  @Test
  void letsInAndTellsWho() {
    CheckResponse answer = check("GET", "/page?q=1", cookie, "User-Agent: test");
    assertAllowed(answer);
    Map<String, String> told = fields(answer.getOkResponse().getHeadersList());
    assertThat(told)
        .containsEntry("x-session-user", "alice")
        .containsEntry("x-session-tenant", "default")
        .containsEntry("x-session-auth-level", "aal2")
        .containsEntry("x-session-auth-methods", "pwd,otp")
        .containsEntry("x-session-rotated", "0")
        .containsEntry("x-session-assertion", "alice to app");
    assertThat(answer.getOkResponse().getResponseHeadersToAddList()).isEmpty();
    assertThat(rig.tally.lines).contains("validated allow envoy");
  }

  @Test
  void readsFieldsAsTheyCameToo() {
    assertAllowed(envoy().check(EnvoyFilter.raw(request("GET", "/page", cookie))));
  }

  @Test
  void refusesWhoHasNoSession() {
    assertThat(assertDenied(check("GET", "/", "Cookie: a=1"), 401, 16))
        .containsEntry("www-authenticate", "Session error=\"missing\"")
        .doesNotContainKey("set-cookie");
    assertThat(assertDenied(check("GET", "/", "Cookie: __Host-sid=junk"), 401, 16))
        .containsEntry("www-authenticate", "Session error=\"malformed\"");
    assertThat(assertDenied(check("GET", "/", cookie, "Cookie: __Host-sid=junk"), 401, 16))
        .containsEntry("www-authenticate", "Session error=\"ambiguous\"");
  }

  @Test
  void deletesTheCookieOfAnExpiredSession() {
    rig.store.now = rig.store.now.plusSeconds(3600 * 25);
    assertThat(assertDenied(check("GET", "/", cookie), 401, 16).get("set-cookie"))
        .startsWith("__Host-sid=;")
        .contains("Max-Age=0");
  }

  @ParameterizedTest
  @EnumSource(
      value = Mood.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"WELL", "READ_ONLY"})
  void isUnavailableWithoutTheStore(Mood mood) {
    rig.store.mood = mood;
    assertThat(assertDenied(check("GET", "/", cookie), 503, 14))
        .containsEntry("retry-after", "1")
        .doesNotContainKey("set-cookie");
  }

  @Test
  void demandsWhatARouteDemands() {
    assertThat(assertDenied(check("GET", "/admin/x", cookie), 401, 16).get("www-authenticate"))
        .contains("insufficient_user_authentication");
    assertThat(assertDenied(check("POST", "/shop", cookie), 403, 7).get("x-session-error"))
        .contains("csrf-token");
    assertAllowed(check("GET", "/shop", cookie));
    // What only a client can have said counts for nothing.
    assertDenied(
        check(
            "POST",
            "/shop",
            cookie,
            "X-Forwarded-Method: GET",
            "X-Original-Method: GET",
            "X-Forwarded-Uri: /public",
            "X-Forwarded-Host: other.example"),
        403,
        7);
  }

  @Test
  void refusesARequestWhoseHostIsNone() {
    assertDenied(envoy().check(request("GET", "/", cookie).setHost("a b")), 403, 7);
    assertDenied(envoy().check(request("GET", "/", cookie).clearHost()), 403, 7);
  }

  /** Whatever the client sends, the application hears whom the service named, once. */
  @ParameterizedTest
  @EnumSource
  void leavesNoIdentityOfTheClients(EnvoyFilter.Release release) {
    List<String> claims = new ArrayList<>(List.of(cookie, "X-Session-Of-Tomorrow: mallory"));
    for (String name : IDENTITY) {
      claims.add(name + ": mallory");
      claims.add(name.replace('-', '_') + ": mallory");
      claims.add(name.replaceFirst("-", "_") + ": mallory");
      claims.add(name.replace("n-", "n_") + ": mallory");
    }
    for (String audience : List.of("app.example", "other.example")) {
      AttributeContext.HttpRequest.Builder request =
          request("GET", "/", claims.toArray(String[]::new)).setHost(audience);
      CheckResponse answer = envoy().check(request);
      assertAllowed(answer);
      MultiMap seen = upstream(release, request, answer);
      assertThat(seen.entries()).noneMatch(field -> field.getValue().contains("mallory"));
      assertThat(seen.getAll("x-session-user")).containsExactly("alice");
      assertThat(seen.getAll("x-session-assertion"))
          .isEqualTo(audience.startsWith("app") ? List.of("alice to app") : List.of());
    }
  }

  /** An identity field that is not told must be taken away, not left as the client's. */
  @Test
  @SuppressWarnings("deprecation")
  void setsOrRemovesEveryIdentityField() {
    CheckResponse answer = envoy().check(request("GET", "/", cookie).setHost("other.example"));
    List<String> handled = new ArrayList<>(answer.getOkResponse().getHeadersToRemoveList());
    answer.getOkResponse().getHeadersList().forEach(o -> handled.add(o.getHeader().getKey()));
    assertThat(handled)
        .containsAll(IDENTITY.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList())
        .doesNotHaveDuplicates();
    assertThat(answer.getOkResponse().getHeadersList())
        .allMatch(
            o ->
                o.getAppendAction()
                        == HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD
                    && !o.hasAppend()
                    && !o.getHeader().getValue().isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheSessionIdFromTheApplication(EnvoyFilter.Release release) {
    String ours = cookie.substring("Cookie: ".length());
    Map<String, List<String>> jars =
        Map.of(
            ours,
            List.of(),
            ours + "; a=1; b=2",
            List.of("a=1; b=2"),
            "a=1;" + ours + ";b=2",
            List.of("a=1; b=2"),
            ours + "; a=1; " + ours,
            List.of("a=1"),
            ours + "; __Host-sid_bound=x; a=1",
            List.of("a=1"),
            "a; x__Host-sid=1; " + ours,
            List.of("a; x__Host-sid=1"));
    jars.forEach(
        (jar, left) -> {
          AttributeContext.HttpRequest.Builder request = request("GET", "/", "Cookie: " + jar);
          MultiMap seen = upstream(release, request, envoy().check(request));
          assertThat(seen.getAll("cookie")).as(jar).isEqualTo(left);
        });
  }

  @ParameterizedTest
  @EnumSource
  void carriesASuccessorBesideTheApplicationsOwnCookies(EnvoyFilter.Release release) {
    rig.store.now = rig.store.now.plusSeconds(900);
    CheckResponse answer = check("GET", "/", cookie, "Sec-Fetch-Dest: document");
    assertAllowed(answer);
    assertThat(fields(answer.getOkResponse().getHeadersList()))
        .containsEntry("x-session-rotated", "1");
    MultiMap response =
        downstream(
            release,
            MultiMap.caseInsensitiveMultiMap()
                .add("set-cookie", "app=1")
                .add("cache-control", "public, max-age=3600"),
            answer);
    assertThat(response.getAll("set-cookie")).hasSize(2).contains("app=1");
    String successor = response.getAll("set-cookie").getLast();
    assertThat(successor).startsWith("__Host-sid=").contains("; Secure; HttpOnly");
    assertThat(response.getAll("cache-control")).containsExactly("private, no-store");
    cookie = "Cookie: " + successor.substring(0, successor.indexOf(';'));
    assertAllowed(check("GET", "/", cookie));
    assertThat(check("GET", "/", cookie).getOkResponse().getResponseHeadersToAddList()).isEmpty();
  }

  @Test
  void rotatesNothingWhereTheCookieWouldBeLostOrSeen() {
    rig.store.now = rig.store.now.plusSeconds(900);
    for (String field :
        List.of("Upgrade: websocket", "Sec-Fetch-Dest: image", "Sec-Purpose: prefetch")) {
      assertThat(check("GET", "/", cookie, field).getOkResponse().getResponseHeadersToAddList())
          .as(field)
          .isEmpty();
    }
    CheckResponse plaintext =
        envoy().check(request("GET", "/", cookie).putHeaders("x-forwarded-proto", "http"));
    assertThat(plaintext.getOkResponse().getResponseHeadersToAddList()).isEmpty();
    assertThat(rig.tally.lines).anyMatch(line -> line.contains("plaintext"));
  }

  /** Whoever is no gateway may ask for themselves, and gets neither successor nor assertion. */
  @Test
  void believesNobodyButTrustedGateways() throws Exception {
    rig.store.now = rig.store.now.plusSeconds(900);
    try (EnvoyFilter stranger =
        new EnvoyFilter(rig.openGrpc(settings("10.0.0.1", RouteDemands.NONE)))) {
      CheckResponse answer = stranger.check(request("GET", "/", cookie));
      assertAllowed(answer);
      assertThat(answer.getOkResponse().getResponseHeadersToAddList()).isEmpty();
      assertThat(answer.getOkResponse().getHeadersToRemoveList()).contains("x-session-assertion");
    }
  }

  @Test
  void ignoresAProofThatAStrangerTellsOf() throws Exception {
    try (EnvoyFilter stranger =
        new EnvoyFilter(rig.openGrpc(settings("10.0.0.1", RouteDemands.NONE)))) {
      stranger.check(request("GET", "/", cookie, "DPoP: somebody.elses.proof"));
      // Once for the address that it tells of, and once for the proof.
      assertThat(rig.tally.lines).filteredOn("forwarded-ignored"::equals).hasSize(2);
    }
  }

  @Test
  void answersManyAtOnceOnOneConnection() {
    List<Thread> threads = new ArrayList<>();
    List<CheckResponse> answers = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 50; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int k = 0; k < 10; k++) {
                      answers.add(check("GET", "/", cookie));
                    }
                  }));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(answers).hasSize(500).allMatch(answer -> answer.getStatus().getCode() == 0);
  }

  @Test
  void saysWhatIsNoQuestion() {
    var channel = envoy().stub().getChannel();
    CheckRequest large =
        EnvoyFilter.message(request("POST", "/", cookie).setBody("x".repeat(300_000)));
    assertThatThrownBy(() -> envoy().stub().check(large))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, RawCalls.of("Check"), CallOptions.DEFAULT, new byte[] {1, 2}))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, RawCalls.of("Chuck"), CallOptions.DEFAULT, new byte[0]))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    assertDenied(envoy().stub().check(CheckRequest.getDefaultInstance()), 403, 7);
    assertAllowed(check("GET", "/", cookie));
  }

  @Test
  void speaksHttp2Alone() {
    int port = rig.openGrpc(settings("127.0.0.1", ROUTES));
    assertThat(Wire.call(port, "GET /v1/validate", List.of(cookie), "").status()).isEqualTo(404);
  }
}
