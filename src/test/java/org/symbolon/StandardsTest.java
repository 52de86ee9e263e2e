package org.symbolon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/standards.md against the tests that are named by a section of an RFC. */
class StandardsTest {
  private static final Pattern LISTED = Pattern.compile("`(\\w+\\.rfc\\d+_\\w+)`");
  private static final Pattern TEST = Pattern.compile("void (rfc\\d+_\\w+)\\(");

  @Test
  void everyTestIsListedAndEveryOneThatIsListedIsThere() throws IOException {
    Set<String> listed =
        LISTED
            .matcher(Files.readString(Path.of("docs/standards.md")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).isNotEmpty().isEqualTo(tests());
  }

  private static Set<String> tests() throws IOException {
    Set<String> tests = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        String owner = file.getFileName().toString().replace(".java", "");
        for (MatchResult found : TEST.matcher(Files.readString(file)).results().toList()) {
          tests.add(owner + '.' + found.group(1));
        }
      }
    }
    return tests;
  }
}
