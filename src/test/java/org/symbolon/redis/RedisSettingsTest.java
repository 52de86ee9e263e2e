package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.session.SecretText;

/** Settings that can't be meant are refused by the field's name. */
class RedisSettingsTest {
  private static final Duration TIMEOUT = RedisSettings.DEFAULT_TIMEOUT;

  @ParameterizedTest
  @CsvSource({
    "http://localhost:6379, redis:// or rediss:// needed",
    "localhost, redis:// or rediss:// needed",
    "redis://user:hidden@localhost, no user or password",
    "redis:///path, a host needed",
    "redis://localhost:6379/1, nothing after the port",
    "redis://localhost?db=1, nothing after the port"
  })
  void refusesANodeOfAnotherShape(String node, String mend) {
    assertThatThrownBy(() -> settings(List.of(node), RedisSettings.Mode.STANDALONE, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("nodes: ")
        .hasMessageContaining(mend)
        .hasMessageNotContaining("hidden");
  }

  @Test
  void refusesSettingsThatDoNotGoTogether() {
    refuses("nodes", List.of(), RedisSettings.Mode.CLUSTER, TIMEOUT);
    refuses("nodes", List.of("redis://a", "redis://b"), RedisSettings.Mode.STANDALONE, TIMEOUT);
    refuses("nodes", List.of("redis://a", "rediss://b"), RedisSettings.Mode.CLUSTER, TIMEOUT);
    Duration never = Duration.ofMinutes(1);
    refuses("timeout", List.of("redis://a"), RedisSettings.Mode.STANDALONE, never);
    List<URI> plain = List.of(URI.create("redis://a"));
    RedisSettings.Mode standalone = RedisSettings.Mode.STANDALONE;
    assertThatThrownBy(
            () ->
                new RedisSettings(
                    plain,
                    standalone,
                    Optional.of("u"),
                    Optional.empty(),
                    TIMEOUT,
                    Optional.empty()))
        .hasMessageStartingWith("password: ");
    Optional<Path> ca = Optional.of(Path.of("ca.pem"));
    assertThatThrownBy(
            () ->
                new RedisSettings(
                    plain, standalone, Optional.empty(), Optional.empty(), TIMEOUT, ca))
        .hasMessageStartingWith("ca: ");
  }

  @Test
  void printsNoPassword() {
    RedisSettings settings =
        new RedisSettings(
            List.of(URI.create("rediss://a")),
            RedisSettings.Mode.STANDALONE,
            Optional.of("u"),
            Optional.of(new SecretText("hidden")),
            TIMEOUT,
            Optional.empty());
    assertThat(settings.toString()).doesNotContain("hidden");
    assertThat(settings.isTls()).isTrue();
  }

  private static void refuses(
      String field, List<String> nodes, RedisSettings.Mode mode, Duration timeout) {
    assertThatThrownBy(() -> settings(nodes, mode, timeout))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(field + ": ");
  }

  private static RedisSettings settings(
      List<String> nodes, RedisSettings.Mode mode, Duration timeout) {
    Stream<URI> uris = nodes.stream().map(URI::create);
    return new RedisSettings(
        uris.toList(), mode, Optional.empty(), Optional.empty(), timeout, Optional.empty());
  }
}
