package org.symbolon.benchmarks.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** One of the services that are compared. */
interface Contender {
  String name();

  /**
   * Starts it.
   *
   * @param redis the port of the server that all of them use
   * @param folder for its files
   */
  Running start(int redis, Path folder) throws IOException, InterruptedException;

  /**
   * A service that answers.
   *
   * @param path what a session is checked by
   * @param requests for each run: the {@code Cookie} field of each of its sessions in turn, or,
   *     where every request shows something of its own, of each request with a tab and its {@code
   *     DPoP} field
   */
  record Running(Server server, String path, Supplier<List<String>> requests) {
    Running(Server server, String path, List<String> cookies) {
      this(server, path, () -> cookies);
    }
  }
}
