package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.RedisExecProvider;

/** The one Redis that all contenders use: the binary that Symbolon brings for trying it out. */
final class RedisServer {
  static final String PASSWORD = "a-password-of-the-benchmark";

  private RedisServer() {}

  static Server start(Path folder) throws IOException, InterruptedException {
    int port = Server.freePort();
    String binary = RedisExecProvider.defaultProvider().get().getAbsolutePath();
    Path log = folder.resolve("redis.log");
    Process process =
        new ProcessBuilder(
                Cores.second(
                    List.of(
                        binary,
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--user",
                        "symbolon",
                        "on",
                        ">" + PASSWORD,
                        "~*",
                        "&*",
                        "+@all")))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread.sleep(500);
    if (!process.isAlive()) {
      throw new IOException("Redis: " + java.nio.file.Files.readString(log));
    }
    return new Server(process, port, log);
  }
}
