package org.symbolon.gateways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A recipe that was broken on purpose fails the probe that is there for the fault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenRecipesTest {
  private @Nullable Stage stage;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    stage = Stage.set(folder, Map.of("binding.dbsc", "observe"));
  }

  @AfterAll
  void stop() throws Exception {
    if (stage != null) {
      stage.close();
    }
  }

  private interface Probe {
    void on(Probes probes) throws Exception;
  }

  /** One change of a recipe's text, and what finds it. */
  record Fault(
      RunningGateway.Daemon daemon,
      String what,
      String good,
      String bad,
      Probe probe,
      List<String> names) {
    /** What {@code gateway check} calls it, where it shows from outside. */
    Fault named(String... names) {
      return new Fault(daemon, what, good, bad, probe, List.of(names));
    }

    String in(String text) {
      return text.replace(good, bad);
    }

    @Override
    public String toString() {
      return daemon.text() + ": " + what;
    }
  }

  private static Fault nginx(String what, String good, String bad, Probe probe) {
    return new Fault(RunningGateway.Daemon.NGINX, what, good, bad, probe, List.of());
  }

  private static Fault caddy(String what, String good, String bad, Probe probe) {
    return new Fault(RunningGateway.Daemon.CADDY, what, good, bad, probe, List.of());
  }

  private static Fault haproxy(String what, String good, String bad, Probe probe) {
    return new Fault(RunningGateway.Daemon.HAPROXY, what, good, bad, probe, List.of());
  }

  private static Fault apache(String what, String good, String bad, Probe probe) {
    return new Fault(RunningGateway.Daemon.APACHE, what, good, bad, probe, List.of());
  }

  static List<Fault> faults() {
    return List.of(
        nginx(
                "the cookie is added without always",
                "add_header Set-Cookie $session_cookie always;",
                "add_header Set-Cookie $session_cookie;",
                Probes::carriesARotatedCookie)
            .named("rotation-on-error", "expired"),
        nginx(
                "the cookie is not added",
                "add_header Set-Cookie $session_cookie always;",
                "",
                Probes::refusesAnExpiredSessionAndDeletesItsCookie)
            .named("rotation"),
        nginx(
                "an identity is not overwritten",
                "proxy_set_header X-Session-User         $session_user;",
                "",
                Probes::overwritesSpoofedIdentities)
            .named("spoofed-identity"),
        nginx(
                "the client's own assertion is let through",
                "proxy_set_header X-Session-Assertion    $session_assertion;",
                "",
                Probes::handsOnTheAssertion)
            .named("spoofed-identity"),
        nginx(
                "underscores are let through",
                "underscores_in_headers off;",
                "underscores_in_headers on;",
                Probes::dropsIdentitiesWithUnderscores)
            .named("spoofed-underscore"),
        nginx(
            "forwarded fields are not overwritten",
            "proxy_set_header X-Forwarded-Uri $request_uri;",
            "",
            Probes::overwritesSpoofedForwarding),
        nginx(
                "forwarded addresses are added to",
                "proxy_set_header X-Forwarded-For $remote_addr;",
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
                Probes::overwritesSpoofedForwarding)
            .named("spoofed-client"),
        nginx(
            "a body is announced that never comes",
            "proxy_set_header Content-Length \"\";",
            "",
            Probes::sendsABodyToTheApplicationAlone),
        nginx("nobody is asked", "auth_request /_session;", "", Probes::refusesWhoHasNoSession)
            .named("no-cookie", "junk-cookie", "verdict-cache"),
        nginx(
                "the question lacks the cookies",
                "proxy_set_header TE \"\";",
                "proxy_set_header TE \"\"; proxy_set_header Cookie \"\";",
                Probes::letsInAndTellsWho)
            .named("valid"),
        nginx(
                "browsers can't prove their keys",
                "|\\.session/dbsc/(register|refresh|again\\.js)$",
                "",
                Probes::leadsBrowsersWithKeysToTheService)
            .named("device-keys"),
        nginx(
                "the application sees the proof of a key",
                "map $cookies_but_id $app_cookies {",
                "map $cookies_but_id $app_cookies { default $cookies_but_id; } map '' $unused {",
                Probes::keepsTheProofOfAKeyFromTheApplication)
            .named("session-id"),
        nginx(
                "a client names its certificate",
                "proxy_set_header Client-Cert \"\";",
                "",
                Probes::dropsSpoofedCertificates)
            .named("spoofed-certificate"),
        nginx(
            "programs don't learn their nonce",
            "add_header DPoP-Nonce $session_nonce always;",
            "",
            Probes::carriesProofsOfPrograms),
        nginx(
                "the cookie goes into caches",
                "add_header Cache-Control $session_cache_control always;",
                "",
                Probes::keepsARotatedCookieOutOfCaches)
            .named("cacheable"),
        nginx(
                "an outage is a fault",
                "error_page 500 =503 @no_verdict;",
                "",
                Probes::isUnavailableWhereTheServiceIsDown)
            .named("service-down"),
        nginx(
                "whom nobody vouches for is let in",
                "proxy_cache off;",
                "error_page 502 504 =200 /nobody;",
                Probes::isUnavailableWhereTheServiceIsDown)
            .named("service-down"),
        nginx(
                "verdicts are cached",
                "proxy_cache off;",
                "proxy_cache verdicts; proxy_cache_key $http_cookie; proxy_cache_valid any 5m;"
                    + " proxy_ignore_headers Cache-Control Set-Cookie;",
                Probes::keepsNoVerdict)
            .named("verdict-cache"),
        nginx(
                "the application sees the session ID",
                "proxy_set_header Cookie $app_cookies;",
                "",
                Probes::keepsTheSessionIdFromTheApplication)
            .named("session-id"),
        nginx(
            "a second session ID reaches the application",
            "\"~(^|;)\\s*__Host-sid=.*;\\s*__Host-sid=\" '';",
            "",
            Probes::keepsTheSessionIdFromTheApplication),
        nginx(
                "a client names the site",
                "proxy_set_header X-Forwarded-Host $http_host;",
                "",
                Probes::logsInAndOutFromItsOwnSiteAlone)
            .named("spoofed-forwarding"),
        nginx(
            "a link from elsewhere arrives logged out",
            "error_page 401 = @refused;",
            "",
            Probes::handsOnThePageThatAsksAgain),
        caddy(
            "a link from elsewhere arrives logged out",
            "header X-Session-Again 1",
            "header X-Session-Again 2",
            Probes::handsOnThePageThatAsksAgain),
        haproxy(
            "a link from elsewhere arrives logged out",
            "set_var(\"txn.session_again\", \"1\")",
            "set_var(\"txn.unused\", \"1\")",
            Probes::handsOnThePageThatAsksAgain),
        apache(
            "a link from elsewhere arrives logged out",
            "r:custom_response(401, \"/.session/dbsc/again\")",
            "",
            Probes::handsOnThePageThatAsksAgain),
        nginx(
                "everything of the service is exposed",
                "location ~"
                    + " ^/(v1/(login|logout|session/(refresh|csrf)|me/sessions)(/|$)|\\.session/dbsc/(register|refresh|again\\.js)$)"
                    + " {",
                "location ~ ^/(v1/|\\.session/dbsc/) {",
                Probes::exposesNothingElseOfTheService)
            .named("inside"),
        nginx(
                "plaintext is served",
                "return 308 https://$host$request_uri;",
                "location / { proxy_pass http://symbolon_app; }",
                Probes::sendsPlaintextOnToTls)
            .named("plaintext"),
        nginx(
            "connections are not kept",
            "keepalive 32;",
            "",
            probes -> probes.keepsConnectionsToTheService(400, 64)),
        caddy(
                "the cookie is not copied",
                "copy_response_headers {\n\t\t\t\t\t\tinclude Set-Cookie\n",
                "copy_response_headers {\n\t\t\t\t\t\tinclude X-None\n",
                Probes::carriesARotatedCookie)
            .named("rotation"),
        caddy(
                "the cookie goes into caches",
                "Cache-Control \"private, no-store\"",
                "X-None 1",
                Probes::keepsARotatedCookieOutOfCaches)
            .named("cacheable"),
        caddy(
            "an identity is passed on",
            "request_header X-Session-User {http.reverse_proxy.header.X-Session-User}",
            "request_header X-Session-User {http.request.header.X-Claimed}",
            Probes::letsInAndTellsWho),
        caddy(
                "identities with underscores are let through",
                "request_header -X_Session_*",
                "",
                Probes::dropsIdentitiesWithUnderscores)
            .named("spoofed-underscore"),
        caddy(
                "the application sees the session ID",
                "header_up Cookie",
                "# header_up Cookie",
                Probes::keepsTheSessionIdFromTheApplication)
            .named("session-id"),
        caddy(
                "the application sees the proof of a key",
                "__Host-sid(_bound)?=",
                "__Host-sid=",
                Probes::keepsTheProofOfAKeyFromTheApplication)
            .named("session-id"),
        caddy(
                "browsers can't prove their keys",
                "|\\.session/dbsc/(register|refresh|again\\.js)$",
                "",
                Probes::leadsBrowsersWithKeysToTheService)
            .named("device-keys"),
        caddy(
                "a client names its certificate",
                "header_up -Client-Cert",
                "",
                Probes::dropsSpoofedCertificates)
            .named("spoofed-certificate"),
        caddy(
            "programs don't learn their nonce",
            "X-Session-Error DPoP-Nonce",
            "X-Session-Error",
            Probes::carriesProofsOfPrograms),
        caddy(
            "whom nobody vouches for is let in",
            "handle_response {\n\t\t\t\t\theader Retry-After 1",
            "handle_response {\n\t\t\t\t\treverse_proxy app.internal:8000",
            Probes::isUnavailableWhereTheServiceIs),
        haproxy(
                "the cookie is not added",
                "http-after-response add-header Set-Cookie",
                "# http-after-response add-header Set-Cookie",
                Probes::carriesARotatedCookie)
            .named("rotation"),
        haproxy(
                "the cookie is rewritten",
                "http-after-response set-header Cache-Control",
                "http-after-response replace-header Set-Cookie '(.*)Path=/;(.*)'"
                    + " '\\1Path=/;Domain=localhost;\\2'\n"
                    + "    http-after-response set-header Cache-Control",
                Probes::carriesARotatedCookie)
            .named("rotation"),
        haproxy(
                "browsers can't prove their keys",
                "acl symbolons_own path /.session",
                "# acl symbolons_own path /.session",
                Probes::leadsBrowsersWithKeysToTheService)
            .named("device-keys"),
        haproxy(
                "the application sees the proof of a key",
                ", [\"__Host-sid_bound\"] = true",
                "",
                Probes::keepsTheProofOfAKeyFromTheApplication)
            .named("session-id"),
        haproxy(
                "a client names its certificate",
                "http-request del-header client-cert",
                "",
                Probes::dropsSpoofedCertificates)
            .named("spoofed-certificate"),
        haproxy(
            "programs' proofs are not passed on",
            "\"dpop\", ",
            "",
            Probes::carriesProofsOfPrograms),
        haproxy(
                "the cookie goes into caches",
                "http-after-response set-header Cache-Control",
                "# http-after-response set-header Cache-Control",
                Probes::keepsARotatedCookieOutOfCaches)
            .named("cacheable"),
        haproxy(
            "the assertion is not passed on",
            "\"x-session-rotated\", \"x-session-assertion\",",
            "\"x-session-rotated\",",
            Probes::handsOnTheAssertion),
        haproxy(
                "identities with underscores are let through",
                "del-header ^x[-_]session[-_]",
                "del-header ^x-session-",
                Probes::dropsIdentitiesWithUnderscores)
            .named("spoofed-underscore"),
        haproxy(
            "forwarded fields are let through",
            "http-request set-header X-Forwarded-Host",
            "# http-request set-header X-Forwarded-Host",
            Probes::overwritesSpoofedForwarding),
        haproxy(
                "no verdict lets in",
                "!{ var(txn.session_status) -m str 200 }",
                "{ var(txn.session_status) -m str 999 }",
                Probes::isUnavailableWhereTheServiceIsDown)
            .named("service-down"),
        haproxy(
                "the application sees the session ID",
                "hide_session(txn, cookies)\n  --",
                "--",
                Probes::keepsTheSessionIdFromTheApplication)
            .named("session-id"),
        apache(
                "the cookie is not added",
                "r.err_headers_out[\"Set-Cookie\"] =",
                "local _ =",
                Probes::carriesARotatedCookie)
            .named("rotation"),
        apache(
                "the cookie goes into caches",
                "Header unset Cache-Control env=SESSION_COOKIE",
                "",
                Probes::keepsARotatedCookieOutOfCaches)
            .named("cacheable"),
        apache(
                "browsers can't prove their keys",
                "if path == \"/.session",
                "if path == \"/.elsewhere",
                Probes::leadsBrowsersWithKeysToTheService)
            .named("device-keys"),
        apache(
                "the application sees the proof of a key",
                ", [\"__Host-sid_bound\"] = true",
                "",
                Probes::keepsTheProofOfAKeyFromTheApplication)
            .named("session-id"),
        apache(
                "a client names its certificate",
                "RequestHeader unset Client-Cert early",
                "",
                Probes::dropsSpoofedCertificates)
            .named("spoofed-certificate"),
        apache(
            "programs' proofs are not passed on",
            "\"DPoP\", ",
            "",
            Probes::carriesProofsOfPrograms),
        apache(
            "an identity is not overwritten",
            "[\"x-session-tenant\"] = \"X-Session-Tenant\",",
            "",
            Probes::letsInAndTellsWho),
        apache(
                "what clients claim is believed",
                "distrust(r)\n  if",
                "if",
                Probes::dropsIdentitiesWithUnderscores)
            .named("spoofed-underscore"),
        apache(
                "no verdict lets in",
                "return 503",
                "return apache2.OK",
                Probes::isUnavailableWhereTheServiceHangs)
            .named("service-down"),
        apache(
                "addresses are added to",
                "RequestHeader unset X-Forwarded-For early",
                "",
                Probes::overwritesSpoofedForwarding)
            .named("spoofed-client"),
        apache(
                "the application sees the session ID",
                "hide_session(r)\n  for",
                "for",
                Probes::keepsTheSessionIdFromTheApplication)
            .named("session-id"),
        apache(
            "connections are not kept",
            "kept = connection",
            "connection:close()",
            probes -> probes.keepsConnectionsToTheService(400, 64)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isFound(Fault fault) throws Exception {
    Stage around = Objects.requireNonNull(stage);
    boolean[] isChanged = new boolean[1];
    try (RunningGateway gateway =
        RunningGateway.start(
            fault.daemon(),
            around,
            text -> {
              String changed = fault.in(text);
              isChanged[0] |= !changed.equals(text);
              return changed.contains("proxy_cache verdicts")
                  ? "proxy_cache_path verdicts keys_zone=verdicts:1m;\n" + changed
                  : changed;
            })) {
      assertThat(isChanged[0]).as("the recipe has what is broken").isTrue();
      assertThatThrownBy(() -> fault.probe().on(new Probes(around, gateway)))
          .isInstanceOf(AssertionError.class);
      if (!fault.names().isEmpty()) {
        Checked checked =
            fault.names().contains("service-down")
                ? Checked.whileDown(around, gateway)
                : fault.names().contains("expired")
                    ? Checked.withABackendsKey(around, gateway)
                    : Checked.of(around, gateway);
        assertThat(checked.code()).as(checked.said()).isEqualTo(1);
        assertThat(checked.faults()).as(checked.said()).containsAll(fault.names());
        assertThat(checked.said()).contains("mend: ");
      }
    }
  }
}
