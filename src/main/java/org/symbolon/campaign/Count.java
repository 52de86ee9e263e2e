package org.symbolon.campaign;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many live sessions a selection has, and of what kind.
 *
 * @param at when counting ended, by the store's clock
 * @param sessions each counted once
 * @param subjects whose they are
 * @param scanned how many live sessions were looked at
 * @param breakdown numbers of sessions, the greatest first, by what they are told apart by
 * @param sample some of them, as people may see them
 */
public record Count(
    Instant at,
    long sessions,
    long subjects,
    long scanned,
    SortedMap<String, Map<String, Long>> breakdown,
    List<Masked> sample) {
  private static final char TAB = '\t';

  public Count {
    breakdown = Collections.unmodifiableSortedMap(new TreeMap<>(breakdown));
    sample = List.copyOf(sample);
  }

  /** Lines of kind, name and number, and of a sample's parts. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(at).append(TAB).append(sessions).append(TAB).append(subjects);
    text.append(TAB).append(scanned).append('\n');
    breakdown.forEach(
        (kind, numbers) ->
            numbers.forEach(
                (name, number) ->
                    text.append(kind)
                        .append(TAB)
                        .append(name)
                        .append(TAB)
                        .append(number)
                        .append('\n')));
    sample.forEach(row -> text.append('#').append(String.join("\t", row.parts())).append('\n'));
    return text.toString();
  }

  static Count parse(String text) {
    List<String> lines = text.lines().toList();
    String[] first = lines.getFirst().split("\t", -1);
    SortedMap<String, Map<String, Long>> breakdown = new TreeMap<>();
    List<Masked> sample = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split("\t", -1);
      if (line.startsWith("#")) {
        parts[0] = parts[0].substring(1);
        sample.add(Masked.of(List.of(parts)));
      } else {
        breakdown
            .computeIfAbsent(parts[0], _ -> new LinkedHashMap<>())
            .put(parts[1], Long.parseLong(parts[2]));
      }
    }
    return new Count(
        Instant.parse(first[0]),
        Long.parseLong(first[1]),
        Long.parseLong(first[2]),
        Long.parseLong(first[3]),
        breakdown,
        sample);
  }
}
