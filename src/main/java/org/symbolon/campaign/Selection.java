package org.symbolon.campaign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;

/**
 * Which sessions a campaign is about: those that meet every criterion, and that none of the
 * exceptions spares.
 *
 * @param criteria by name, each with its values, sorted; at least one
 * @param except whom it spares: one suffices
 */
public record Selection(
    Map<Criterion, List<String>> criteria, Map<Criterion, List<String>> except) {
  /** Values of all criteria and exceptions together. */
  static final int MOST_VALUES = 10_000;

  private static final String EXCEPT = "except.";

  /** No session's handle. */
  private static final String NOBODY = "";

  private static final Set<Criterion> SPARING =
      Set.of(
          Criterion.HANDLE,
          Criterion.SUBJECT,
          Criterion.TENANT,
          Criterion.ACCOUNT,
          Criterion.CLIENT_CLASS);

  public Selection {
    criteria = sorted(criteria);
    except = sorted(except);
  }

  private static Map<Criterion, List<String>> sorted(Map<Criterion, List<String>> given) {
    Map<Criterion, List<String>> sorted = new EnumMap<>(Criterion.class);
    given.forEach((criterion, values) -> sorted.put(criterion, List.copyOf(new TreeSet<>(values))));
    return Collections.unmodifiableMap(sorted);
  }

  /** What became of an attempt to read one. */
  public sealed interface Reading permits Read, Faulty {}

  /** It is well-formed. */
  public record Read(Selection selection) implements Reading {}

  /**
   * It is not.
   *
   * @param field the criterion at fault, {@code except.} before an exception's
   */
  public record Faulty(String field, String detail, String mend) implements Reading {}

  /**
   * Judges what somebody asks for.
   *
   * @param acrOrder from the weakest to the strongest, to spell {@code acr_below} out by
   */
  public static Reading read(
      Map<String, List<String>> criteria, Map<String, List<String>> except, List<String> acrOrder) {
    if (criteria.isEmpty()) {
      return new Faulty(
          "criteria",
          "No criterion is given",
          "Send at least one criterion; {\"all\": true} is every session");
    }
    int values =
        criteria.values().stream().mapToInt(List::size).sum()
            + except.values().stream().mapToInt(List::size).sum();
    if (values > MOST_VALUES) {
      return new Faulty(
          "criteria", "There are " + values + " values", "Send at most " + MOST_VALUES);
    }
    Map<Criterion, List<String>> wanted = new EnumMap<>(Criterion.class);
    Optional<Faulty> fault = take(criteria, "", acrOrder, wanted);
    if (fault.isPresent()) {
      return fault.get();
    }
    Map<Criterion, List<String>> spared = new EnumMap<>(Criterion.class);
    Optional<Faulty> other = take(except, EXCEPT, acrOrder, spared);
    if (other.isPresent()) {
      return other.get();
    }
    for (Criterion criterion : spared.keySet()) {
      if (!SPARING.contains(criterion)) {
        return new Faulty(
            EXCEPT + criterion.code(),
            "Nobody can be spared by " + criterion.code(),
            "Use handle, account, subject, tenant or client_class");
      }
    }
    if (wanted.containsKey(Criterion.ALL) && wanted.size() > 1) {
      return new Faulty(
          "all", "all stands beside other criteria", "Send all alone, or leave it out");
    }
    return new Read(new Selection(wanted, spared));
  }

  private static Optional<Faulty> take(
      Map<String, List<String>> given,
      String prefix,
      List<String> acrOrder,
      Map<Criterion, List<String>> into) {
    for (Map.Entry<String, List<String>> entry : given.entrySet()) {
      String name = entry.getKey();
      List<String> values = entry.getValue();
      Optional<Criterion> known = Criterion.named(name);
      if (known.isEmpty()) {
        return Optional.of(unknown(prefix, name));
      }
      Criterion criterion = known.get();
      String field = prefix + criterion.code();
      if (values.isEmpty() || !values.stream().allMatch(criterion::isValid)) {
        return Optional.of(
            new Faulty(
                field, field + " has a value of another shape", "Send " + criterion.needed()));
      }
      if (criterion.isSingle() && values.size() > 1) {
        return Optional.of(new Faulty(field, field + " has several values", "Send one value"));
      }
      if (criterion == Criterion.ACR_BELOW) {
        int rank = acrOrder.indexOf(values.getFirst());
        if (rank < 0) {
          return Optional.of(
              new Faulty(
                  field, "acr.order does not name this class", "Send one class of acr.order"));
        }
        into.merge(Criterion.ACR_NOT, acrOrder.subList(rank, acrOrder.size()), Selection::together);
      } else {
        into.merge(criterion, values, Selection::together);
      }
    }
    return Optional.empty();
  }

  private static List<String> together(List<String> left, List<String> right) {
    List<String> both = new ArrayList<>(left);
    both.addAll(right);
    return both;
  }

  private static Faulty unknown(String prefix, String name) {
    String known =
        Arrays.stream(Criterion.values()).map(Criterion::code).collect(Collectors.joining(", "));
    String shown = name.length() > 24 ? "a name of " + name.length() + " characters" : name;
    return new Faulty(
        prefix + shown,
        Criterion.isCarriedBySessions(name)
            ? shown + " is no known criterion"
            : "A session carries no " + shown + ", so none can be found by it",
        "Use some of " + known);
  }

  /** One line for each value, sorted: what is stored, and what a plan's digest is taken of. */
  public String text() {
    StringBuilder text = new StringBuilder();
    append(text, "", criteria);
    append(text, EXCEPT, except);
    return text.toString();
  }

  private static void append(
      StringBuilder text, String prefix, Map<Criterion, List<String>> criteria) {
    criteria.forEach(
        (criterion, values) ->
            values.forEach(
                value ->
                    text.append(prefix)
                        .append(criterion.code())
                        .append('=')
                        .append(value)
                        .append('\n')));
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalArgumentException for anything else, a newer version's criterion included
   */
  public static Selection parse(String text) {
    Map<Criterion, List<String>> criteria = new EnumMap<>(Criterion.class);
    Map<Criterion, List<String>> except = new EnumMap<>(Criterion.class);
    text.lines()
        .forEach(
            line -> {
              boolean isSparing = line.startsWith(EXCEPT);
              String plain = isSparing ? line.substring(EXCEPT.length()) : line;
              int equals = plain.indexOf('=');
              Criterion criterion =
                  Criterion.named(plain.substring(0, Math.max(equals, 0)))
                      .orElseThrow(() -> new IllegalArgumentException("criterion: unknown"));
              (isSparing ? except : criteria)
                  .computeIfAbsent(criterion, _ -> new ArrayList<>())
                  .add(plain.substring(equals + 1));
            });
    return new Selection(criteria, except);
  }

  /** The same, and it spares others too. */
  Selection sparing(Map<Criterion, List<String>> others) {
    Map<Criterion, List<String>> all = new EnumMap<>(Criterion.class);
    all.putAll(except);
    others.forEach((criterion, values) -> all.merge(criterion, values, Selection::together));
    return new Selection(criteria, all);
  }

  /** Hashes of leaked IDs whose sessions have yet to be found. */
  List<String> leaked() {
    return criteria.getOrDefault(Criterion.LEAKED, List.of());
  }

  /**
   * The same with the sessions of the leaked IDs by their handles. Where it is none, or none that
   * was also named, it selects nothing.
   */
  Selection withLeaked(Collection<Handle> found) {
    Map<Criterion, List<String>> next = new EnumMap<>(criteria);
    next.remove(Criterion.LEAKED);
    List<String> named = criteria.getOrDefault(Criterion.HANDLE, List.of());
    List<String> handles =
        found.stream()
            .map(Handle::toString)
            .filter(handle -> named.isEmpty() || named.contains(handle))
            .toList();
    next.put(Criterion.HANDLE, handles.isEmpty() ? List.of(NOBODY) : handles);
    return new Selection(next, except);
  }

  /** Whether a session meets each of the criteria. */
  Map<Criterion, Predicate<Session>> each(Criterion.NetworkHash networks) {
    Map<Criterion, Predicate<Session>> each = new EnumMap<>(Criterion.class);
    criteria.forEach(
        (criterion, values) -> each.put(criterion, criterion.compile(values, networks)));
    return each;
  }

  /** Whether a session is among them. Asking it allocates nothing. */
  public Predicate<Session> compile(Criterion.NetworkHash networks) {
    List<Predicate<Session>> all = new ArrayList<>();
    criteria.forEach((criterion, values) -> all.add(criterion.compile(values, networks)));
    except.forEach((criterion, values) -> all.add(criterion.compile(values, networks).negate()));
    Predicate<Session> selected = all.getFirst();
    for (Predicate<Session> next : all.subList(1, all.size())) {
      selected = selected.and(next);
    }
    return selected;
  }
}
