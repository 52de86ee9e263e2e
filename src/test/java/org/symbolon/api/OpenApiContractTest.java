package org.symbolon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OpenApiContractTest {
  private static final String COOKIE =
      "__Host-sid=" + "E".repeat(36) + "; Path=/; Secure; HttpOnly; SameSite=Lax";
  private static final String CLEARED =
      "__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
  private static final String VIEW =
      """
      {"handle":"mfzwizltoqqho2lu","subject":"alice","tenant":"default",
       "auth_time":"2027-01-01T00:00:00Z","acr":"","amr":["pwd"],"client_class":"browser","binding":"none",
       "issued_at":"2027-01-01T00:00:05Z","last_seen_at":"2027-01-01T00:00:05Z",
       "expires_at":"2027-01-01T01:00:05Z","absolute_deadline":"2027-01-02T00:00:05Z",
       "device":{"browser":"chrome","platform":"linux"}}\
      """;
  private static final String PROBLEM =
      """
      {"type":"urn:symbolon:problem:cross-site-request","title":"t","status":403,"detail":"d",
       "field":"Origin","mend":"m"}\
      """;

  private final OpenApiContract contract = OpenApiContract.load();

  @Test
  void acceptsADescribedReplyAndRemembersIt() {
    assertThat(contract.unseen()).contains("public POST /v1/login 200");
    contract.check("public", "POST", "/v1/login", 200, json("Set-Cookie", COOKIE), VIEW);
    assertThat(contract.unseen()).doesNotContain("public POST /v1/login 200");
  }

  @Test
  void doesNotAskForFaults() {
    assertThat(contract.unseen()).isNotEmpty().noneMatch(title -> title.endsWith(" 500"));
  }

  @Test
  void takesFieldNamesInAnyCaseAndPassesOverPseudoFields() {
    Map<String, List<String>> headers = with(json("set-cookie", COOKIE), ":status", "200");
    assertThatCode(() -> login(200, headers, VIEW)).doesNotThrowAnyException();
  }

  @Test
  void passesOverTheQuery() {
    Map<String, List<String>> headers = with(base(), "Set-Cookie", CLEARED);
    assertThatCode(() -> contract.check("public", "POST", "/v1/logout?scope=all", 204, headers, ""))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAStatusThatIsNotDescribed() {
    refuses(() -> login(302, base(), ""), "302 is not described", "200");
  }

  @Test
  void refusesSuccessOfAnOperationThatIsNotDescribed() {
    refuses(
        () -> contract.check("public", "GET", "/v1/secrets", 200, base(), ""),
        "meets no described operation");
    refuses(
        () -> contract.check("public", "GET", "/livez", 200, json(), "{\"status\":\"ok\"}"),
        "meets no described operation");
  }

  @Test
  void refusesAHeaderThatIsMissing() {
    refuses(() -> login(200, json(), VIEW), "header Set-Cookie is missing");
    Map<String, List<String>> headers = without(json("Set-Cookie", COOKIE), "Cache-Control");
    refuses(() -> login(200, headers, VIEW), "header Cache-Control is missing");
  }

  @Test
  void refusesAHeaderThatIsNotDescribed() {
    refuses(
        () -> login(200, with(json("Set-Cookie", COOKIE), "Server", "vertx"), VIEW),
        "header server is not described");
  }

  @Test
  void refusesACookieWhereTheStoreGaveNoAnswer() {
    refuses(
        () ->
            contract.check(
                "public",
                "GET",
                "/v1/validate",
                503,
                with(with(verdict(), "Retry-After", "1"), "Set-Cookie", CLEARED),
                ""),
        "header set-cookie is not described");
  }

  @Test
  void refusesTwoCookies() {
    Map<String, List<String>> headers = json();
    headers.put("Set-Cookie", List.of(COOKIE, COOKIE));
    refuses(() -> login(200, headers, VIEW), "Set-Cookie is there 2 times");
  }

  @Test
  void refusesACookieWithoutHttpOnly() {
    String weak = COOKIE.replace("; HttpOnly", "");
    refuses(() -> login(200, json("Set-Cookie", weak), VIEW), "header Set-Cookie", "HttpOnly");
  }

  @Test
  void refusesACookieWithADomain() {
    refuses(
        () -> login(200, json("Set-Cookie", COOKIE + "; Domain=example"), VIEW),
        "header Set-Cookie");
  }

  @Test
  void refusesAMemberThatIsNotDescribed() {
    String body = VIEW.replace("{\"handle\"", "{\"id\":\"x\",\"handle\"");
    refuses(() -> login(200, json("Set-Cookie", COOKIE), body), "body: ", "'id'");
  }

  @Test
  void refusesAMemberThatIsMissing() {
    String body = VIEW.replace("\"subject\":\"alice\",", "");
    refuses(() -> login(200, json("Set-Cookie", COOKIE), body), "body: ", "'subject'");
  }

  @Test
  void refusesATimeThatIsNoTime() {
    String body = VIEW.replace("2027-01-01T01:00:05Z", "2027-13-01T01:00:05Z");
    refuses(() -> login(200, json("Set-Cookie", COOKIE), body), "body: /expires_at");
  }

  @Test
  void refusesWhatIsNoJson() {
    refuses(() -> login(200, json("Set-Cookie", COOKIE), "{"), "body is no JSON");
  }

  @Test
  void refusesAnotherContentType() {
    Map<String, List<String>> headers = json("Set-Cookie", COOKIE);
    headers.put("Content-Type", List.of("text/html"));
    refuses(() -> login(200, headers, VIEW), "text/html is not described", "application/json");
    headers.remove("Content-Type");
    refuses(() -> login(200, headers, VIEW), "content type is missing");
  }

  @Test
  void refusesAProblemThatIsPlainJson() {
    refuses(() -> login(403, json(), PROBLEM), "application/json is not described");
    Map<String, List<String>> headers = with(base(), "Content-Type", "application/problem+json");
    assertThatCode(() -> login(403, headers, PROBLEM)).doesNotThrowAnyException();
  }

  @Test
  void refusesAProblemOfAnotherStatus() {
    Map<String, List<String>> headers = with(base(), "Content-Type", "application/problem+json");
    refuses(() -> login(403, headers, PROBLEM.replace("403", "400")), "400 is not the reply's own");
  }

  @Test
  void refusesAProblemOfAnUnknownType() {
    Map<String, List<String>> headers = with(base(), "Content-Type", "application/problem+json");
    refuses(
        () -> login(403, headers, PROBLEM.replace("cross-site-request", "oops")), "body: /type");
  }

  @Test
  void tellsMethodsApartByCase() {
    Map<String, List<String>> headers = json("Set-Cookie", COOKIE);
    refuses(
        () -> contract.check("public", "post", "/v1/login", 200, headers, VIEW),
        "meets no described operation");
  }

  @Test
  void knowsTheMethodsThatTheDescriptionHasNoWordFor() {
    assertThatCode(
            () -> contract.check("public", "PROPFIND", "/gw/nginx/validate", 200, verdict(), ""))
        .doesNotThrowAnyException();
    refuses(
        () -> contract.check("public", "PROPFIND", "/v1/validate", 200, verdict(), ""),
        "meets no described operation");
  }

  @Test
  void refusesABodyWhereNoneIsDescribed() {
    ThrowingCallable call =
        () -> contract.check("public", "GET", "/gw/nginx/validate", 200, verdict(), "ok");
    refuses(call, "body of 2 characters where none is described");
  }

  @Test
  void refusesABodyThatIsMissing() {
    refuses(() -> login(200, json("Set-Cookie", COOKIE), ""), "body is missing");
  }

  @Test
  void refusesAVerdictWithoutAnIdentityHeader() {
    refuses(
        () ->
            contract.check(
                "public",
                "GET",
                "/gw/nginx/validate",
                200,
                without(verdict(), "X-Session-Tenant"),
                ""),
        "header X-Session-Tenant is missing");
  }

  @Test
  void refusesAFaultAsAVerdict() {
    refuses(
        () -> contract.check("public", "GET", "/v1/validate", 500, base(), ""),
        "500 is not described");
  }

  @Test
  void findsTheOperationBehindAPathOfAnyDepth() {
    contract.check("public", "DELETE", "/gw/envoy/validate/a/b/c?d=e", 200, verdict(), "");
    assertThat(contract.unseen())
        .doesNotContain("public DELETE /gw/envoy/validate/{original} 200")
        .contains("public DELETE /gw/{profile}/validate 200");
  }

  @Test
  void acceptsRefusalsOfRequestsThatMeetNoOperation() {
    Map<String, List<String>> headers =
        with(with(base(), "Content-Type", "application/problem+json"), "Allow", "POST");
    String problem =
        """
        {"type":"urn:symbolon:problem:method-not-allowed","title":"t","status":405,"detail":"d"}\
        """;
    assertThatCode(() -> contract.check("public", "FOO", "/v1/login", 405, headers, problem))
        .doesNotThrowAnyException();
    refuses(
        () -> contract.check("public", "FOO", "/v1/login", 405, without(headers, "Allow"), problem),
        "header Allow is missing");
  }

  @Test
  void namesEveryBreachOfAReply() {
    refuses(
        () -> login(200, without(json("Server", "x"), "Cache-Control"), "{}"),
        "Cache-Control is missing",
        "server is not described",
        "Set-Cookie is missing",
        "'handle'");
  }

  @Test
  void doesNotCountARefusedReplyAsSeen() {
    refuses(() -> login(200, json(), VIEW), "Set-Cookie");
    assertThat(contract.unseen()).contains("public POST /v1/login 200");
  }

  private void login(int status, Map<String, List<String>> headers, String body) {
    contract.check("public", "POST", "/v1/login", status, headers, body);
  }

  private static void refuses(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(AssertionError.class).hasMessageContainingAll(words);
  }

  private static Map<String, List<String>> base() {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Cache-Control", List.of("no-store"));
    headers.put("X-Content-Type-Options", List.of("nosniff"));
    headers.put("Referrer-Policy", List.of("no-referrer"));
    return headers;
  }

  private static Map<String, List<String>> json() {
    return with(base(), "Content-Type", "application/json");
  }

  private static Map<String, List<String>> json(String name, String value) {
    return with(json(), name, value);
  }

  private static Map<String, List<String>> verdict() {
    Map<String, List<String>> headers = with(base(), "Content-Length", "0");
    for (String name : List.of("User", "Handle", "Tenant", "Auth-Level")) {
      headers.put("X-Session-" + name, List.of(""));
    }
    for (String name : List.of("Auth-Methods", "Auth-Time", "Assertion")) {
      headers.put("X-Session-" + name, List.of(""));
    }
    headers.put("X-Session-Rotated", List.of("0"));
    return headers;
  }

  private static Map<String, List<String>> with(
      Map<String, List<String>> headers, String name, String value) {
    headers.put(name, List.of(value));
    return headers;
  }

  private static Map<String, List<String>> without(Map<String, List<String>> headers, String name) {
    Map<String, List<String>> fewer = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fewer.putAll(headers);
    fewer.remove(name);
    return fewer;
  }
}
