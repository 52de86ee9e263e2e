package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.symbolon.session.Flag;
import org.symbolon.session.Handle;
import org.symbolon.session.Session;
import org.symbolon.session.Signal;

class SelectionTest {
  private static final List<String> ORDER = List.of("low", "middle", "high");
  private static final Criterion.NetworkHash NETWORKS =
      text ->
          text.contains("\n") ? text.charAt(text.length() - 1) : text.startsWith("10.0.0") ? 0 : 1;

  /** Values of each criterion that some of the {@link People} have. */
  private static final Map<String, List<String>> VALUES =
      Map.ofEntries(
          Map.entry("tenant", List.of("t0", "t1", "t9")),
          Map.entry("subject", List.of("s0", "s1", "s2")),
          Map.entry("account", List.of("t0/s0", "t1/s1", "t1/s2", "t9/s0")),
          Map.entry("client_class", List.of("c0", "c1")),
          Map.entry("browser", List.of("other", "chrome", "edge")),
          Map.entry("platform", List.of("windows", "macos")),
          Map.entry("network", List.of("10.0.0.0/24", "10.0.1.0/24")),
          Map.entry("asn", List.of("64496", "64497")),
          Map.entry("country", List.of("DE", "FR")),
          Map.entry("fingerprint", List.of("ja4_1")),
          Map.entry("gateway", List.of("nginx", "envoy")),
          Map.entry("acr", List.of("low", "high")),
          Map.entry("acr_not", List.of("low", "high")),
          Map.entry("acr_below", List.of("middle")),
          Map.entry("amr", List.of("otp", "hwk")),
          Map.entry("amr_not", List.of("otp", "hwk")),
          Map.entry("key", List.of("0", "7", "15")),
          Map.entry("binding", List.of("none", "dbsc")),
          Map.entry("flag", List.of("replay", "plaintext", "travel", "fan-out")),
          Map.entry("attribute", List.of("plan=p0", "plan=p1")),
          Map.entry("issued_before", List.of("2026-11-25T11:59:55Z")),
          Map.entry("issued_after", List.of("2026-11-25T11:59:52Z")),
          Map.entry("seen_before", List.of("2026-11-25T11:59:58Z")),
          Map.entry("seen_after", List.of("2026-11-25T11:59:53Z")),
          Map.entry("authenticated_before", List.of("2026-11-25T11:59:55Z")),
          Map.entry("authenticated_after", List.of("2026-11-25T11:59:52Z")));

  private static final List<String> SINGLE =
      List.of(
          "acr_below",
          "issued_before",
          "issued_after",
          "seen_before",
          "seen_after",
          "authenticated_before",
          "authenticated_after");

  /** What the documentation says, word by word. */
  private static boolean meets(Session session, String criterion, List<String> values) {
    return values.stream().anyMatch(value -> has(session, criterion, value))
        != criterion.endsWith("_not");
  }

  private static boolean has(Session s, String criterion, String value) {
    return switch (criterion) {
      case "tenant" -> s.tenant().value().equals(value);
      case "subject" -> s.subject().value().equals(value);
      case "account" -> (s.tenant().value() + "/" + s.subject().value()).equals(value);
      case "client_class" -> s.clientClass().value().equals(value);
      case "browser" -> s.device().browser().name().toLowerCase(Locale.ROOT).equals(value);
      case "platform" -> s.device().platform().name().toLowerCase(Locale.ROOT).equals(value);
      case "network" -> s.device().networkHash() == NETWORKS.of(value);
      case "asn" -> s.signals().asn() == NETWORKS.of("asn\n" + value);
      case "country" -> s.signals().country() == NETWORKS.of("country\n" + value);
      case "fingerprint" -> s.signals().fingerprint() == NETWORKS.of("fingerprint\n" + value);
      case "gateway" -> s.signals().gateway() == NETWORKS.of("gateway\n" + value);
      case "acr", "acr_not" -> s.authentication().acr().equals(value);
      case "acr_below" -> ORDER.indexOf(s.authentication().acr()) < ORDER.indexOf(value);
      case "amr", "amr_not" -> s.authentication().amr().contains(value);
      case "key" -> Integer.toString(s.key()).equals(value);
      case "binding" -> s.binding().map(b -> b.kind().code()).orElse("none").equals(value);
      case "flag" ->
          Stream.concat(
                  s.signals().flags().stream().map(Flag::code),
                  s.signals().places().suspicions().stream().map(Signal::code))
              .anyMatch(value::equals);
      case "attribute" ->
          s.attributes().values().entrySet().stream()
              .anyMatch(e -> (e.getKey() + "=" + e.getValue()).equals(value));
      case "issued_before" -> s.issuedAt().isBefore(Instant.parse(value));
      case "issued_after" -> s.issuedAt().isAfter(Instant.parse(value));
      case "seen_before" -> s.lastSeenAt().isBefore(Instant.parse(value));
      case "seen_after" -> s.lastSeenAt().isAfter(Instant.parse(value));
      case "authenticated_before" -> s.authentication().time().isBefore(Instant.parse(value));
      case "authenticated_after" -> s.authentication().time().isAfter(Instant.parse(value));
      default -> throw new AssertionError(criterion);
    };
  }

  private static Map<String, List<String>> some(Random random, List<String> of, int most) {
    Map<String, List<String>> some = new LinkedHashMap<>();
    for (int i = 0; i < most; i++) {
      String name = of.get(random.nextInt(of.size()));
      List<String> all = VALUES.getOrDefault(name, List.of());
      List<String> values = new ArrayList<>(all);
      values.removeIf(_ -> random.nextBoolean());
      if (values.isEmpty()) {
        values.add(all.getFirst());
      }
      some.put(name, SINGLE.contains(name) ? values.subList(0, 1) : values);
    }
    return some;
  }

  @Test
  void selectsWhatTheWordsSay() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int selected = 0;
    for (int round = 0; round < 2000; round++) {
      Map<String, List<String>> criteria =
          some(random, List.copyOf(VALUES.keySet()), 1 + random.nextInt(3));
      Map<String, List<String>> except =
          some(random, List.of("subject", "tenant", "account", "client_class"), random.nextInt(2));
      // Both say whom an acr must not be of, and are one criterion then.
      boolean isTwice = criteria.containsKey("acr_below") && criteria.containsKey("acr_not");
      Selection selection = read(criteria, except);
      assertThat(Selection.parse(selection.text())).isEqualTo(selection);
      Predicate<Session> compiled = selection.compile(NETWORKS);
      for (int i = 0; i < 20 && !isTwice; i++) {
        Session session = People.session(random);
        boolean expected =
            criteria.entrySet().stream().allMatch(e -> meets(session, e.getKey(), e.getValue()))
                && except.entrySet().stream()
                    .noneMatch(e -> meets(session, e.getKey(), e.getValue()));
        assertThat(compiled.test(session))
            .as("seed %d, %s except %s, %s", seed, criteria, except, session)
            .isEqualTo(expected);
        selected += expected ? 1 : 0;
      }
    }
    assertThat(selected).isBetween(2000, 30_000);
  }

  private static Selection read(
      Map<String, List<String>> criteria, Map<String, List<String>> except) {
    return switch (Selection.read(criteria, except, ORDER)) {
      case Selection.Read(Selection selection) -> selection;
      case Selection.Faulty faulty -> throw new AssertionError(faulty);
    };
  }

  @Test
  void everyCriterionIsTried() {
    assertThat(VALUES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Criterion.values())
                .map(Criterion::code)
                .filter(code -> !List.of("all", "handle", "leaked").contains(code))
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "asn       | AS64496    | asn           | 64496",
        "country   | de         | country       | DE",
        "gateway   | Nginx      | gateway       | /gw/<gateway>/validate",
        "flag      | stolen     | flag          | replay, plaintext, travel, fan-out",
        "address   | 10.0.0.1   | address       | carries no address",
        "network   | 10.0.1.0/16 | network      | /24",
        "network   | 10.0.256.0/24 | network    | /24",
        "binding   | wood       | binding       | none, dbsc",
        "subjct    | x          | subjct        | no known criterion",
        "subject   | 'a b'      | subject       | Send subjects",
        "account   | alice      | account       | default/alice",
        "account   | default/   | account       | default/alice",
        "tenant    | a/b        | tenant        | Send tenants",
        "network   | 10.0.0.1   | network       | /24",
        "network   | 10.0.0.0/8 | network       | /24",
        "key       | 16         | key           | 0 to 15",
        "browser   | netscape   | browser       | firefox",
        "handle    | x          | handle        | handles",
        "leaked    | EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA | leaked | never an ID",
        "attribute | plan       | attribute     | name=value",
        "acr_below | none       | acr_below     | acr.order",
        "all       | false      | all           | true",
        "issued_before | yesterday | issued_before | 2026-11-25T03:00:00Z",
        "issued_before | 2026-11-25T03:00:00.000000001Z | issued_before | millisecond"
      })
  void namesWhatIsWrong(String name, String value, String field, String told) {
    assertThat(Selection.read(Map.of(name, List.of(value)), Map.of(), ORDER))
        .isInstanceOfSatisfying(
            Selection.Faulty.class,
            faulty -> {
              assertThat(faulty.field()).isEqualTo(field);
              assertThat(faulty.detail() + faulty.mend()).contains(told);
            });
  }

  @Test
  void refusesWhatWouldBeEverybodyByMistake() {
    assertThat(Selection.read(Map.of(), Map.of("subject", List.of("me")), ORDER))
        .isInstanceOf(Selection.Faulty.class);
    assertThat(Selection.read(Map.of("subject", List.of()), Map.of(), ORDER))
        .isInstanceOf(Selection.Faulty.class);
    assertThat(
            Selection.read(
                Map.of("all", List.of("true"), "tenant", List.of("t1")), Map.of(), ORDER))
        .isInstanceOf(Selection.Faulty.class);
    assertThat(Selection.read(Map.of("all", List.of("true")), Map.of("acr", List.of("x")), ORDER))
        .isInstanceOfSatisfying(
            Selection.Faulty.class, f -> assertThat(f.field()).isEqualTo("except.acr"));
    assertThat(
            Selection.read(
                Map.of("issued_before", List.of("2026-11-25T03:00:00Z", "2026-11-25T04:00:00Z")),
                Map.of(),
                ORDER))
        .isInstanceOf(Selection.Faulty.class);
  }

  @Test
  void aBlockIsAllTheNetworksInIt() {
    assertThat(Networks.kept("203.0.112.0/22"))
        .containsExactly("203.0.112.0/24", "203.0.113.0/24", "203.0.114.0/24", "203.0.115.0/24");
    assertThat(Networks.kept("203.0.0.0/16")).hasSize(256).contains("203.0.255.0/24");
    assertThat(Networks.kept("2001:db8:1::/48")).containsExactly("2001:db8:1::/48");
    assertThat(List.of("203.0.113.0/22", "203.0.0.0/15", "203.0.113.1/32", "::/0"))
        .noneMatch(Networks::isValid);
  }

  @Test
  void leakedIdsThatNoSessionHasSelectNobody() {
    String hash = "0".repeat(64);
    Handle named = new Handle(1, 2);
    Handle other = new Handle(1, 3);
    Selection leaked = read(Map.of("leaked", List.of(hash)), Map.of());
    Selection both =
        read(Map.of("leaked", List.of(hash), "handle", List.of(named.toString())), Map.of());
    for (Selection none : List.of(leaked.withLeaked(List.of()), both.withLeaked(List.of(other)))) {
      assertThat(Selection.parse(none.text())).isEqualTo(none);
      Predicate<Session> selected = none.compile(NETWORKS);
      assertThat(new Random(1).ints(100).mapToObj(s -> People.session(new Random(s))))
          .noneMatch(selected);
    }
    assertThat(both.withLeaked(List.of(named, other)).criteria())
        .containsExactly(Map.entry(Criterion.HANDLE, List.of(named.toString())));
  }

  @Test
  void refusesATextOfANewerVersion() {
    assertThatThrownBy(() -> Selection.parse("planet=earth\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allocatesNothingWhenItIsAsked() {
    Map<String, List<String>> all = new LinkedHashMap<>(VALUES);
    all.replaceAll((name, values) -> SINGLE.contains(name) ? values.subList(0, 1) : values);
    List<Predicate<Session>> compiled =
        all.entrySet().stream()
            .map(
                e ->
                    read(Map.of(e.getKey(), e.getValue()), Map.of("subject", List.of("s3")))
                        .compile(NETWORKS))
            .toList();
    List<Session> sessions =
        new Random(1).ints(100).mapToObj(s -> People.session(new Random(s))).toList();
    int met = 0;
    for (int i = 0; i < 50; i++) {
      met += ask(compiled, sessions);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 50; i++) {
      met += ask(compiled, sessions);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(met).isPositive();
    // 95,000 questions; a single object in each would be more than a megabyte.
    assertThat(bytes).isLessThan(10_000);
  }

  private static int ask(List<Predicate<Session>> compiled, List<Session> sessions) {
    int met = 0;
    for (int i = 0; i < compiled.size(); i++) {
      for (int j = 0; j < sessions.size(); j++) {
        met += compiled.get(i).test(sessions.get(j)) ? 1 : 0;
      }
    }
    return met;
  }
}
