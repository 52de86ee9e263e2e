package org.symbolon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Gathers settings from a YAML file, the environment and flags; each later one wins over those
 * before it. Collects faults instead of stopping at the first.
 */
final class Sources {
  private static final String PREFIX = "SYMBOLON_";
  private static final String FROM_FILE = "_FILE";
  private static final List<String> RING = List.of("keys", "ring");
  private static final List<String> RING_FILE = List.of("keys", "file");

  /** A value as it was found. Lists are joined by commas. */
  record Value(String text, String origin) {}

  private final Map<List<String>, Value> values = new LinkedHashMap<>();
  private final List<Refusal.Fault> faults;

  Sources(List<Refusal.Fault> faults) {
    this.faults = faults;
  }

  Map<List<String>, Value> values() {
    return values;
  }

  void yaml(Path file) {
    Object tree;
    try {
      LoadSettings settings =
          LoadSettings.builder().setAllowDuplicateKeys(false).setLabel(file.toString()).build();
      tree = new Load(settings).loadFromString(Files.readString(file));
    } catch (YamlEngineException e) {
      faults.add(new Refusal.Fault("config", "not YAML: " + e.getMessage(), file.toString()));
      return;
    } catch (IOException e) {
      faults.add(
          new Refusal.Fault("config", "can't be read; name a readable file", file.toString()));
      return;
    }
    if (tree != null) {
      flatten(List.of(), tree, file.toString());
    }
  }

  private void flatten(List<String> path, Object node, String origin) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (name, child) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(String.valueOf(name));
            if (child != null) {
              flatten(deeper, child, origin);
            }
          });
    } else if (node instanceof List<?> list) {
      put(path, String.join(",", list.stream().map(String::valueOf).toList()), origin);
    } else {
      put(path, String.valueOf(node), origin);
    }
  }

  void environment(Map<String, String> environment) {
    new TreeMap<>(environment)
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX) && !name.equals(PREFIX + "CONFIG")) {
                environment(name, text);
              }
            });
  }

  private void environment(String name, String text) {
    String rest = name.substring(PREFIX.length());
    Optional<List<String>> path = pathOf(rest);
    if (path.isPresent()) {
      put(path.get(), text, "environment " + name);
      return;
    }
    Optional<List<String>> fromFile =
        rest.endsWith(FROM_FILE)
            ? pathOf(rest.substring(0, rest.length() - FROM_FILE.length()))
            : Optional.empty();
    if (fromFile.isPresent() && fromFile.get().equals(RING)) {
      // The ring's file is kept in sight, so that a new ring is taken without a restart.
      put(RING_FILE, Path.of(text).toAbsolutePath().toString(), "environment " + name);
      return;
    }
    if (fromFile.isPresent()) {
      try {
        put(fromFile.get(), Files.readString(Path.of(text)).strip(), "file of " + name);
      } catch (IOException e) {
        faults.add(
            new Refusal.Fault(
                String.join(".", fromFile.get()), "its file can't be read: " + text, name));
      }
      return;
    }
    List<String> known =
        Keys.ALL.stream().map(key -> PREFIX + environmentName(key)).distinct().toList();
    faults.add(unknown(name, Nearest.of(name, known), "environment"));
  }

  private static Optional<List<String>> pathOf(String rest) {
    for (Key key : Keys.ALL) {
      Matcher matcher = environmentPattern(key).matcher(rest);
      if (matcher.matches()) {
        List<String> path = new ArrayList<>();
        int group = 1;
        for (String segment : key.segments()) {
          path.add(
              Key.isName(segment)
                  ? matcher.group(group++).toLowerCase(Locale.ROOT).replace('_', '-')
                  : segment);
        }
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private static Pattern environmentPattern(Key key) {
    List<String> parts =
        key.segments().stream()
            .map(s -> Key.isName(s) ? "([A-Z0-9_]+)" : Key.environmentForm(s))
            .toList();
    return Pattern.compile(String.join("_", parts));
  }

  static String environmentName(Key key) {
    List<String> parts =
        key.segments().stream()
            .map(s -> Key.isName(s) ? s.toUpperCase(Locale.ROOT) : Key.environmentForm(s))
            .toList();
    return String.join("_", parts);
  }

  void flags(Map<String, String> flags) {
    flags.forEach((name, text) -> put(List.of(name.split("\\.", -1)), text, "--set " + name));
  }

  private void put(List<String> path, String text, String origin) {
    if (Keys.find(path).isPresent()) {
      values.put(path, new Value(text, origin));
      return;
    }
    List<String> known = Keys.ALL.stream().map(key -> named(key, path)).toList();
    faults.add(unknown(String.join(".", path), Nearest.of(String.join(".", path), known), origin));
  }

  /** The key's name with its placeholders filled from a path, so that only real slips count. */
  private static String named(Key key, List<String> path) {
    List<String> segments = new ArrayList<>(key.segments());
    for (int i = 0; i < segments.size() && i < path.size(); i++) {
      if (Key.isName(segments.get(i))) {
        segments.set(i, path.get(i));
      }
    }
    return String.join(".", segments);
  }

  private static Refusal.Fault unknown(String name, Optional<String> nearest, String origin) {
    return new Refusal.Fault(
        name,
        "no such setting"
            + nearest.map(n -> "; did you mean " + n + "?").orElse("; see docs/configuration.md"),
        origin);
  }
}
