package org.symbolon.campaign;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.symbolon.session.Handle;

/**
 * One campaign as the store holds it. Every change makes the next revision.
 *
 * @param fields everything but the revision, as text by name; those the store sets itself are
 *     {@code fenced_at}, and {@code progress} while somebody works on it
 */
public record Campaign(String id, long revision, SortedMap<String, String> fields) {
  /** Field of the fence's instant in ms of the store's clock. */
  public static final String FENCED_AT = "fenced_at";

  /** Field of the {@link Progress}. */
  public static final String PROGRESS = "progress";

  /** Field of the {@link State}. */
  public static final String STATE = "state";

  private static final String SELECTION = "selection";
  private static final String CAUSE = "cause";
  private static final String TICKET = "ticket";
  private static final String PLANNED_BY = "planned_by";
  private static final String APPROVED_BY = "approved_by";
  private static final String STARTED_BY = "started_by";
  private static final String COUNT = "count";
  private static final String CHECK = "check";
  private static final String REMARK = "remark";
  private static final String LIFTED = "lifted";
  private static final String HOLDS = "holds";
  private static final String UNCHECKED = "unchecked";
  private static final String CANARY = "canary";
  private static final String BREAK_GLASS = "break_glass";
  private static final String LEAKED = "leaked";
  private static final String SPARED = "spared";
  private static final String TERMS = "terms";
  private static final String PROPOSED = "proposed";
  private static final String STEPPED_UP = "stepped_up";
  private static final String STORY = "story";

  public Campaign {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /**
   * The same, where each of its fields can be read.
   *
   * @throws RuntimeException where one can't
   */
  public Campaign readable() {
    state();
    selection();
    spared();
    terms();
    cause();
    count();
    check();
    fencedAt();
    liftedAt();
    progress();
    leaked();
    story();
    return this;
  }

  /**
   * Of a list of leaked IDs.
   *
   * @param given IDs in it, each once
   * @param live those whose sessions were alive when it was planned
   */
  public record Leaked(long given, long live) {}

  /** One thing that happened to it. */
  public record Entry(Instant at, String step, String by, String remark) {}

  /**
   * A new one, to be counted.
   *
   * @param spared whom it leaves alone by configuration
   */
  static Campaign planned(
      String id,
      Selection selection,
      Map<Criterion, List<String>> spared,
      Terms terms,
      Cause cause,
      String ticket,
      String by,
      Instant at) {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put(STATE, State.PLANNING.code());
    fields.put(SELECTION, selection.sparing(spared).text());
    if (!spared.isEmpty()) {
      fields.put(SPARED, new Selection(spared, Map.of()).text());
    }
    if (!terms.equals(Terms.DEFAULT)) {
      fields.put(TERMS, terms.text());
    }
    fields.put(CAUSE, cause.code());
    fields.put(TICKET, ticket);
    fields.put(PLANNED_BY, by);
    fields.put(STORY, line(at, "plan", by, ""));
    return new Campaign(id, 1, fields);
  }

  /** The same, planned by a received event while nobody looked. */
  Campaign proposed() {
    SortedMap<String, String> changed = new TreeMap<>(fields);
    changed.put(PROPOSED, "true");
    return new Campaign(id, revision, changed);
  }

  boolean isProposed() {
    return text(PROPOSED).equals("true");
  }

  private static String line(Instant at, String step, String by, String remark) {
    return String.join("\t", at.toString(), step, by, remark) + "\n";
  }

  /**
   * The same after a step.
   *
   * @throws IllegalStateException where the step is not allowed
   */
  private Campaign after(State.Step step, String by, Instant at, String remark, String... changes) {
    State next =
        state()
            .after(step)
            .orElseThrow(() -> new IllegalStateException(step + " is not allowed in " + state()));
    SortedMap<String, String> changed = new TreeMap<>(fields);
    changed.put(STATE, next.code());
    changed.put(REMARK, remark);
    changed.put(STORY, text(STORY) + line(at, step.code(), by, remark));
    for (int i = 0; i < changes.length; i += 2) {
      changed.put(changes[i], changes[i + 1]);
    }
    return new Campaign(id, revision + 1, changed);
  }

  /**
   * With the sessions of the leaked IDs by name.
   *
   * @param given how many IDs were given
   */
  Campaign found(Collection<Handle> sessions, int given, String by, Instant at) {
    return after(
        State.Step.FOUND,
        by,
        at,
        "%d of %d leaked IDs are of live sessions".formatted(sessions.size(), given),
        SELECTION,
        selection().withLeaked(sessions).text(),
        LEAKED,
        given + " " + sessions.size());
  }

  Campaign counted(Count count, String by) {
    return counted(count, by, "");
  }

  Campaign counted(Count count, String by, String remark) {
    return after(State.Step.COUNTED, by, count.at(), remark, COUNT, count.text());
  }

  Campaign approved(String by, Instant at) {
    return after(State.Step.APPROVE, by, at, "", APPROVED_BY, by);
  }

  /**
   * @param holds whether it only fences, and sweeps when it is resumed
   * @param unchecked whether it fences without counting once more
   * @param canary after how many percent it pauses by itself, 0 for never
   * @param breakGlass why it did not wait for the approval that it needs
   */
  Campaign started(
      String by,
      Instant at,
      boolean holds,
      boolean unchecked,
      int canary,
      Optional<String> breakGlass) {
    String told = unchecked ? "not counted again" : "";
    String remark =
        breakGlass
            .map(why -> "BREAK GLASS, not approved: " + why + (told.isEmpty() ? "" : "; " + told))
            .orElse(told);
    return after(
        State.Step.START,
        by,
        at,
        remark,
        STARTED_BY,
        by,
        HOLDS,
        Boolean.toString(holds),
        UNCHECKED,
        Boolean.toString(unchecked),
        CANARY,
        canary == 0 ? "" : Integer.toString(canary),
        BREAK_GLASS,
        breakGlass.orElse(""));
  }

  /** Planned anew with another count; whoever approved the first has not seen this one. */
  Campaign drifted(Count count, String by, String remark) {
    return after(
        State.Step.DRIFTED,
        by,
        count.at(),
        remark,
        COUNT,
        count.text(),
        APPROVED_BY,
        "",
        BREAK_GLASS,
        "");
  }

  /** Fenced; the store adds when. */
  Campaign fenced(String by, Instant at) {
    return after(State.Step.FENCE, by, at, "");
  }

  /** Paused by the work itself; a canary has sung once. */
  Campaign paused(String by, Instant at, String remark) {
    return after(State.Step.PAUSE, by, at, remark, CANARY, "");
  }

  /** After how many sessions that were ended it pauses; never where empty. */
  Optional<Long> canary() {
    return present(CANARY)
        .map(percent -> count().map(Count::sessions).orElse(0L) * Long.parseLong(percent))
        .map(hundredths -> Math.max(1, hundredths / 100));
  }

  Campaign stepped(State.Step step, String by, Instant at, String remark) {
    return after(step, by, at, remark);
  }

  /**
   * The same with how far a step-up has come; nothing has happened to it.
   *
   * @param left those that have yet to authenticate anew
   * @param steppedUp those that have
   */
  Campaign recounted(Count left, long steppedUp) {
    SortedMap<String, String> changed = new TreeMap<>(fields);
    changed.put(CHECK, left.text());
    changed.put(STEPPED_UP, Long.toString(steppedUp));
    return new Campaign(id, revision + 1, changed);
  }

  /** Where none is left that has yet to authenticate anew. */
  Campaign steppedUp(Count none, long steppedUp, String by) {
    return after(
        State.Step.VERIFIED,
        by,
        none.at(),
        "none is left that has not authenticated anew",
        CHECK,
        none.text(),
        STEPPED_UP,
        Long.toString(steppedUp));
  }

  Campaign verified(State.Step step, Count check, String by, String remark) {
    return after(step, by, check.at(), remark, CHECK, check.text());
  }

  /** No more fenced. */
  Campaign unfenced(String by, Instant at) {
    return after(State.Step.UNFENCE, by, at, "", LIFTED, at.toString());
  }

  public State state() {
    return State.valueOf(text(STATE).toUpperCase(Locale.ROOT));
  }

  public Selection selection() {
    return Selection.parse(text(SELECTION));
  }

  /** Whether more happens without anybody's doing. */
  public boolean goesOn() {
    return switch (state()) {
      case PLANNING, CHECKING, SWEEPING, VERIFYING -> true;
      case FENCED -> terms().isStepUp() || !holds();
      case PLANNED, APPROVED, PAUSED, COMPLETED, ABORTED -> false;
    };
  }

  /** Whether people may take a step now, as far as its state says. */
  boolean allows(State.Step step) {
    return state().after(step).isPresent()
        && switch (step) {
          case PAUSE, RESUME -> !terms().isStepUp();
          case UNFENCE -> isFenced();
          default -> true;
        };
  }

  /** What people may do with it now, as far as its state says, by their codes. */
  public List<String> steps() {
    return State.Step.PEOPLES.stream().filter(this::allows).map(State.Step::code).toList();
  }

  /** Which of its exceptions are the configuration's. */
  public Map<Criterion, List<String>> spared() {
    return Selection.parse(text(SPARED)).criteria();
  }

  public Terms terms() {
    return Terms.parse(text(TERMS));
  }

  public Cause cause() {
    return Cause.named(text(CAUSE)).orElseThrow();
  }

  public String ticket() {
    return text(TICKET);
  }

  public String plannedBy() {
    return text(PLANNED_BY);
  }

  /** Who agreed; nobody, where nobody had to. */
  public Optional<String> approvedBy() {
    return present(APPROVED_BY);
  }

  public Optional<String> startedBy() {
    return present(STARTED_BY);
  }

  /** Why it was started without the approval that it needed. */
  public Optional<String> breakGlass() {
    return present(BREAK_GLASS);
  }

  /** What came of the leaked IDs that it was planned with. */
  public Optional<Leaked> leaked() {
    return present(LEAKED)
        .map(text -> text.split(" ", -1))
        .map(parts -> new Leaked(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
  }

  /** What was counted when it was planned. */
  public Optional<Count> count() {
    return present(COUNT).map(Count::parse);
  }

  /** What was left when it was counted last. */
  public Optional<Count> check() {
    return present(CHECK).map(Count::parse);
  }

  /** How many have authenticated anew, when they were counted last. */
  public Optional<Long> steppedUp() {
    return present(STEPPED_UP).map(Long::parseLong);
  }

  public String remark() {
    return text(REMARK);
  }

  public Optional<Instant> fencedAt() {
    return present(FENCED_AT).map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)));
  }

  public Optional<Instant> liftedAt() {
    return present(LIFTED).map(Instant::parse);
  }

  /** Whether the fence stands. */
  public boolean isFenced() {
    return fencedAt().isPresent() && liftedAt().isEmpty();
  }

  boolean holds() {
    return text(HOLDS).equals("true");
  }

  boolean isUnchecked() {
    return text(UNCHECKED).equals("true");
  }

  public Optional<Progress> progress() {
    return present(PROGRESS).map(Progress::parse);
  }

  /** What happened to it, in order. */
  public List<Entry> story() {
    List<Entry> entries = new ArrayList<>();
    text(STORY)
        .lines()
        .forEach(
            line -> {
              String[] parts = line.split("\t", -1);
              entries.add(new Entry(Instant.parse(parts[0]), parts[1], parts[2], parts[3]));
            });
    return entries;
  }

  /**
   * What somebody has seen who agrees to it: 16 characters of hex. Another selection, ticket or
   * count has another.
   */
  public String digest() {
    String seen =
        Stream.of(id, text(TERMS) + text(SELECTION), text(CAUSE), text(TICKET), text(COUNT))
            .map(part -> part.length() + ":" + part)
            .reduce("", String::concat);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(seen.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private String text(String field) {
    return fields.getOrDefault(field, "");
  }

  private Optional<String> present(String field) {
    return Optional.of(text(field)).filter(text -> !text.isEmpty());
  }
}
