package org.symbolon.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is measured on one core and what asks it, with Redis, on another. */
final class Cores {
  private static final boolean CAN_PIN =
      Runtime.getRuntime().availableProcessors() >= 2 && Files.exists(Path.of("/usr/bin/taskset"));

  private Cores() {}

  static List<String> first(List<String> command) {
    return on("0", command);
  }

  static List<String> second(List<String> command) {
    return on("1", command);
  }

  private static List<String> on(String core, List<String> command) {
    if (!CAN_PIN) {
      return command;
    }
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", core));
    pinned.addAll(command);
    return pinned;
  }
}
