package org.symbolon.cli.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.symbolon.audit.ChainCheck;
import org.symbolon.audit.Checkpoint;
import org.symbolon.cli.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon audit}: what is in audit files, and whether it is what was written. */
public final class AuditCommands {
  private static final int BROKEN = 1;

  private AuditCommands() {}

  /** All of them. */
  public static Object[] all() {
    return new Object[] {new Verify(), new Tail()};
  }

  @Command(
      name = "verify",
      description = {
        "Follow the chain of hashes through audit files, and name the first place where it is",
        "broken. 0: whole. 1: broken.",
        "That the newest lines were not cut off is told by FILE.head beside the last file, and by",
        "checkpoints that you kept elsewhere: nodes log them, and the Redis stream has them."
      },
      mixinStandardHelpOptions = true)
  private static final class Verify implements Callable<Integer> {
    @Parameters(
        arity = "1..*",
        paramLabel = "FILE",
        description = "The files of one node, the oldest first; also packed ones (.gz).")
    private List<Path> files = new ArrayList<>();

    @Option(
        names = "--checkpoint",
        paramLabel = "SEQUENCE:HASH",
        description = "What the chain has to hold, kept elsewhere. Repeatable.")
    private List<String> checkpoints = new ArrayList<>();

    @Mixin private Output output = new Output();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
      readable(files, spec);
      List<Checkpoint> wanted = new ArrayList<>();
      for (String text : checkpoints) {
        wanted.add(
            Checkpoint.parse(text)
                .orElseThrow(
                    () ->
                        new ParameterException(
                            spec.commandLine(),
                            "--checkpoint: SEQUENCE:HASH needed, as a node's log has it")));
      }
      ChainCheck.Result result = ChainCheck.of(files, wanted);
      if (output.isJson()) {
        spec.commandLine().getOut().println(json(result));
      } else {
        print(result);
      }
      spec.commandLine().getOut().flush();
      return result.broken().isPresent() ? BROKEN : 0;
    }

    private void print(ChainCheck.Result result) {
      result.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
      if (result.broken().isPresent()) {
        spec.commandLine().getErr().println("symbolon: broken: " + result.broken().get());
        return;
      }
      spec.commandLine()
          .getOut()
          .printf("whole: %d lines, up to %s%n", result.lines(), result.end());
    }

    private static ObjectNode json(ChainCheck.Result result) {
      ObjectNode node = AdminListener.JSON.createObjectNode();
      node.put("whole", result.broken().isEmpty());
      node.put("lines", result.lines());
      node.put("end", result.end().toString());
      result.broken().ifPresent(place -> put(node.putObject("broken"), place));
      ArrayNode notes = node.putArray("notes");
      result.notes().forEach(note -> put(notes.addObject(), note));
      return node;
    }

    private static void put(ObjectNode node, ChainCheck.Place place) {
      node.put("file", place.file().toString());
      node.put("line", place.line());
      node.put("what", place.what());
    }
  }

  private static void readable(List<Path> files, CommandSpec spec) {
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new ParameterException(
            spec.commandLine(), "FILE: no readable file at " + file + "; name an audit file");
      }
    }
  }

  @Command(
      name = "tail",
      description = "Print the last events of an audit file.",
      mixinStandardHelpOptions = true)
  private static final class Tail implements Callable<Integer> {
    private static final long LOOK_MILLIS = 250;

    /** What is enough for the last lines of a file, however large it is. */
    private static final int BLOCK = 4 * 1024 * 1024;

    @Parameters(paramLabel = "FILE", description = "As audit.file has it.")
    private Path file = Path.of("");

    @Option(
        names = "-n",
        paramLabel = "COUNT",
        defaultValue = "20",
        description = "How many; ${DEFAULT-VALUE}.")
    private int count = 20;

    @Option(
        names = {"-f", "--follow"},
        description = "Go on with what comes, until Control-C.")
    private boolean isFollowing;

    @Mixin private Output output = new Output();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
      readable(List.of(file), spec);
      long position;
      try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
        long from = Math.max(0, in.length() - BLOCK);
        position = from + print(read(in, from), Math.max(0, count));
      }
      while (isFollowing) {
        Thread.sleep(LOOK_MILLIS);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
          // A shorter file is a new one.
          position = in.length() < position ? 0 : position;
          position += print(read(in, position), Integer.MAX_VALUE);
        }
      }
      return 0;
    }

    private static String read(RandomAccessFile in, long from) throws IOException {
      byte[] bytes = new byte[(int) Math.min(BLOCK, in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Prints the last complete lines, and tells in bytes how far all of them reach. */
    private int print(String text, int most) {
      String complete = text.substring(0, text.lastIndexOf('\n') + 1);
      List<String> lines = complete.lines().toList();
      lines.subList(Math.max(0, lines.size() - most), lines.size()).forEach(this::print);
      return complete.getBytes(StandardCharsets.UTF_8).length;
    }

    private void print(String line) {
      spec.commandLine().getOut().println(output.isJson() ? line : forPeople(line));
      spec.commandLine().getOut().flush();
    }

    private static String forPeople(String line) {
      JsonNode event;
      try {
        event = AdminListener.JSON.readTree(line);
      } catch (JsonProcessingException e) {
        return "(no audit line)";
      }
      Map<String, String> rest = new TreeMap<>();
      event
          .properties()
          .forEach(
              member -> {
                if (member.getKey().startsWith("detail.")) {
                  rest.put(
                      member.getKey().substring("detail.".length()), member.getValue().asText());
                }
              });
      return "%s  %-20s %s %s %s  %s"
          .formatted(
              event.path("@timestamp").asText(),
              event.path("event.action").asText(),
              text(event, "organization.id"),
              text(event, "user.id"),
              text(event, "session.handle"),
              rest.entrySet().stream()
                  .map(entry -> entry.getKey() + "=" + entry.getValue())
                  .collect(Collectors.joining(" ")))
          .replaceAll("\\p{Cntrl}", "?")
          .stripTrailing();
    }

    private static String text(JsonNode event, String name) {
      String text = event.path(name).asText();
      return text.isEmpty() ? "-" : text;
    }
  }
}
