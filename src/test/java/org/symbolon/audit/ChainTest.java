package org.symbolon.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a chain shows of what was done to its lines. */
class ChainTest {
  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("audit.jsonl");
  }

  /** Opens the file and writes some lines. */
  private Checkpoint write(int lines) throws IOException {
    try (AuditFile open = AuditFile.open(file)) {
      for (int i = 0; i < lines; i++) {
        open.append("{\"what\":\"event } " + i + "\"}");
      }
      return open.end();
    }
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(file));
  }

  private void put(List<String> lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private ChainCheck.Result check() throws IOException {
    return ChainCheck.of(List.of(file), List.of());
  }

  private void assertBroken(String place) throws IOException {
    assertThat(check().broken().map(Object::toString).orElse("whole")).startsWith(file + place);
  }

  private void withoutHead() throws IOException {
    Files.delete(AuditFile.beside(file, ".head"));
  }

  @Test
  void isWholeOverRestarts() throws IOException {
    write(5);
    write(0);
    Checkpoint end = write(5);
    ChainCheck.Result result = ChainCheck.of(List.of(file), List.of(end));
    assertThat(result.broken()).isEmpty();
    assertThat(result.notes()).isEmpty();
    assertThat(result.lines()).isEqualTo(10);
    assertThat(result.end()).isEqualTo(end);
  }

  @Test
  void aChangedLineIsNamed() throws IOException {
    write(10);
    for (int i = 0; i < 10; i++) {
      List<String> lines = lines();
      String was = lines.get(i);
      lines.set(i, was.replace("event }", "Event }"));
      put(lines);
      assertBroken(":" + (i + 1) + ": was changed");
      lines.set(i, was);
      put(lines);
    }
    assertThat(check().broken()).isEmpty();
  }

  @Test
  void aDroppedLineIsNamed() throws IOException {
    write(10);
    List<String> lines = lines();
    lines.remove(4);
    put(lines);
    assertBroken(":5: has the sequence number 6 where 5 is due: 1 line is missing");
  }

  @Test
  void swappedAndRepeatedLinesAreNamed() throws IOException {
    write(10);
    List<String> lines = lines();
    Collections.swap(lines, 3, 4);
    put(lines);
    assertBroken(":4: has the sequence number 5 where 4 is due");
    Collections.swap(lines, 3, 4);
    lines.add(6, lines.get(5));
    put(lines);
    assertBroken(":7: has the sequence number 6 where 7 is due");
  }

  @Test
  void aTruncatedLineIsNamedWhereverItIs() throws IOException {
    write(10);
    List<String> whole = lines();
    for (int i = 0; i < 10; i++) {
      for (int cut : new int[] {1, 5, 40, 100}) {
        List<String> lines = new ArrayList<>(whole);
        lines.set(i, lines.get(i).substring(0, lines.get(i).length() - cut));
        put(lines);
        assertBroken(":" + (i + 1) + ": is no line of the chain");
      }
    }
    String text = String.join("\n", whole);
    Files.writeString(file, text.substring(0, text.length() - 5));
    assertBroken(":10: is incomplete");
  }

  @Test
  void linesCutOffTheEndAreToldOfByTheHeadAndByACheckpoint() throws IOException {
    Checkpoint end = write(10);
    put(lines().subList(0, 7));
    assertBroken(": ends with the sequence number 7, and 10 had been written: the last 3");
    withoutHead();
    assertThat(check().broken()).isEmpty();
    assertThat(ChainCheck.of(List.of(file), List.of(end)).broken().orElseThrow().what())
        .contains("the last 3 are missing");
  }

  @Test
  void aChainThatWasMadeAnewDiffersFromACheckpoint() throws IOException {
    Checkpoint end = write(10);
    Files.delete(file);
    withoutHead();
    try (AuditFile open = AuditFile.open(file)) {
      for (int i = 0; i < 10; i++) {
        open.append("{\"what\":\"forged " + i + "\"}");
      }
    }
    assertThat(check().broken()).isEmpty();
    assertThat(ChainCheck.of(List.of(file), List.of(end)).broken().orElseThrow().toString())
        .startsWith(file + ":10: was changed: the checkpoint 10:");
  }

  @Test
  void aNodeDoesNotCoverUpWhatHappenedWhileItWasDown() throws IOException {
    write(10);
    put(lines().subList(0, 7));
    write(3);
    assertBroken(":8: has the sequence number 11 where 8 is due: 3 lines are missing");
    Files.delete(file);
    withoutHead();
    write(10);
    List<String> lines = lines();
    lines.set(9, lines.get(9).replace("event }", "Event }"));
    put(lines);
    write(3);
    assertBroken(":10: was changed");
  }

  @Test
  void anIncompleteLineIsMarkedByTheNextAndTheChainGoesOn() throws IOException {
    for (String torn : List.of("x", "{\"event.sequence\":4,\"audit.prev", "{}")) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(AuditFile.beside(file, ".head"));
      write(3);
      Files.writeString(file, torn, StandardOpenOption.APPEND);
      assertBroken(":4: is incomplete");
      Checkpoint end = write(2);
      ChainCheck.Result result = ChainCheck.of(List.of(file), List.of(end));
      assertThat(result.broken()).as(torn).isEmpty();
      assertThat(result.notes().getFirst().toString())
          .startsWith(file + ":4: is incomplete: its node ended");
      assertThat(end.sequence()).isEqualTo(5);
      List<String> lines = lines();
      lines.set(3, lines.get(3) + "y");
      put(lines);
      assertThat(check().broken()).as("a changed torn line").isPresent();
    }
  }

  @Test
  void aTornLineThatLooksWholeIsMarkedToo() throws IOException {
    Checkpoint end = write(3);
    byte[] next = new Link(4, end.hash(), false).line("{\"what\":\"a } b\"}");
    int cut = new String(next, StandardCharsets.UTF_8).indexOf('}') + 1;
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      out.write(next, 0, cut);
    }
    write(2);
    assertThat(check().broken()).isEmpty();
    assertThat(check().notes()).hasSize(1);
  }

  @Test
  void goesOnInANewFileWhenItIsRenamed() throws IOException {
    Path old = folder.resolve("audit.jsonl.1");
    Path older = folder.resolve("audit.jsonl.2.gz");
    try (AuditFile open = AuditFile.open(file)) {
      open.append("{\"what\":1}");
      Files.move(file, old);
      assertThat(open.follow()).isTrue();
      assertThat(open.follow()).isFalse();
      open.append("{\"what\":2}");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(older))) {
        Files.copy(old, out);
      }
      Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
      assertThat(open.follow()).isTrue();
      open.append("{\"what\":3}");
    }
    Files.move(file, folder.resolve("audit.jsonl.0"));
    Checkpoint end = write(1);
    List<Path> files = List.of(older, old, folder.resolve("audit.jsonl.0"), file);
    ChainCheck.Result result = ChainCheck.of(files, List.of());
    assertThat(result.broken()).isEmpty();
    assertThat(result.end()).isEqualTo(end).extracting(Checkpoint::sequence).isEqualTo(4L);
    assertThat(ChainCheck.of(List.of(old, file), List.of()).broken().orElseThrow().what())
        .contains("1 line is missing");
    ChainCheck.Result late = ChainCheck.of(files.subList(1, 4), List.of());
    assertThat(late.broken()).isEmpty();
    assertThat(late.notes().getFirst().what()).contains("sequence number 2");
  }

  @Test
  void linesOlderThanTheChainAreNoted() throws IOException {
    Files.writeString(file, "{\"old\":1}\n{\"old\":2}\n");
    write(2);
    assertThat(check().broken()).isEmpty();
    assertThat(check().notes().getFirst().toString()).startsWith(file + ":3: begins the chain");
    List<String> lines = lines();
    lines.set(1, "{\"old\":3}");
    put(lines);
    assertBroken(":2: is no line of the chain");
  }

  @Test
  void twoNodesCannotShareAFile() throws IOException {
    try (AuditFile open = AuditFile.open(file)) {
      assertThat(open.found()).isEmpty();
      assertThatThrownBy(() -> AuditFile.open(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("give each node a file of its own");
    }
    write(1);
    assertThat(Optional.of(check().lines())).contains(1L);
  }
}
