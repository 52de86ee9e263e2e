package org.symbolon.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.SecretText;

/**
 * A real Redis for a first try: started with the service, its data in a folder where sessions
 * survive a restart, for nobody else on the machine (a password made anew at each start).
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String PID = "redis.pid";
  private static final String ACL = "users.acl";
  private static final int PASSWORD_BYTES = 32;

  private final Path folder;
  private final FileChannel lock;
  private final RedisProcess process;
  private final SecretText password;

  private EmbeddedRedis(Path folder, FileChannel lock, RedisProcess process, SecretText password) {
    this.folder = folder;
    this.lock = lock;
    this.process = process;
    this.password = password;
  }

  /**
   * Starts a server over the data of a folder, creating the folder where it is missing. A server
   * that a killed service left behind is ended first.
   *
   * @param port 0 for any free one
   * @throws IOException where the folder is another running service's, or the server does not
   *     start; the message says what to change
   */
  public static EmbeddedRedis start(Path folder, int port, SecureRandom random) throws IOException {
    Path home = folder.toAbsolutePath().normalize();
    Files.createDirectories(home);
    restrict(home, "rwx------");
    FileChannel lock = lock(home);
    try {
      endOrphan(home);
      SecretText password = password(random);
      write(home.resolve(ACL), AclFile.withPassword(password));
      RedisProcess process =
          RedisProcess.start(
              RedisProcess.binary(home),
              home,
              port == 0 ? RedisProcess.freePort() : port,
              List.of(
                  "aclfile \"" + RedisProcess.quoted(home.resolve(ACL)) + "\"",
                  "pidfile \"" + RedisProcess.quoted(home.resolve(PID)) + "\"",
                  "appendonly yes",
                  "appendfsync everysec",
                  "save \"\"",
                  "maxmemory-policy noeviction"));
      return new EmbeddedRedis(home, lock, process, password);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** How to reach it. */
  public RedisSettings settings() {
    return new RedisSettings(
        List.of(URI.create("redis://127.0.0.1:" + process.port())),
        RedisSettings.Mode.STANDALONE,
        Optional.of(AclFile.USER),
        Optional.of(password),
        RedisSettings.DEFAULT_TIMEOUT,
        Optional.empty());
  }

  /** Where its data is. */
  public Path folder() {
    return folder;
  }

  long pid() {
    return process.process().pid();
  }

  /** Ends the server after it has written all it knows. */
  @Override
  public void close() {
    process.stop();
    try {
      Files.deleteIfExists(folder.resolve(PID));
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For tests: what a service leaves that was killed. */
  void releaseLock() throws IOException {
    lock.close();
  }

  /** The lock is the operating system's: it goes with its process, however that ends. */
  private static FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new IOException(
          home + " is in use by another running symbolon; stop it, or name another data folder");
    }
    return channel;
  }

  private static void endOrphan(Path home) throws IOException {
    Path file = home.resolve(PID);
    if (!Files.exists(file)) {
      return;
    }
    String text = Files.readString(file).strip();
    if (text.matches("[0-9]{1,18}")) {
      ProcessHandle.of(Long.parseLong(text))
          .filter(process -> isOurs(process, home))
          .ifPresent(RedisProcess::stop);
    }
    Files.deleteIfExists(file);
  }

  /** True for a server that was started with this folder's configuration, whatever its number. */
  private static boolean isOurs(ProcessHandle process, Path home) {
    String config = home.resolve("redis.conf").toString();
    return process.info().arguments().map(a -> List.of(a).contains(config)).orElse(false);
  }

  private static SecretText password(SecureRandom random) {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return new SecretText(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
    restrict(file, "rw-------");
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
