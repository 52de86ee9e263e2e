package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Handle;
import org.symbolon.session.Presenter;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;

/** The audit trail in a Redis stream. */
class RedisAuditTrailTest {
  private static final Handle HANDLE = new Handle(7, 42);

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void appendsEveryFactOfAnEvent(RedisSettings.Mode mode) {
    RedisServers servers = RedisServers.shared(mode);
    try (OpenStore store = new OpenStore(servers);
        RedisServers.Admin admin = servers.owner(Keys.AUDIT)) {
      admin.commands().del(Keys.AUDIT);
      RedisAuditTrail trail = new RedisAuditTrail(store.link, 1000, Samples.NO_INDICATORS);
      trail.record(event("x".repeat(300)));
      RedisServers.await(() -> admin.commands().xlen(Keys.AUDIT) == 1);
      assertThat(facts(admin))
          .containsExactly(
              Map.entry("action", "session.revoked"),
              Map.entry("address", "192.0.2.1"),
              Map.entry("at", "2026-11-23T12:00:00Z"),
              Map.entry("detail.reason", "logout"),
              Map.entry("gateway", "nginx"),
              Map.entry("handle", HANDLE.toString()),
              Map.entry("subject", "alice"),
              Map.entry("tenant", "default"),
              Map.entry("user_agent", "x".repeat(256)));
      assertThat(trail.dropped()).isZero();
    }
  }

  @Test
  void keepsAboutAsManyAsItWasToldTo() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers);
        RedisServers.Admin admin = servers.admin()) {
      RedisAuditTrail trail = new RedisAuditTrail(store.link, 100, Samples.NO_INDICATORS);
      long before = admin.calls("xadd");
      for (int i = 0; i < 900; i++) {
        trail.record(event("agent"));
      }
      RedisServers.await(() -> admin.calls("xadd") == before + 900);
      assertThat(admin.commands().xlen(Keys.AUDIT)).isBetween(100L, 300L);
    }
  }

  @Test
  void dropsAndCountsWhileRedisIsAway() {
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers)) {
      RedisAuditTrail trail = new RedisAuditTrail(store.link, 100, Samples.NO_INDICATORS);
      servers.pause();
      for (int i = 0; i < 1_500; i++) {
        trail.record(event("agent"));
      }
      assertThat(trail.dropped()).isEqualTo(500);
      servers.kill();
      RedisServers.await(() -> trail.dropped() == 1_500);
      trail.record(event("agent"));
      RedisServers.await(() -> trail.dropped() == 1_501);
    }
  }

  private static AuditEvent event(String userAgent) {
    return new AuditEvent(
        Instant.parse("2026-11-23T12:00:00Z"),
        AuditEvent.Action.SESSION_REVOKED,
        Optional.of(Tenant.DEFAULT),
        Optional.of(new Subject("alice")),
        Optional.of(HANDLE),
        new Presenter("192.0.2.1", userAgent, "nginx"),
        Map.of("reason", "logout"));
  }

  private static Map<String, String> facts(RedisServers.Admin admin) {
    List<StreamMessage<byte[], byte[]>> messages =
        admin.commands().xrange(Keys.AUDIT, Range.unbounded());
    Map<String, String> facts = new TreeMap<>();
    messages.getFirst().getBody().forEach((name, value) -> facts.put(text(name), text(value)));
    return facts;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
