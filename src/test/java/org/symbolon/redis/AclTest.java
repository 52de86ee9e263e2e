package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.symbolon.session.SecretText;
import org.symbolon.session.Session;

/** What the shipped ACL file lets the service's user do: its own work and nothing else. */
class AclTest {
  private static final RedisServers SERVERS = RedisServers.shared(RedisSettings.Mode.STANDALONE);
  private static final RedisURI URI = LettuceSetup.uris(SERVERS.settings()).getFirst();
  private static final RedisClient CLIENT = RedisClient.create();
  private static final RedisCommands<String, String> SERVICE = CLIENT.connect(URI).sync();

  @AfterAll
  static void close() {
    CLIENT.shutdown();
  }

  static Stream<Named<Consumer<RedisCommands<String, String>>>> others() {
    return Stream.of(
        Named.of("FLUSHALL", commands -> commands.flushall()),
        Named.of("KEYS", commands -> commands.keys("*")),
        Named.of("RANDOMKEY", commands -> commands.randomkey()),
        Named.of("CONFIG GET", commands -> commands.configGet("*")),
        Named.of("CONFIG SET", commands -> commands.configSet("maxmemory-policy", "allkeys-lru")),
        Named.of("ACL LIST", commands -> commands.aclList()),
        Named.of("CLIENT LIST", commands -> commands.clientList()),
        Named.of("SCRIPT FLUSH", commands -> commands.scriptFlush()),
        Named.of("DEL", commands -> commands.del("s{AA}xx")),
        Named.of("PERSIST", commands -> commands.persist("s{AA}xx")),
        Named.of("XLEN", commands -> commands.xlen("audit")),
        Named.of("PUBLISH on another channel", commands -> commands.publish("any", "x")),
        Named.of("GET of another key", commands -> commands.get("other")),
        Named.of("SET of another key", commands -> commands.set("other", "x")),
        Named.of(
            "a script on another key",
            commands ->
                commands.eval("return redis.call('GET', 'other')", ScriptOutputType.VALUE)));
  }

  @ParameterizedTest
  @MethodSource("others")
  void deniesEverythingElse(Consumer<RedisCommands<String, String>> command) {
    assertThatThrownBy(() -> command.accept(SERVICE))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessageMatching(
            "(?s).*(NOPERM|ACL failure|can't run this command|can't access at least one of the"
                + " keys).*");
  }

  @Test
  void letsNobodyInWithoutAPassword() throws IOException {
    assertThat(reply("PING")).startsWith("-NOAUTH");
    assertThat(reply("AUTH default \"\"")).startsWith("-WRONGPASS");
    assertThat(reply("AUTH \"\"")).startsWith("-WRONGPASS");
  }

  /** What the server says to a command of a connection that has not authenticated. */
  private static String reply(String command) throws IOException {
    try (Socket socket = new Socket(URI.getHost(), URI.getPort());
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      return String.valueOf(lines.readLine());
    }
  }

  @Test
  void holdsNoPassword() {
    assertThat(AclFile.withPassword(new SecretText("pass-word")))
        .contains("user symbolon on #")
        .doesNotContain("PASSWORD_SHA256")
        .doesNotContain("pass-word");
  }

  @Test
  void keepsWhatScriptsWroteAcrossARestart() {
    Random random = new Random();
    try (RedisServers servers = RedisServers.standalone();
        OpenStore store = new OpenStore(servers)) {
      Session session = store.created(Samples.draft(Samples.subject(random), random));
      servers.restart();
      RedisServers.await(() -> store.live(session.handle()).isPresent());
    }
  }
}
