package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.redis.RedisServers;

/** Transmitters tell what has happened to people (RFC 8935, RFC 8417, SSF 1.0, CAEP 1.0). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityEventTest {
  private static final String SET = "secevent+jwt";
  private static final String REVOKED =
      "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
  private static final String ISSUER = "https://issuer.test";

  @TempDir private static Path folder = Path.of("");

  private final RedisServers servers = RedisServers.standalone();
  private TestNode node;
  private EventSender sender;

  @BeforeAll
  void start() throws Exception {
    Map<String, String> settings = new HashMap<>();
    transmitter(settings, "idp", "https://transmitter.test", "https://app.example");
    settings.put("events.idp.subjects", ISSUER);
    settings.put("events.idp.tenants", "default,blue");
    settings.put("events.idp.credentialChange", "campaign");
    transmitter(settings, "careless", "https://careless.test", "careless");
    settings.put("events.careless.sessionRevoked", "ignore");
    node = TestNode.start(servers, folder, settings);
    sender = EventSender.of(folder);
  }

  private void transmitter(
      Map<String, String> settings, String name, String issuer, String audience) {
    settings.put("events." + name + ".issuer", issuer);
    settings.put("events." + name + ".jwks", folder.resolve("jwks.json").toString());
    settings.put("events." + name + ".audience", audience);
  }

  @AfterAll
  void stop() {
    node.close();
    servers.close();
  }

  private HttpResponse<String> send(String token) {
    return node.client()
        .send("POST", "/v1/events", token, "Content-Type", "application/secevent+jwt");
  }

  private HttpResponse<String> send(Map<String, Object> claims) {
    return send(sender.sign(SET, claims));
  }

  private boolean isIn(String id) {
    int status = node.client().send("GET", "/v1/validate", "", Client.cookie(id)).statusCode();
    assertThat(status).isIn(200, 401);
    return status == 200;
  }

  private static Map<String, Object> revoked(String subject) {
    return EventSender.setClaims(
        "session-revoked",
        subject,
        Map.of(
            "event_timestamp",
            Instant.now().getEpochSecond(),
            "initiating_entity",
            "admin",
            "reason_admin",
            Map.of("en", "left the company")));
  }

  private String issued(String tenant, String subject) {
    return Client.sessionId(
            node.client()
                .send(
                    "POST",
                    "/v1/sessions",
                    "{\"subject\":\"" + subject + "\",\"tenant\":\"" + tenant + "\"}",
                    "Authorization",
                    "Bearer " + TestNode.CREDENTIAL,
                    "Content-Type",
                    "application/json"))
        .orElseThrow();
  }

  private void isAccepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void rfc8935_2_2_aRevokedSessionEndsTheSubjectsSessionsInAllTenantsAndNobodyElses() {
    String first = node.login("anna");
    String second = issued("blue", "anna");
    String elsewhere = issued("green", "anna");
    String other = node.login("annabel");
    isAccepted(send(revoked("anna")));
    assertThat(List.of(isIn(first), isIn(second), isIn(elsewhere), isIn(other)))
        .containsExactly(false, false, true, true);
  }

  @Test
  void aDisabledAccountEndsTheSubjectsSessions() {
    String id = node.login("bert");
    isAccepted(
        send(EventSender.setClaims("account-disabled", "bert", Map.of("reason", "hijacking"))));
    assertThat(isIn(id)).isFalse();
  }

  @Test
  void rfc8417_2_2_aJtiThatComesAgainChangesNothing() {
    String token = sender.sign(SET, revoked("carl"));
    isAccepted(send(token));
    String id = node.login("carl");
    isAccepted(send(token));
    assertThat(isIn(id)).isTrue();
  }

  @Test
  void whereItIsSetACampaignIsPlannedAndNothingEnds() {
    String id = node.login("dora");
    Map<String, Object> claims =
        EventSender.setClaims(
            "credential-change",
            "dora",
            Map.of("credential_type", "password", "change_type", "update"));
    isAccepted(send(claims));
    assertThat(isIn(id)).isTrue();
    String listed = campaigns();
    assertThat(listed).contains("SET " + claims.get("jti"), "credential_compromise");
    isAccepted(send(claims));
    assertThat(campaigns().split("SET ", -1)).hasSameSizeAs(listed.split("SET ", -1));
  }

  private String campaigns() {
    return node.admin()
        .send("GET", "/admin/v1/campaigns", "", "Authorization", "Bearer " + TestNode.CREDENTIAL)
        .body();
  }

  @Test
  void whereItIsSetNothingFollows() {
    String id = node.login("emil");
    Map<String, Object> claims = revoked("emil");
    claims.put("iss", "https://careless.test");
    claims.put("aud", List.of("careless"));
    claims.put("sub_id", Map.of("format", "opaque", "id", "emil"));
    isAccepted(send(claims));
    assertThat(isIn(id)).isTrue();
  }

  @Test
  void theStreamIsVerified() {
    isAccepted(send(sender.verification()));
  }

  @Test
  void whatIsNotKnownIsTakenAndNothingFollows() {
    String id = node.login("fritz");
    Map<String, Object> claims = revoked("fritz");
    claims.put("events", Map.of("https://example.org/event/birthday", Map.of()));
    isAccepted(send(claims));
    assertThat(isIn(id)).isTrue();
  }

  /** Each names the subject gerd. */
  static List<Map<String, Object>> identifiers() {
    Map<String, Object> opaque = Map.of("format", "opaque", "id", "gerd");
    Map<String, Object> issSub = Map.of("format", "iss_sub", "iss", ISSUER, "sub", "gerd");
    Map<String, Object> own =
        Map.of("format", "iss_sub", "iss", "https://transmitter.test", "sub", "gerd");
    return List.of(
        opaque,
        issSub,
        own,
        Map.of("format", "complex", "user", issSub),
        Map.of("format", "complex", "user", opaque, "session", opaque, "device", opaque));
  }

  @ParameterizedTest
  @MethodSource("identifiers")
  void rfc9493_3_2_aSubjectIsNamedInSeveralFormats(Map<String, Object> identifier) {
    String id = node.login("gerd");
    Map<String, Object> claims = revoked("gerd");
    claims.put("sub_id", identifier);
    isAccepted(send(claims));
    assertThat(isIn(id)).isFalse();
  }

  @Test
  void aTenantNarrowsTheSubject() {
    String blue = issued("blue", "hugo");
    String other = node.login("hugo");
    Map<String, Object> claims = revoked("hugo");
    claims.put(
        "sub_id",
        Map.of(
            "format",
            "complex",
            "user",
            Map.of("format", "opaque", "id", "hugo"),
            "tenant",
            Map.of("format", "opaque", "id", "blue")));
    isAccepted(send(claims));
    assertThat(List.of(isIn(blue), isIn(other))).containsExactly(false, true);
  }

  /** Each with its code and the word at fault. */
  static List<Arguments> faults() {
    List<Arguments> faults = new ArrayList<>();
    long now = Instant.now().getEpochSecond();
    String invalid = "invalid_request";
    fault(faults, "invalid_issuer", "iss", c -> c.put("iss", "https://evil.test"));
    fault(faults, "invalid_issuer", "iss", c -> c.remove("iss"));
    fault(faults, "invalid_audience", "aud", c -> c.put("aud", "another"));
    fault(faults, "invalid_audience", "aud", c -> c.put("aud", "careless"));
    fault(faults, "invalid_audience", "aud", c -> c.remove("aud"));
    fault(faults, invalid, "iat", c -> c.remove("iat"));
    fault(faults, invalid, "iat", c -> c.put("iat", now + 3600));
    fault(faults, invalid, "iat", c -> c.put("iat", now - 8 * 86400));
    fault(faults, invalid, "exp", c -> c.put("exp", now + 3600));
    fault(faults, invalid, "jti", c -> c.remove("jti"));
    fault(faults, invalid, "events", c -> c.remove("events"));
    fault(faults, invalid, "events", c -> c.put("events", Map.of()));
    fault(faults, invalid, "events", c -> c.put("events", Map.of(REVOKED, "yes")));
    fault(
        faults,
        invalid,
        "events",
        c -> c.put("events", Map.of(REVOKED, Map.of(), "urn:other", Map.of())));
    fault(
        faults,
        invalid,
        "event_timestamp",
        c -> c.put("events", Map.of(REVOKED, Map.of("event_timestamp", "today"))));
    fault(
        faults,
        invalid,
        "change_type",
        c ->
            c.put(
                "events",
                Map.of(
                    REVOKED.replace("session-revoked", "credential-change"),
                    Map.of("credential_type", "password", "change_type", "lose"))));
    fault(faults, invalid, "sub_id", c -> c.remove("sub_id"));
    fault(faults, invalid, "sub_id", c -> c.put("sub_id", Map.of("format", "opaque")));
    fault(
        faults,
        invalid,
        "sub_id.format",
        c -> c.put("sub_id", Map.of("format", "email", "email", "ida@example.org")));
    fault(faults, invalid, "sub_id", c -> c.put("sub_id", Map.of("format", "complex")));
    fault(
        faults,
        "access_denied",
        "sub_id.iss",
        c -> c.put("sub_id", Map.of("format", "iss_sub", "iss", "https://x.test", "sub", "ida")));
    fault(
        faults,
        "access_denied",
        "sub_id.tenant",
        c ->
            c.put(
                "sub_id",
                Map.of(
                    "format",
                    "complex",
                    "user",
                    Map.of("format", "opaque", "id", "ida"),
                    "tenant",
                    Map.of("format", "opaque", "id", "green"))));
    return faults;
  }

  private static void fault(
      List<Arguments> faults, String code, String claim, Consumer<Map<String, Object>> spoil) {
    faults.add(Arguments.of(code, claim, spoil));
  }

  @ParameterizedTest(name = "{1} is {0}")
  @MethodSource("faults")
  void rfc8935_2_4_anEventWithAFaultIsRefusedForIt(
      String code, String claim, Consumer<Map<String, Object>> spoil) {
    String id = node.login("ida");
    Map<String, Object> claims = revoked("ida");
    spoil.accept(claims);
    isRefused(send(claims), code, claim);
    assertThat(isIn(id)).isTrue();
  }

  private static void isRefused(HttpResponse<String> answer, String code, String claim) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValue("Content-Language")).contains("en");
    assertThat(answer.body())
        .contains("\"err\":\"" + code + "\"", "\"description\":\"" + claim + ":");
  }

  @Test
  void rfc8417_2_3_anotherTypeOrSignatureIsRefused() throws Exception {
    String id = node.login("jan");
    Map<String, Object> claims = revoked("jan");
    isRefused(send(sender.sign("", claims)), "invalid_request", "typ");
    isRefused(send(sender.sign("JWT", claims)), "invalid_request", "typ");
    isRefused(send(sender.sign("logout+jwt", claims)), "invalid_request", "typ");
    isRefused(send(sender.forged().sign(SET, claims)), "invalid_key", "signature");
    isRefused(
        send(new PlainJWT(JWTClaimsSet.parse(claims)).serialize()), "invalid_request", "assertion");
    String unsigned = "eyJhbGciOiJub25lIiwidHlwIjoic2VjZXZlbnQrand0In0.";
    String payload = EventSender.payload(sender.sign(SET, claims));
    isRefused(send(unsigned + payload + ".e30"), "invalid_key", "alg");
    isRefused(send("junk"), "invalid_request", "assertion");
    isRefused(
        node.client()
            .send("POST", "/v1/events", sender.sign(SET, claims), "Content-Type", "text/plain"),
        "invalid_request",
        "Content-Type");
    assertThat(isIn(id)).isTrue();
  }

  @Test
  void anEventLogsNobodyIn() {
    Map<String, Object> claims = revoked("karl");
    claims.put("iss", ISSUER);
    claims.put("sub", "karl");
    claims.put("aud", "symbolon");
    claims.put("exp", Instant.now().getEpochSecond() + 60);
    for (String type : List.of(SET, "")) {
      HttpResponse<String> answer =
          node.client()
              .send(
                  "POST",
                  "/v1/login",
                  sender.sign(type, claims),
                  "Content-Type",
                  "application/jwt");
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void whatAnOutageLeftUndoneIsDoneWhenTheEventComesAgain() {
    String id = node.login("lisa");
    String token = sender.sign(SET, revoked("lisa"));
    servers.pause();
    try {
      assertThat(send(token).statusCode()).isEqualTo(503);
    } finally {
      servers.resume();
    }
    RedisServers.await(() -> send(token).statusCode() == 202);
    assertThat(isIn(id)).isFalse();
  }

  @Test
  void everyEventIsRecorded() throws Exception {
    Map<String, Object> claims = revoked("mona");
    isAccepted(send(claims));
    isAccepted(send(claims));
    String jti = String.valueOf(claims.get("jti"));
    RedisServers.await(() -> lines(jti).size() == 2);
    assertThat(lines(jti).getFirst())
        .contains("event.taken", "\"detail.outcome\":\"revoke\"", "session-revoked");
    assertThat(lines(jti).getLast()).contains("event.refused", "\"detail.outcome\":\"repeated\"");
  }

  @Test
  void whatFollowedIsRecordedAndNothingElse() throws Exception {
    Map<String, Object> planned =
        EventSender.setClaims(
            "credential-change",
            "nora",
            Map.of("credential_type", "password", "change_type", "update"));
    Map<String, Object> ignored = revoked("nora");
    ignored.put("iss", "https://careless.test");
    ignored.put("aud", List.of("careless"));
    ignored.put("sub_id", Map.of("format", "opaque", "id", "nora"));
    Map<String, Object> unknown = revoked("nora");
    unknown.put("events", Map.of("https://example.org/event/birthday", Map.of()));
    for (Map.Entry<Map<String, Object>, String> each :
        Map.of(planned, "campaign", ignored, "ignore", unknown, "ignore").entrySet()) {
      isAccepted(send(each.getKey()));
      String jti = "\"detail.jti\":\"" + each.getKey().get("jti");
      RedisServers.await(() -> !lines(jti).isEmpty());
      assertThat(lines(jti).getFirst())
          .contains("event.taken", "\"detail.outcome\":\"" + each.getValue() + "\"");
    }
  }

  @Test
  void whatIsToldLateEndsNothingThatBeganSince() {
    String id = node.login("olga");
    long hourAgo = Instant.now().getEpochSecond() - 3600;
    Map<String, Object> told = revoked("olga");
    told.put("events", Map.of(REVOKED, Map.of("event_timestamp", hourAgo)));
    isAccepted(send(told));
    Map<String, Object> signed = revoked("olga");
    signed.put("events", Map.of(REVOKED, Map.of()));
    signed.put("iat", hourAgo);
    isAccepted(send(signed));
    assertThat(isIn(id)).isTrue();
    Map<String, Object> now = revoked("olga");
    now.put("iat", hourAgo);
    isAccepted(send(now));
    assertThat(isIn(id)).isFalse();
  }

  @Test
  void anEndTellsWhoseEventItFollowedFrom() throws Exception {
    node.login("paula");
    isAccepted(send(revoked("paula")));
    String end = "\"detail.sender\":\"https://transmitter.test\"";
    RedisServers.await(
        () ->
            lines("paula").stream()
                .anyMatch(
                    line ->
                        line.contains("subject.revoked")
                            && line.contains(end)
                            && line.contains("\"detail.kind\":\"session-revoked\"")));
  }

  private List<String> lines(String jti) {
    try (var files = Files.list(folder)) {
      List<String> lines = new ArrayList<>();
      for (Path file :
          files.filter(f -> f.getFileName().toString().matches("audit.*jsonl")).toList()) {
        Files.readAllLines(file).stream().filter(l -> l.contains(jti)).forEach(lines::add);
      }
      return lines;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
