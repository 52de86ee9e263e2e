package org.symbolon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.symbolon.config.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code symbolon key}: the key ring in its file. Nodes read it anew within two seconds. */
final class KeyCommands {
  private KeyCommands() {}

  static Object[] all(Map<String, String> environment, KeyRings rings) {
    return new Object[] {
      new KeyNew(rings::fresh),
      new Keys(environment, rings),
      new Rotate(environment, rings),
      new Retire(environment, rings)
    };
  }

  /** What all of them have. */
  private abstract static class OfRing implements Callable<Integer> {
    private final Map<String, String> environment;
    final KeyRings rings;

    @Option(
        names = "--ring",
        paramLabel = "FILE",
        description = "The key ring; keys.file of the configuration without it.")
    private Optional<Path> file = Optional.empty();

    @Mixin private Output output = new Output();

    @Mixin private ConfigOptions options = new ConfigOptions();
    @Spec CommandSpec spec = CommandSpec.create();

    OfRing(Map<String, String> environment, KeyRings rings) {
      this.environment = environment;
      this.rings = rings;
    }

    Path ring() throws Refusal {
      return file.isPresent()
          ? file.get()
          : options
              .read(environment)
              .keys()
              .file()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--ring: needed, no keys.file is configured; a trial's is"
                              + " .symbolon/keys.txt"));
    }

    @Override
    public Integer call() {
      try {
        return work();
      } catch (Refusal refusal) {
        return Refusals.print(refusal, spec.commandLine().getErr());
      } catch (IOException e) {
        spec.commandLine().getErr().println("symbolon: " + e.getMessage());
        return Symbolon.FAILED;
      }
    }

    abstract int work() throws Refusal, IOException;

    void print(SortedMap<Integer, String> phases) {
      if (output.isJson()) {
        StringBuilder json = new StringBuilder();
        phases.forEach(
            (id, phase) ->
                json.append(json.isEmpty() ? "" : ",")
                    .append("{\"key\":%d,\"phase\":\"%s\"}".formatted(id, phase)));
        spec.commandLine().getOut().println("{\"keys\":[" + json + "]}");
      } else {
        spec.commandLine().getOut().println("key  phase");
        phases.forEach((id, phase) -> spec.commandLine().getOut().printf("%-3d  %s%n", id, phase));
      }
      spec.commandLine().getOut().flush();
    }

    /** For people, beside what programs read. */
    void say(String text) {
      spec.commandLine().getErr().println(text);
    }
  }

  @Command(
      name = "list",
      description = {
        "The keys and their phases: publish is accepted and does not sign, sign makes new session",
        "IDs, retire is refused with every session under it. No secret is printed."
      },
      mixinStandardHelpOptions = true)
  private static final class Keys extends OfRing {
    Keys(Map<String, String> environment, KeyRings rings) {
      super(environment, rings);
    }

    @Override
    int work() throws Refusal, IOException {
      print(rings.phases(ring()));
      return 0;
    }
  }

  @Command(
      name = "rotate",
      description = {
        "Change the key that makes new session IDs, in two steps and without logging anybody out:",
        "first add one, and when all nodes have read the file, and applications the key set (5",
        "minutes), let it sign with --sign."
      },
      mixinStandardHelpOptions = true)
  private static final class Rotate extends OfRing {
    @Option(names = "--sign", paramLabel = "KEY", description = "Let this one sign from now on.")
    private Optional<Integer> sign = Optional.empty();

    @Option(names = "--dry-run", description = "Change nothing, and print what would be.")
    private boolean isDry;

    Rotate(Map<String, String> environment, KeyRings rings) {
      super(environment, rings);
    }

    @Override
    int work() throws Refusal, IOException {
      Path ring = ring();
      if (sign.isPresent()) {
        print(rings.change(ring, KeyRings.Change.SIGN, sign.get(), !isDry));
        say("When no session of the key before can be alive any more: symbolon key retire KEY");
      } else {
        SortedMap<Integer, String> before = rings.phases(ring);
        SortedMap<Integer, String> after = rings.change(ring, KeyRings.Change.ADD, 0, !isDry);
        print(after);
        int added =
            after.keySet().stream().filter(id -> !before.containsKey(id)).findFirst().orElseThrow();
        say(
            "Bring the file to every node. Then, after 5 minutes: symbolon key rotate --sign "
                + added);
      }
      return 0;
    }
  }

  @Command(
      name = "retire",
      description = {
        "Refuse a key, and so end every session under it at once, and no other. For a key that has",
        "leaked, or that no session needs any more. It can't be undone for whoever is logged out."
      },
      mixinStandardHelpOptions = true)
  private static final class Retire extends OfRing {
    @Parameters(paramLabel = "KEY", description = "Its number, as list prints it.")
    private int key;

    @Option(
        names = "--replace",
        description = "Where it is the one that signs: make a fresh one that signs at once.")
    private boolean isReplacing;

    @Option(names = "--dry-run", description = "Change nothing, and print what would be.")
    private boolean isDry;

    @Option(
        names = "--confirm",
        paramLabel = "KEY",
        description = "The key's number again, typed; asked for at a terminal without it.")
    private Optional<String> confirmed = Optional.empty();

    Retire(Map<String, String> environment, KeyRings rings) {
      super(environment, rings);
    }

    @Override
    int work() throws Refusal, IOException {
      KeyRings.Change change = isReplacing ? KeyRings.Change.REPLACE : KeyRings.Change.RETIRE;
      Path ring = ring();
      SortedMap<Integer, String> after = rings.change(ring, change, key, false);
      if (!isDry) {
        String question = "This ends every session under key " + key + ". Type the key's number";
        Confirmation.demand(spec, confirmed, Integer.toString(key), question);
        after = rings.change(ring, change, key, true);
      }
      print(after);
      if (!isDry) {
        say(
            "Bring the file to every node; each refuses the key within 2 seconds after. Then clear"
                + " away what is left of its sessions: symbolon campaign plan -w key="
                + key
                + " --cause key_compromise --ticket TICKET");
      }
      return 0;
    }
  }
}
