package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;

/** The embedded server: what survives what, and who else may use it. */
class EmbeddedRedisTest {
  private static final SecureRandom SECURE = new SecureRandom();
  private final Random random = new Random();
  private final SubjectKey subject = Samples.subject(random);

  @TempDir private Path temp;

  @Test
  void keepsSessionsAndTombstonesAcrossARestart() throws IOException {
    Session session;
    Session ended;
    try (EmbeddedRedis redis = start();
        OpenStore store = new OpenStore(redis.settings())) {
      session = store.created(Samples.draft(subject, random));
      ended = store.created(Samples.draft(subject, random));
      store.revoke(subject, ended.handle(), RevocationReason.LOGOUT);
    }
    try (EmbeddedRedis redis = start();
        OpenStore store = new OpenStore(redis.settings())) {
      assertThat(store.live(session.handle())).isPresent();
      assertThat(store.find(ended.handle())).isInstanceOf(SessionStore.Ended.class);
      assertThat(store.list(subject)).hasSize(1);
    }
  }

  @Test
  void endsItsServerWhenClosed() throws IOException {
    EmbeddedRedis redis = start();
    ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
    redis.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(redis.folder().resolve("redis.pid")).doesNotExist();
  }

  @Test
  void endsAServerThatAKilledServiceLeftBehind() throws IOException {
    Path folder = temp.resolve("data of ours");
    EmbeddedRedis redis = EmbeddedRedis.start(folder, 0, SECURE);
    long orphan = redis.pid();
    Path pid = folder.resolve("redis.pid");
    String text = Files.readString(pid);
    // As a service that was killed leaves it: the lock free, the server running, its number told.
    redis.releaseLock();
    try (EmbeddedRedis next = EmbeddedRedis.start(folder, 0, SECURE);
        OpenStore store = new OpenStore(next.settings())) {
      assertThat(text.strip()).isEqualTo(Long.toString(orphan));
      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(store.created(Samples.draft(subject, random))).isNotNull();
    }
  }

  @Test
  void endsNoOtherProcessThatHasTheNumberOfAGoneServer() throws IOException {
    start().close();
    Process other = new ProcessBuilder("sleep", "60").start();
    Files.writeString(temp.resolve("redis/redis.pid"), Long.toString(other.pid()));
    try (EmbeddedRedis redis = start()) {
      assertThat(other.isAlive()).isTrue();
      assertThat(redis.pid()).isNotEqualTo(other.pid());
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void refusesAFolderThatIsInUse() throws IOException {
    EmbeddedRedis redis = start();
    try (redis) {
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is in use by another running symbolon");
      assertThat(ProcessHandle.of(redis.pid())).isPresent();
    }
  }

  @Test
  void tellsTheEndOfTheLogWhereTheServerDoesNotStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> EmbeddedRedis.start(temp.resolve("redis"), taken.getLocalPort(), SECURE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("redis-server ended with code 1")
          .hasMessageContaining(taken.getLocalPort() + "");
    }
    start().close();
  }

  @Test
  void showsItsFilesToNobodyElse() throws IOException {
    try (EmbeddedRedis redis = start()) {
      assertThat(Files.getPosixFilePermissions(redis.folder()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.readString(redis.folder().resolve("users.acl")))
          .doesNotContain(redis.settings().password().orElseThrow().reveal());
    }
  }

  private EmbeddedRedis start() throws IOException {
    return EmbeddedRedis.start(temp.resolve("redis"), 0, SECURE);
  }
}
