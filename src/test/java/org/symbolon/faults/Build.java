package org.symbolon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The service as it is, or as it would be with a promise taken out of it.
 *
 * @param settings that make it so
 * @param classes folders of classes that take the place of the service's own
 */
record Build(Map<String, String> settings, List<Path> classes) {
  private static final Map<String, String> WAIT_1 =
      Map.of("revocation.durability", "replicas", "revocation.minReplicas", "1");

  /** A revocation is in a replica, in the journal and in memory before it is acknowledged. */
  static Build whole() {
    return new Build(with(WAIT_1, "journal.directory", "journal"), List.of());
  }

  /** A revocation is acknowledged when the master has it. */
  static Build wait0() {
    return new Build(Map.of("revocation.durability", "memory"), List.of());
  }

  /** A revocation is acknowledged when all connected replicas have it, and kept nowhere else. */
  static Build wait1() {
    return new Build(WAIT_1, List.of());
  }

  /** The same, but no node remembers which sessions were revoked. */
  Build forgetful() throws IOException {
    return new Build(
        settings,
        List.of(
            changed(
                "org/symbolon/nearcache/Overlay.java",
                "public void learn(Revoked revoked) {",
                " if (revoked instanceof Revoked.Tombstone) { return; }")));
  }

  /** The same with another setting. */
  Build with(String name, String value) {
    return new Build(with(settings, name, value), classes);
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    Map<String, String> all = new TreeMap<>(settings);
    all.put(name, value);
    return all;
  }

  /** Compiles a class with something put into it behind a text that it has once. */
  private static Path changed(String source, String behind, String more) throws IOException {
    String text = Files.readString(Path.of("src/main/java").resolve(source));
    int at = text.indexOf(behind) + behind.length();
    if (at < behind.length() || text.indexOf(behind, at) >= 0) {
      throw new AssertionError(source + " has not once: " + behind);
    }
    Path folder = Files.createDirectories(Path.of("target", "faults", "forgetful"));
    Path file = folder.resolve("source").resolve(source);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.substring(0, at) + more + text.substring(at));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-d", classes.toString());
      if (!compiler
          .getTask(null, files, null, options, null, files.getJavaFileObjects(file))
          .call()) {
        throw new AssertionError("not compiled: " + file);
      }
    }
    return classes;
  }
}
