package org.symbolon.campaign;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;

/** Counts sessions, each once however often a scan shows it. Not thread-safe. */
final class Tally {
  private static final int SAMPLE = 20;

  /** Names of one kind that are told apart; the rest are others. */
  private static final int NAMES = 100;

  private final LongSet sessions = new LongSet();
  private final LongSet subjects = new LongSet();
  private final SortedMap<String, Map<String, Long>> breakdown = new TreeMap<>();
  private final List<Masked> sample = new ArrayList<>();
  private final Instant begun;

  Tally(Instant begun) {
    this.begun = begun;
  }

  /**
   * @return false where it was counted before
   */
  boolean add(Session session) {
    if (!sessions.add(mixed(session.handle()))) {
      return false;
    }
    // Its 64 bits are a hash already, for two subjects to share one among 10^6 is one in 10^7.
    subjects.add(hash(session.tenant().value() + ' ' + session.subject().value()));
    count("tenant", session.tenant().value());
    count("client_class", session.clientClass().value());
    count("browser", session.device().browser().name().toLowerCase(Locale.ROOT));
    count("platform", session.device().platform().name().toLowerCase(Locale.ROOT));
    count("acr", session.authentication().acr());
    count("age", age(Duration.between(session.issuedAt(), begun)));
    if (sample.size() < SAMPLE) {
      sample.add(Masked.of(session));
    }
    return true;
  }

  long sessions() {
    return sessions.size();
  }

  Count count(Instant at, long scanned) {
    SortedMap<String, Map<String, Long>> sorted = new TreeMap<>();
    breakdown.forEach(
        (kind, numbers) -> {
          Map<String, Long> greatestFirst = new LinkedHashMap<>();
          numbers.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
              .forEach(entry -> greatestFirst.put(entry.getKey(), entry.getValue()));
          sorted.put(kind, greatestFirst);
        });
    return new Count(at, sessions.size(), subjects.size(), scanned, sorted, sample);
  }

  private void count(String kind, String name) {
    Map<String, Long> numbers = breakdown.computeIfAbsent(kind, _ -> new TreeMap<>());
    boolean isTold = numbers.size() < NAMES || numbers.containsKey(name);
    numbers.merge(isTold ? name : "(others)", 1L, Long::sum);
  }

  private static String age(Duration age) {
    if (age.toHours() < 1) {
      return "under an hour";
    }
    if (age.toDays() < 1) {
      return "under a day";
    }
    return age.toDays() < 7 ? "under a week" : "a week or more";
  }

  private static long mixed(Handle handle) {
    return handle.name() ^ (handle.bucket() * 0x9E3779B97F4A7C15L);
  }

  /** FNV-1a over the characters, 64 bits. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
