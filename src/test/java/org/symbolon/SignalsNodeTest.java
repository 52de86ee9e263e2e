package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.geo.Mmdb;
import org.symbolon.redis.RedisServers;

/** Signals on two whole nodes that share a Redis: first observed and reported, then enforced. */
class SignalsNodeTest {
  private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0";

  private static TestNode node(RedisServers servers, Path folder, String rung) throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("trust.addresses", "127.0.0.1");
    flags.put("trust.fingerprint", "X-JA4");
    for (String signal : new String[] {"userAgent", "network", "fingerprint"}) {
      flags.put("tenants.default.signals." + signal, rung);
    }
    return TestNode.start(servers, Files.createDirectories(folder), flags);
  }

  private static HttpResponse<String> validate(
      TestNode node, String id, String address, String userAgent, String ja4) {
    return node.client()
        .send(
            "GET",
            "/gw/haproxy/validate",
            "",
            "Cookie",
            "__Host-sid=" + id,
            "X-Forwarded-For",
            address,
            "User-Agent",
            userAgent,
            "X-JA4",
            ja4);
  }

  private static String report(TestNode node) {
    return node.admin()
        .send(
            "GET",
            "/admin/v1/bindings/report?hours=2",
            "",
            "Authorization",
            "Bearer backend." + TestNode.SECRET)
        .body();
  }

  @Test
  void whatObservingReportsEnforcingRefuses(@TempDir Path folder) throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode first = node(servers, folder, "observe");
        TestNode second = node(servers, folder, "observe")) {
      String id = first.login("alice");
      assertThat(validate(first, id, "192.0.2.1", FIREFOX, "a").statusCode()).isEqualTo(200);
      RedisServers.await(
          () -> {
            assertThat(validate(second, id, "198.51.100.1", "curl/8", "b").statusCode())
                .isEqualTo(200);
            return report(first)
                .matches(".*\"signal\":\"network\",\"rung\":\"observe\",\"sessions\":[1-9].*");
          });
      assertThat(report(second))
          .contains("\"signal\":\"user-agent\"", "\"signal\":\"fingerprint\"");
      try (TestNode strict = node(servers, folder, "enforce")) {
        assertThat(validate(strict, id, "198.51.100.1", "curl/8", "b").headers().map())
            .containsEntry("www-authenticate", List.of("Session error=\"signals-differ\""));
        assertThat(validate(strict, id, "192.0.2.77", FIREFOX, "a").statusCode()).isEqualTo(200);
      }
      assertThat(Files.readString(folder.resolve("audit-3.jsonl")))
          .contains("\"session.differed\"", "\"detail.reaction\":\"enforce\"");
    }
  }

  private static Map<String, String> enforcing(Path countries, Path systems) {
    Map<String, String> flags = new HashMap<>();
    flags.put("trust.addresses", "127.0.0.1");
    flags.put("geo.country", countries.toString());
    flags.put("geo.asn", systems.toString());
    flags.put("signals.country", "enforce");
    flags.put("signals.asn", "observe");
    return flags;
  }

  @Test
  void countryAndSystemAreToldByFilesThatAreFollowed(@TempDir Path folder) throws Exception {
    Path countries = folder.resolve("country.mmdb");
    Mmdb.countries(Map.of("192.0.2.0/24", "DE", "203.0.113.0/24", "DE", "198.51.100.0/24", "FR"))
        .in(countries);
    Path systems = folder.resolve("asn.mmdb");
    Mmdb.systems(Map.of("192.0.2.0/24", 64_496, "203.0.113.0/24", 64_497)).in(systems);
    try (RedisServers servers = RedisServers.standalone();
        TestNode node = TestNode.start(servers, folder, enforcing(countries, systems))) {
      String id = node.login("alice");
      assertThat(validate(node, id, "192.0.2.1", FIREFOX, "").statusCode()).isEqualTo(200);
      assertThat(validate(node, id, "203.0.113.1", FIREFOX, "").statusCode()).isEqualTo(200);
      assertThat(validate(node, id, "198.51.100.1", FIREFOX, "").statusCode()).isEqualTo(401);
      assertThat(node.management().send("GET", "/metrics", "").body())
          .contains(
              "{binding=\"asn\",reaction=\"observe\",reason=\"signals-differ\"}",
              "{binding=\"country\",reaction=\"enforce\",reason=\"signals-differ\"}");
      Mmdb.put(countries, new byte[100]);
      Mmdb.countries(Map.of("192.0.2.0/23", "DE", "198.51.100.0/24", "DE")).in(countries);
      RedisServers.await(() -> validate(node, id, "198.51.100.1", FIREFOX, "").statusCode() == 200);
      assertThat(validate(node, id, "203.0.113.1", FIREFOX, "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aFileThatTellsNothingRefusesToStart(@TempDir Path folder) throws Exception {
    Path systems = folder.resolve("asn.mmdb");
    Mmdb.systems(Map.of("192.0.2.0/24", 64_496)).in(systems);
    try (RedisServers servers = RedisServers.standalone()) {
      assertThatThrownBy(() -> TestNode.start(servers, folder, enforcing(systems, systems)))
          .hasMessageContaining("geo.country: ")
          .hasMessageContaining("none of its networks tells the country");
      assertThatThrownBy(
              () -> TestNode.start(servers, folder, enforcing(folder.resolve("x"), systems)))
          .hasMessageContaining("geo.country: ")
          .hasMessageContaining("no such file");
    }
  }

  /** Each on a node that answers for them from memory until the other one comes. */
  @Test
  void whatTwoOrManyUseIsSuspectOnAllNodes(@TempDir Path folder) throws Exception {
    Path countries = folder.resolve("country.mmdb");
    Mmdb.countries(Map.of("192.0.2.0/23", "DE", "203.0.113.0/24", "DE", "198.51.100.0/24", "FR"))
        .in(countries);
    Map<String, String> flags =
        Map.of(
            "trust.addresses", "127.0.0.1",
            "geo.country", countries.toString(),
            "signals.travel", "enforce",
            "signals.fanOut", "enforce",
            "signals.fanOutNetworks", "2");
    try (RedisServers servers = RedisServers.standalone();
        TestNode first = TestNode.start(servers, folder, flags);
        TestNode second = TestNode.start(servers, folder, flags)) {
      String id = first.login("alice");
      for (int i = 0; i < 5; i++) {
        assertThat(validate(first, id, "192.0.2.1", FIREFOX, "").statusCode()).isEqualTo(200);
      }
      assertThat(validate(second, id, "198.51.100.1", FIREFOX, "").statusCode()).isEqualTo(200);
      RedisServers.await(() -> validate(first, id, "192.0.2.1", FIREFOX, "").statusCode() == 401);
      RedisServers.await(
          () -> validate(second, id, "198.51.100.1", FIREFOX, "").statusCode() == 401);
      assertThat(first.management().send("GET", "/metrics", "").body())
          .contains("symbolon_replay_suspected_total{signal=\"travel\"} 1.0");
      RedisServers.await(
          () -> report(second).contains("\"signal\":\"travel\",\"rung\":\"enforce\""));
      assertThat(Files.readString(folder.resolve("audit.jsonl")))
          .contains(
              "\"session.replay_suspected\"",
              "\"client.address\":\"192.0.2.1\"",
              "\"detail.other_place\"");
      String many = first.login("bob");
      for (int i = 0; i < 5; i++) {
        assertThat(validate(first, many, "192.0.2.1", FIREFOX, "").statusCode()).isEqualTo(200);
      }
      assertThat(validate(second, many, "192.0.3.1", FIREFOX, "").statusCode()).isEqualTo(200);
      RedisServers.await(
          () -> validate(second, many, "203.0.113.1", FIREFOX, "").statusCode() == 401);
      RedisServers.await(() -> validate(first, many, "192.0.2.1", FIREFOX, "").statusCode() == 401);
      assertThat(second.management().send("GET", "/metrics", "").body())
          .contains("symbolon_replay_suspected_total{signal=\"fan-out\"} 1.0");
    }
  }
}
