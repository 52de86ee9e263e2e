package org.symbolon.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/** A Redis server as a child process in a folder of its own, on the loopback address. */
final class RedisProcess {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final int LOG_LINES = 10;
  private final Process process;
  private final int port;

  private RedisProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param folder where its configuration, log and data are
   * @param lines the configuration, one directive a line, without port, address and folder
   * @param arguments what follows the configuration's name
   * @throws IOException where it ends or is silent; the message has the end of its log
   */
  static RedisProcess start(
      Path binary, Path folder, int port, List<String> lines, String... arguments)
      throws IOException {
    Path config = folder.resolve("redis.conf");
    Path log = folder.resolve("redis.log");
    Files.writeString(
        config,
        """
        port %d
        bind 127.0.0.1
        dir "%s"
        daemonize no
        set-proc-title no
        %s
        """
            .formatted(port, quoted(folder), String.join("\n", lines)));
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(binary.toString(), config.toString()), Stream.of(arguments))
                    .toList())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long deadline = System.nanoTime() + START.toNanos();
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String state =
            process.isAlive() ? "does not answer" : "ended with code " + process.exitValue();
        process.destroyForcibly();
        throw new IOException("redis-server " + state + ":\n" + tail(log));
      }
      pause();
    }
    if (!process.isAlive()) {
      throw new IOException("another program answers on port " + port + ":\n" + tail(log));
    }
    return new RedisProcess(process, port);
  }

  /** Puts the server of the embedded-redis library for this machine into a folder, once. */
  static Path binary(Path folder) throws IOException {
    Path binary = folder.resolve("redis-server-" + RedisExecProvider.redisVersion);
    if (!Files.isExecutable(binary)) {
      Path extracted = RedisExecProvider.defaultProvider().get().toPath();
      Files.copy(extracted, binary, StandardCopyOption.REPLACE_EXISTING);
      if (!binary.toFile().setExecutable(true, true)) {
        throw new IOException(binary + ": can't be made executable");
      }
      Files.delete(extracted);
    }
    return binary;
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }

  int port() {
    return port;
  }

  /**
   * The child itself, not its handle: once it has ended, its number may be another's, or a thread's
   * of this one, and whoever waits for the handle waits for that.
   */
  Process process() {
    return process;
  }

  /** Asks the server to write what it has and end; after some seconds ends it. */
  void stop() {
    stop(process.toHandle());
  }

  static void stop(ProcessHandle process) {
    // On SIGTERM Redis does what it does on SHUTDOWN, and needs no user with that permission.
    process.destroy();
    try {
      process.onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }

  /** True where whatever listens talks like a Redis that has loaded its data. */
  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
      return answer.equals("+PONG") || answer.equals("-NOAU");
    } catch (IOException e) {
      return false;
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
