package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.browser.Browser;
import org.symbolon.redis.RedisServers;

/** A real Chromium over TLS, against the whole service. */
class BrowserTest {
  private static final String NAME = "__Host-sid";

  @TempDir private Path folder = Path.of("");

  private final List<String> plaintextCookies = new CopyOnWriteArrayList<>();
  private Optional<RedisServers> servers = Optional.empty();
  private Optional<TestNode> node = Optional.empty();
  private Optional<Browser> browser = Optional.empty();
  private Optional<HttpServer> plaintext = Optional.empty();
  private String site = "";

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
                    "public.tls.certificate",
                    certificate.chain().toString(),
                    "public.tls.key",
                    certificate.key().toString(),
                    "redis.timeout",
                    "5s")));
    site = "https://app.symbolon.test:" + port();
    plaintext = Optional.of(recorder());
    browser = Optional.of(new Browser(folder.resolve("profile")));
  }

  @AfterEach
  void stop() {
    browser.ifPresent(Browser::close);
    plaintext.ifPresent(server -> server.stop(0));
    node.ifPresent(TestNode::close);
    servers.ifPresent(RedisServers::close);
  }

  private int port() {
    return node.orElseThrow().node().publicPort();
  }

  /** A plaintext site of the same host, which writes down the cookies that it is sent. */
  private HttpServer recorder() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          plaintextCookies.add(
              String.join("; ", exchange.getRequestHeaders().getOrDefault("Cookie", List.of())));
          byte[] page = "<title>plain</title>".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    return server;
  }

  private Browser chromium() {
    return browser.orElseThrow();
  }

  private int login(String subject) {
    return chromium()
        .run(
            "return (await fetch('/v1/login', {method: 'POST',"
                + " headers: {'Content-Type': 'application/jwt'}, body: '"
                + node.orElseThrow().assertion(subject)
                + "'})).status;")
        .asInt();
  }

  private JsonNode validate() {
    return chromium()
        .run(
            "const r = await fetch('/v1/validate');"
                + "return {status: r.status, user: r.headers.get('X-Session-User'),"
                + " why: r.headers.get('WWW-Authenticate')};");
  }

  private int logout() {
    return chromium().run("return (await fetch('/v1/logout', {method: 'POST'})).status;").asInt();
  }

  /** Fills the jar of the site's domain from a sibling host. */
  private void crowd() {
    chromium().open("https://evil.symbolon.test:" + port() + "/");
    assertThat(
            chromium()
                .run(
                    "for (let i = 0; i < 200; i++) {"
                        + " document.cookie = `crowd${i}=${'x'.repeat(20)};"
                        + " domain=symbolon.test; path=/; secure`; }"
                        + " return document.cookie.split(';').length;")
                .asInt())
        .isGreaterThan(100);
    chromium().open(site + "/");
  }

  private void holdsTheCookieSafely() {
    JsonNode cookie = chromium().cookie(NAME).orElseThrow();
    assertThat(cookie.path("secure").asBoolean()).isTrue();
    assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
    assertThat(cookie.path("sameSite").asText()).isEqualTo("Lax");
    assertThat(cookie.path("session").asBoolean()).isTrue();
    assertThat(cookie.path("path").asText()).isEqualTo("/");
    assertThat(cookie.path("domain").asText()).isEqualTo("app.symbolon.test");
    assertThat(chromium().run("return document.cookie;").asText()).doesNotContain("sid");
  }

  @Test
  void logsInAndOutWithACookieThatOnlyTlsAndTheServiceSee() {
    chromium().open(site + "/");
    assertThat(validate().path("why").asText()).contains("missing");
    assertThat(login("alice")).isEqualTo(200);
    holdsTheCookieSafely();
    assertThat(validate().path("user").asText()).isEqualTo("alice");

    chromium()
        .open("http://app.symbolon.test:" + plaintext.orElseThrow().getAddress().getPort() + "/");
    assertThat(plaintextCookies).isNotEmpty().noneMatch(cookies -> cookies.contains("sid"));

    chromium().open(site + "/");
    assertThat(validate().path("status").asInt()).isEqualTo(200);
    assertThat(logout()).isEqualTo(204);
    assertThat(chromium().cookie(NAME)).isEmpty();
    assertThat(validate().path("why").asText()).contains("missing");
  }

  @Test
  void worksInAJarThatSiblingsCrowd() {
    chromium().open(site + "/");
    crowd();
    assertThat(login("alice")).isEqualTo(200);
    holdsTheCookieSafely();
    assertThat(validate().path("user").asText()).isEqualTo("alice");
    assertThat(logout()).isEqualTo(204);
    assertThat(chromium().cookie(NAME)).isEmpty();
  }

  @Test
  void aCookieThatSiblingsPushedOutIsACleanNewLogin() {
    chromium().open(site + "/");
    assertThat(login("alice")).isEqualTo(200);
    crowd();
    JsonNode answer = validate();
    if (answer.path("status").asInt() == 401) {
      assertThat(answer.path("why").asText()).contains("missing");
    }
    assertThat(login("alice")).isEqualTo(200);
    assertThat(validate().path("user").asText()).isEqualTo("alice");
    assertThat(logout()).isEqualTo(204);
    assertThat(chromium().cookie(NAME)).isEmpty();
  }

  @Test
  void aSiblingsCookieOfOurNameDoesNotTakeItsPlace() {
    chromium().open(site + "/");
    assertThat(login("alice")).isEqualTo(200);
    chromium().open("https://evil.symbolon.test:" + port() + "/");
    JsonNode _ =
        chromium()
            .run(
                "document.cookie = '__Host-sid=x; domain=symbolon.test; path=/; secure';"
                    + "document.cookie = '__host-sid=x; domain=symbolon.test; path=/; secure';"
                    + "document.cookie = '__Host-sid =x; domain=symbolon.test; path=/; secure';"
                    + "document.cookie = '=__Host-sid=x; domain=symbolon.test; path=/; secure';"
                    + "return 0;");
    chromium().open(site + "/");
    assertThat(validate().path("user").asText()).isEqualTo("alice");
  }
}
