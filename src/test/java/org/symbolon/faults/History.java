package org.symbolon.faults;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes down what happens, an event a line. */
final class History implements AutoCloseable {
  private final BufferedWriter file;

  History(Path path) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    file = Files.newBufferedWriter(path);
  }

  synchronized void add(Event event) {
    try {
      file.write(event.line());
      file.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Event> read(Path path) throws IOException {
    try (Stream<String> lines = Files.lines(path)) {
      return lines.map(Event::parse).toList();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
