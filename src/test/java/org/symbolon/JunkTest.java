package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.redis.RedisServers;
import org.symbolon.session.Counts;
import org.symbolon.session.Decision;
import org.symbolon.session.KnownSessions;
import org.symbolon.session.PlainBindings;
import org.symbolon.session.PlainSignals;
import org.symbolon.session.Presented;
import org.symbolon.session.Reason;
import org.symbolon.session.RotationReports;
import org.symbolon.session.Seed;
import org.symbolon.session.Subject;
import org.symbolon.session.Tenant;
import org.symbolon.session.TieredPolicy;
import org.symbolon.session.ValidateSession;
import org.symbolon.token.KeyRing;
import org.symbolon.token.SessionCookie;
import org.symbolon.token.SessionIdCodec;

/** Junk ends at the ID's own check and costs Redis nothing. */
class JunkTest {
  private static final Pattern CALLS = Pattern.compile("cmdstat_([a-z|]+):calls=(\\d+)");

  /** Ten million by default; the rest of the path is the service's own. */
  private static final int COUNT = Integer.getInteger("symbolon.junk", 10_000_000);

  @TempDir private Path folder = Path.of("");

  private final Random random = new Random(20260101);

  /** Commands by name, without the clock's and the administrator's. */
  private static Map<String, Long> commands(RedisServers servers) {
    Map<String, Long> commands = new TreeMap<>();
    try (RedisServers.Admin admin = servers.admin()) {
      Matcher matcher = CALLS.matcher(admin.commands().info("commandstats"));
      while (matcher.find()) {
        commands.put(matcher.group(1), Long.parseLong(matcher.group(2)));
      }
    }
    for (String own :
        List.of("time", "role", "info", "auth", "hello", "client|setinfo", "client|setname")) {
      commands.remove(own);
    }
    return commands;
  }

  private SessionIdCodec codec(SecureRandom secure) {
    KeyRing ring = KeyRing.generate(secure);
    return new SessionIdCodec(() -> ring, secure);
  }

  private static String real(SessionIdCodec codec) {
    var subject = codec.subjectKey(Tenant.DEFAULT, new Subject("alice"));
    return codec
        .encode(codec.signingKey(), codec.newLocator(subject), 0, Seed.random(new SecureRandom()))
        .reveal();
  }

  private String junk(int kind, String real, String foreign) {
    byte[] raw = new byte[27];
    random.nextBytes(raw);
    return switch (kind) {
      case 0 -> Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
      case 1 -> {
        byte[] flipped = Base64.getUrlDecoder().decode(real);
        flipped[random.nextInt(27)] ^= (byte) (1 << random.nextInt(8));
        yield Base64.getUrlEncoder().withoutPadding().encodeToString(flipped);
      }
      case 2 -> {
        char[] changed = foreign.toCharArray();
        changed[2 + random.nextInt(10)] = "ABCDEFGHabcdefgh".charAt(random.nextInt(16));
        yield new String(changed);
      }
      case 3 -> real.substring(0, random.nextInt(36));
      case 4 -> {
        char[] changed = real.toCharArray();
        changed[random.nextInt(36)] = (char) (0x80 + random.nextInt(0xff00));
        yield new String(changed);
      }
      default -> new String(raw, StandardCharsets.ISO_8859_1);
    };
  }

  @Test
  void noJunkReachesRedis() throws Exception {
    SecureRandom secure = new SecureRandom();
    SessionIdCodec codec = codec(secure);
    String real = real(codec);
    String foreign = real(codec(secure));
    try (RedisServers servers = RedisServers.standalone();
        OpenedStore store = OpenedStore.open(servers)) {
      SessionCookie cookie = new SessionCookie("__Host-sid", codec);
      TieredPolicy policy =
          new TieredPolicy(
              new TieredPolicy.Tier(
                  Optional.empty(),
                  Optional.of(Duration.ofHours(1)),
                  Optional.empty(),
                  Optional.empty()),
              Map.of(),
              Map.of());
      ValidateSession validate =
          new ValidateSession(
              codec,
              store.sessions(),
              policy,
              new RotationReports(codec, _ -> {}, new Counts(), InstantSource.system(), _ -> ""),
              PlainBindings.of(policy),
              PlainSignals.of(policy, codec),
              KnownSessions.NONE);
      Map<String, Long> before = commands(servers);
      for (int i = 0; i < COUNT; i++) {
        Presented presented = cookie.read(List.of("__Host-sid=" + junk(i % 6, real, foreign)));
        assertThat(presented).isNotInstanceOf(Presented.Genuine.class);
        Decision decision = validate.validate(presented).toCompletableFuture().join();
        if (!(decision instanceof Decision.Deny(Reason reason)) || reason == Reason.EXPIRED) {
          throw new AssertionError("junk number " + i + ": " + decision);
        }
      }
      assertThat(commands(servers)).isEqualTo(before);

      assertThat(cookie.read(List.of("__Host-sid=" + real))).isInstanceOf(Presented.Genuine.class);
      Decision _ =
          validate
              .validate(cookie.read(List.of("__Host-sid=" + real)))
              .toCompletableFuture()
              .join();
      assertThat(commands(servers)).as("the count sees a real one").isNotEqualTo(before);
    }
  }

  @Test
  void noneThroughTheListenerEither() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        TestNode service = TestNode.start(servers, folder, Map.of())) {
      String real = service.login("alice");
      String foreign = real(codec(new SecureRandom()));
      Map<String, Long> before = commands(servers);
      for (int i = 0; i < 5_000; i++) {
        String junk = junk(i % 4, real, foreign);
        var response = service.client().send("GET", "/v1/validate", "", Client.cookie(junk));
        assertThat(response.statusCode()).isEqualTo(401);
      }
      Map<String, Long> after = commands(servers);
      // The node asks by itself too, a few times a second, for what has changed.
      assertThat(after.getOrDefault("get", 0L) - before.getOrDefault("get", 0L)).isLessThan(2_000);
      for (String polling : List.of("get", "mget", "ping", "scan", "hgetall", "xrange", "zrange")) {
        after.remove(polling);
        before.remove(polling);
      }
      assertThat(after).isEqualTo(before);
    }
  }
}
