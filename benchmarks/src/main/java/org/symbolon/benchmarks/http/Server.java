package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process that listens on a port of loopback. Its output goes to a file. */
record Server(Process process, String origin, int port, Path log) implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final long TICKS_A_SECOND = 100;
  private static final int PATIENCE_SECONDS = 60;

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static Server start(
      String name, int port, Map<String, String> environment, Path folder, List<String> command)
      throws IOException {
    return onAnyCore(name, port, environment, folder, Cores.first(command));
  }

  static Server onAnyCore(
      String name, int port, Map<String, String> environment, Path folder, List<String> command)
      throws IOException {
    Path log = folder.resolve(name.replace(' ', '-') + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Server(builder.start(), port, log);
  }

  Server(Process process, int port, Path log) {
    this(process, "http://127.0.0.1:" + port, port, log);
  }

  /** The command of a class of this program, in a virtual machine as the others have. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until a path is answered at all. */
  Server answering(String path) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (true) {
      try {
        send(request(path));
        return this;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - end > 0) {
          throw new IOException("no start: " + Files.readString(log), e);
        }
        Thread.sleep(50);
      }
    }
  }

  /** Waits until a connection is taken; gives the same, asked over TLS from now on. */
  Server listening() throws IOException, InterruptedException {
    awaitConnection(50);
    return new Server(process, "https://localhost:" + port, port, log);
  }

  /** Waits until a connection is taken; a client that is refused makes more work than a socket. */
  void awaitConnection(int pauseMillis) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (true) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - end > 0) {
          throw new IOException("no start: " + Files.readString(log), e);
        }
        Thread.sleep(pauseMillis);
      }
    }
  }

  /** Begins a session; gives the {@code Cookie} field that shows it. */
  String begin(HttpRequest.Builder login) throws IOException, InterruptedException {
    HttpResponse<String> response = send(login);
    String set =
        response
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow(
                () -> new IllegalStateException(response.statusCode() + " " + response.body()));
    return "theme=dark; lang=en-GB; consent=necessary; " + set.substring(0, set.indexOf(';'));
  }

  /** The processor time that it has used so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  /** Its resident memory in MiB. */
  long residentMib() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
