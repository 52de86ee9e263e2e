package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * A real Chromium binds a session for all hosts of a site and proves its key at one of them, while
 * the page is another's.
 */
class DeviceSiteBrowserTest {
  private static final String SITE = "symbolon.test";
  private static final String LOGIN = "login." + SITE;
  private static final String SESSION = "__Secure-sid";
  private static final String BOUND = "__Secure-sid_bound";

  @TempDir private Path folder = Path.of("");

  private int port;
  private Optional<Certificate> certificate = Optional.empty();
  private Optional<RedisServers> servers = Optional.empty();
  private Optional<TestNode> node = Optional.empty();
  private Optional<DeviceBrowser> browser = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    Certificate all = Certificate.selfSigned(folder, LOGIN, "DNS:" + SITE + ",DNS:*." + SITE);
    certificate = Optional.of(all);
    servers = Optional.of(RedisServers.standalone());
    port = freePort();
    Map<String, String> settings = new HashMap<>();
    settings.put("public.port", Integer.toString(port));
    settings.put("public.tls.certificate", all.chain().toString());
    settings.put("public.tls.key", all.key().toString());
    settings.put("redis.timeout", "5s");
    settings.put("cookie.domain", SITE);
    settings.put("dbsc.origin", origin(LOGIN));
    settings.put("binding.dbsc", "enforce");
    settings.put("origins", origin("app." + SITE));
    node = Optional.of(TestNode.start(servers.get(), folder, settings));
  }

  /** The origin is a setting, so the port can't be left to the listener. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    browser.ifPresent(DeviceBrowser::close);
    node.ifPresent(TestNode::close);
    servers.ifPresent(RedisServers::close);
  }

  private String origin(String host) {
    return "https://" + host + ":" + port;
  }

  /** Opens a host's page, and binds a session there. */
  private DeviceBrowser bind(String host) throws Exception {
    Browser chromium = Browser.binding(folder.resolve("profile"), certificate.orElseThrow().pin());
    DeviceBrowser opened = new DeviceBrowser(chromium, origin(host), "/", BOUND);
    browser = Optional.of(opened);
    opened.bind(node.orElseThrow().assertion("alice"));
    return opened;
  }

  private long events(String action) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("audit.jsonl"))) {
      return lines.filter(line -> line.contains("\"" + action + "\"")).count();
    }
  }

  @Test
  void aSessionOfTheLoginHostIsProvedForEveryHostOfTheSite() throws Exception {
    DeviceBrowser chromium = bind(LOGIN);
    for (String name : List.of(SESSION, BOUND)) {
      assertThat(chromium.browser().cookie(name).orElseThrow().path("domain").asText())
          .isEqualTo("." + SITE);
    }
    for (String host : List.of("app." + SITE, "wiki." + SITE, SITE, LOGIN)) {
      chromium.browser().open(origin(host) + "/v1/validate");
      assertThat(chromium.load("/v1/validate")).as(host).isEqualTo("200");
      chromium.expire();
      assertThat(chromium.load("/v1/validate")).as(host).isEqualTo("200");
      assertThat(chromium.isBound()).as(host).isTrue();
      // What is told of the cookie is what was set, or each request would bring a proof.
      var end = chromium.end();
      assertThat(chromium.load("/v1/validate")).as(host).isEqualTo("200");
      assertThat(chromium.end()).as(host).isEqualTo(end);
    }
    assertThat(events("session.bound")).isEqualTo(1);
    assertThat(events("session.unproved")).isZero();
  }

  @Test
  void aSessionOfAnApplicationHostIsRegisteredAtTheServicesOwn() throws Exception {
    DeviceBrowser chromium = bind("app." + SITE);
    chromium.expire();
    assertThat(chromium.load("/v1/validate")).isEqualTo("200");
    assertThat(chromium.isBound()).isTrue();
    assertThat(
            chromium
                .browser()
                .run("return (await fetch('/v1/logout', {method: 'POST'})).status;")
                .asInt())
        .isEqualTo(204);
    assertThat(chromium.browser().cookie(SESSION)).isEmpty();
    if (chromium.isBound()) {
      chromium.expire();
    }
    assertThat(chromium.load("/v1/validate")).isEqualTo("401 missing");
    assertThat(chromium.isBound()).isFalse();
  }
}
