package org.symbolon.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.symbolon.ServiceProcess;

/** A node of the service as a process of its own, which can be killed and started again. */
final class NodeProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private final Path folder;
  private final Build build;
  private final Map<String, String> flags;
  private final int open;
  private final int admin;
  private final int management;
  private @Nullable Process process;

  /**
   * @param folder its own, which outlives the process
   * @param free three ports
   */
  NodeProcess(Path folder, Build build, Map<String, String> settings, List<Integer> free)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.build = build;
    flags = new TreeMap<>(settings);
    open = free.get(0);
    admin = free.get(1);
    management = free.get(2);
    flags.put("public.port", "" + open);
    flags.put("admin.port", "" + admin);
    flags.put("management.port", "" + management);
    flags.put("audit.file", folder.resolve("audit.jsonl").toString());
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  int open() {
    return open;
  }

  int admin() {
    return admin;
  }

  /** Starts it, and does not wait. */
  void start() {
    try {
      process =
          new ProcessBuilder(ServiceProcess.command(flags, build.classes()))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it is ready. */
  void awaitReady() {
    try (Line line = new Line(management)) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (line.ask("GET", "/readyz", "", "").status() != 200) {
        if (process == null || !process.isAlive() || System.nanoTime() > end) {
          throw new AssertionError("the node does not get ready: " + log());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it without a word. */
  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      ServiceProcess.kill(running);
      process = null;
    }
  }
}
