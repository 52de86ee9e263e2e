package org.symbolon.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gathered settings, read by type. A value of the wrong shape is a fault, and a default stands
 * in.
 */
final class Settings {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<List<String>, Sources.Value> values;
  private final List<Refusal.Fault> faults;

  Settings(Map<List<String>, Sources.Value> values, List<Refusal.Fault> faults) {
    this.values = values;
    this.faults = faults;
  }

  Optional<String> find(String key) {
    Sources.@Nullable Value value = values.get(path(key));
    if (value != null && !value.text().isEmpty()) {
      return Optional.of(value.text());
    }
    return Optional.of(definition(key).fallback()).filter(text -> !text.isEmpty());
  }

  boolean isSet(String key) {
    return values.containsKey(path(key));
  }

  String text(String key) {
    return find(key).orElse("");
  }

  List<String> texts(String key) {
    return Arrays.stream(text(key).split(","))
        .map(String::strip)
        .filter(t -> !t.isEmpty())
        .toList();
  }

  Optional<Path> path(String key, Path base) {
    return find(key).map(base::resolve);
  }

  /** The path of a file that has to be there. */
  Optional<Path> file(String key, Path base) {
    Optional<Path> file = path(key, base);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      fault(key, "no readable file at " + file.get() + "; name one");
    }
    return file;
  }

  int integer(String key, int least, int most, int otherwise) {
    return parsed(
            key,
            text -> {
              int number = Integer.parseInt(text);
              if (number < least || number > most) {
                throw new IllegalArgumentException(least + " to " + most + " needed");
              }
              return number;
            })
        .orElse(otherwise);
  }

  boolean flag(String key) {
    return parsed(
            key,
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException("true or false needed");
                })
        .orElse(false);
  }

  Optional<Duration> duration(String key) {
    return parsed(key, Settings::parseDuration);
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(Key.Kind.DURATION.words + " needed");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    return parsed(
        key,
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(text.toLowerCase(Locale.ROOT))) {
              return constant;
            }
          }
          throw new IllegalArgumentException("one of " + names(type) + " needed");
        });
  }

  private static String names(Class<? extends Enum<?>> type) {
    return String.join(
        ", ", Arrays.stream(type.getEnumConstants()).map(constant -> name(constant)).toList());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private <T> Optional<T> parsed(String key, Function<String, T> parser) {
    return find(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(parser.apply(text));
              } catch (NumberFormatException e) {
                fault(key, "a whole number needed");
              } catch (IllegalArgumentException e) {
                fault(key, String.valueOf(e.getMessage()));
              }
              return Optional.empty();
            });
  }

  /** The names given at a placeholder, as the issuers' below {@code issuers}. */
  SortedSet<String> names(String prefix) {
    List<String> start = path(prefix);
    SortedSet<String> names = new TreeSet<>();
    for (List<String> path : values.keySet()) {
      if (path.size() > start.size() && path.subList(0, start.size()).equals(start)) {
        names.add(path.get(start.size()));
      }
    }
    return names;
  }

  void fault(String key, String what) {
    Sources.@Nullable Value value = values.get(path(key));
    faults.add(new Refusal.Fault(key, what, value == null ? "" : value.origin()));
  }

  void require(String key, String why) {
    if (find(key).isEmpty()) {
      fault(key, "needed: " + why);
    }
  }

  void within(String key, Collection<String> allowed) {
    for (String text : texts(key)) {
      if (!allowed.contains(text)) {
        fault(key, text + " is none of " + String.join(", ", allowed));
      }
    }
  }

  private static List<String> path(String key) {
    return new ArrayList<>(List.of(key.split("\\.")));
  }

  private static Key definition(String key) {
    return Keys.find(path(key)).orElseThrow(() -> new IllegalStateException("no such key: " + key));
  }
}
