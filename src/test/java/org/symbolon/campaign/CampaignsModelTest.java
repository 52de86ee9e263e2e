package org.symbolon.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.Presenter;

/** What people and the work do to a campaign, in any order, held against a list of what may be. */
class CampaignsModelTest {
  private static final Campaigns.Order ORDER =
      new Campaigns.Order(
          Map.of("tenant", List.of("acme")), Map.of(), true, "", 0, "token_theft", "INC-4711");

  /** State and step to the next state, written down a second time. */
  private static final Map<String, String> MAY =
      Map.ofEntries(
          Map.entry("planning found", "planning"),
          Map.entry("planning counted", "planned"),
          Map.entry("planning abort", "aborted"),
          Map.entry("planned approve", "approved"),
          Map.entry("planned start", "checking"),
          Map.entry("planned abort", "aborted"),
          Map.entry("approved start", "checking"),
          Map.entry("approved abort", "aborted"),
          Map.entry("checking drifted", "planned"),
          Map.entry("checking fence", "fenced"),
          Map.entry("checking abort", "aborted"),
          Map.entry("fenced sweep", "sweeping"),
          Map.entry("fenced verified", "completed"),
          Map.entry("fenced resume", "sweeping"),
          Map.entry("fenced pause", "paused"),
          Map.entry("fenced abort", "aborted"),
          Map.entry("fenced unfence", "aborted"),
          Map.entry("sweeping swept", "verifying"),
          Map.entry("sweeping pause", "paused"),
          Map.entry("sweeping abort", "aborted"),
          Map.entry("verifying left", "sweeping"),
          Map.entry("verifying verified", "completed"),
          Map.entry("verifying pause", "paused"),
          Map.entry("verifying abort", "aborted"),
          Map.entry("paused resume", "sweeping"),
          Map.entry("paused abort", "aborted"),
          Map.entry("paused unfence", "aborted"),
          Map.entry("aborted unfence", "aborted"),
          Map.entry("completed unfence", "completed"));

  private static final List<State.Step> STEPS = List.of(State.Step.values());

  private static final List<String> PEOPLES =
      List.of("approve", "start", "pause", "resume", "abort", "unfence");

  private final MemoryCampaigns store = new MemoryCampaigns();
  private final List<AuditEvent> audit = new ArrayList<>();
  private final Rules rules =
      new Rules(
          100,
          10,
          Duration.ofHours(1),
          Duration.ofHours(24),
          Health.Limits.NONE,
          Spared.NOBODY,
          List.of());
  private final Campaigns campaigns =
      new Campaigns(store, rules, new CampaignAudit(audit::add), Runnable::run, new SecureRandom());

  private static final Campaigns.Start START =
      new Campaigns.Start(false, false, 0, Optional.empty());

  private static Campaigns.Operator operator(String name) {
    return new Campaigns.Operator(name, Presenter.UNKNOWN);
  }

  private static Campaigns.Outcome outcome(CompletionStage<Campaigns.Outcome> stage) {
    return stage.toCompletableFuture().join();
  }

  private Campaign plan() {
    return ((Campaigns.Done) outcome(campaigns.plan(ORDER, operator("anna")))).campaign();
  }

  private Count count(long sessions) {
    return new Count(store.now, sessions, sessions, sessions, new TreeMap<>(), List.of());
  }

  @Test
  void theTableIsTheOneThatIsMeant() {
    Map<String, String> table = new TreeMap<>();
    for (State state : State.values()) {
      for (State.Step step : State.Step.values()) {
        state
            .after(step)
            .ifPresent(next -> table.put(state.code() + " " + step.code(), next.code()));
      }
    }
    assertThat(table).containsExactlyInAnyOrderEntriesOf(MAY);
  }

  @Test
  void goesNoOtherWay() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Set<String> ways = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (int round = 0; round < 1500; round++) {
      String id = plan().id();
      long sessions = random.nextBoolean() ? 100 : 101;
      boolean isFenced = false;
      String approvedBy = "";
      for (int i = 0; i < 25; i++) {
        store.now = store.now.plusMillis(random.nextInt(2_000));
        Campaign before = store.find(id).orElseThrow();
        State.Step step = step(before.state(), random);
        String by = List.of("anna", "bert", "carl").get(random.nextInt(3));
        boolean isRight = random.nextInt(8) != 0;
        String digest = isRight ? before.digest() : "0123456789abcdef";
        String way = before.state().code() + " " + step.code();
        Optional<String> next = Optional.ofNullable(MAY.get(way));
        String as = "seed " + seed + ": " + way + " by " + by;
        if (!PEOPLES.contains(step.code())) {
          next.ifPresent(_ -> work(before, step, sessions));
        } else {
          boolean mayBe =
              next.isPresent()
                  && switch (step) {
                    case APPROVE -> isRight && !by.equals("anna");
                    case START -> isRight && (sessions <= 100 || !approvedBy.isEmpty());
                    case UNFENCE -> isFenced;
                    default -> true;
                  };
          Campaigns.Outcome outcome = outcome(take(id, step, digest, by));
          assertThat(outcome instanceof Campaigns.Done).as(as).isEqualTo(mayBe);
          if (!mayBe) {
            assertThat(store.find(id).orElseThrow()).as(as).isEqualTo(before);
            refused.add(way);
            continue;
          }
          approvedBy = step == State.Step.APPROVE ? by : approvedBy;
          isFenced &= step != State.Step.UNFENCE;
        }
        if (next.isPresent()) {
          ways.add(way);
          Campaign after = store.find(id).orElseThrow();
          isFenced |= step == State.Step.FENCE;
          approvedBy = step == State.Step.DRIFTED ? "" : approvedBy;
          assertThat(after.state().code()).as(as).isEqualTo(next.get());
          assertThat(after.isFenced()).as(as).isEqualTo(isFenced);
          assertThat(after.approvedBy().orElse("")).as(as).isEqualTo(approvedBy);
          assertThat(after.revision()).isEqualTo(before.revision() + 1);
          assertThat(after.story()).hasSize(before.story().size() + 1);
        }
      }
    }
    assertThat(ways).isEqualTo(MAY.keySet());
    assertThat(refused).hasSizeGreaterThan(40);
  }

  /** Mostly one that leads somewhere, and seldom to the end. */
  private static State.Step step(State state, Random random) {
    State.Step step;
    int tries = 0;
    do {
      step = STEPS.get(random.nextInt(STEPS.size()));
      tries++;
    } while (tries < 20
        && random.nextInt(8) != 0
        && (step == State.Step.ABORT
            || step == State.Step.UNFENCE
            || !MAY.containsKey(state.code() + " " + step.code())));
    return step;
  }

  private CompletionStage<Campaigns.Outcome> take(
      String id, State.Step step, String digest, String by) {
    return switch (step) {
      case APPROVE -> campaigns.approve(id, digest, operator(by));
      case START -> campaigns.start(id, digest, START, operator(by));
      case PAUSE -> campaigns.pause(id, operator(by));
      case RESUME -> campaigns.resume(id, operator(by));
      case ABORT -> campaigns.abort(id, operator(by));
      case UNFENCE -> campaigns.unfence(id, operator(by));
      default -> throw new AssertionError(step);
    };
  }

  private void work(Campaign campaign, State.Step step, long sessions) {
    boolean isWritten =
        switch (step) {
          case FOUND -> store.write(campaign.found(Set.of(), 3, "node", store.now));
          case COUNTED -> store.write(campaign.counted(count(sessions), "node"));
          case DRIFTED -> store.write(campaign.drifted(count(sessions), "node", "drift"));
          case FENCE -> store.fence(campaign.fenced("node", store.now), Duration.ofHours(24));
          case LEFT, VERIFIED -> store.write(campaign.verified(step, count(0), "node", "counted"));
          default -> store.write(campaign.stepped(step, "node", store.now, ""));
        };
    assertThat(isWritten).isTrue();
  }

  private Campaign propose() {
    return ((Campaigns.Done) outcome(campaigns.propose(ORDER, operator("event of idp"))))
        .campaign();
  }

  @Test
  void whatAnEventProposedIsStartedInTheMorning() {
    Campaign proposed = propose();
    assertThat(propose().id()).isEqualTo(proposed.id());
    store.write(proposed.counted(count(3), "node"));
    assertThat(propose().id()).isEqualTo(proposed.id());
    assertThat(store.all).hasSize(1);
    String digest = store.find(proposed.id()).orElseThrow().digest();
    store.now = store.now.plus(Duration.ofHours(9));
    assertRefused(
        outcome(
            campaigns.start(
                proposed.id(),
                digest,
                new Campaigns.Start(false, true, 0, Optional.empty()),
                operator("anna"))),
        Campaigns.Code.PLAN_OLD,
        "without unchecked");
    assertThat(
            ((Campaigns.Done)
                    outcome(campaigns.start(proposed.id(), digest, START, operator("anna"))))
                .campaign()
                .state())
        .isEqualTo(State.CHECKING);
    store.fence(
        store.find(proposed.id()).orElseThrow().fenced("node", store.now), Duration.ofHours(24));
    assertThat(propose().id()).as("one for who logs in after").isNotEqualTo(proposed.id());
  }

  @Test
  void everyRefusalSaysWhatToDo() {
    Campaign campaign = plan();
    assertRefused(
        outcome(campaigns.start(campaign.id(), "x", START, operator("anna"))),
        Campaigns.Code.STATE,
        "needs it to be planned or approved");
    store.write(campaign.counted(count(101), "node"));
    String digest = store.find(campaign.id()).orElseThrow().digest();
    assertRefused(
        outcome(campaigns.approve(campaign.id(), digest, operator("anna"))),
        Campaigns.Code.SELF_APPROVAL,
        "somebody");
    assertRefused(
        outcome(campaigns.approve(campaign.id(), "x", operator("bert"))),
        Campaigns.Code.DIGEST,
        "Look at the plan again");
    assertRefused(
        outcome(campaigns.start(campaign.id(), digest, START, operator("anna"))),
        Campaigns.Code.APPROVAL_MISSING,
        "approve it first");
    assertThat(outcome(campaigns.approve(campaign.id(), digest, operator("bert"))))
        .isInstanceOf(Campaigns.Done.class);
    store.now = store.now.plusSeconds(3601);
    assertRefused(
        outcome(campaigns.start(campaign.id(), digest, START, operator("anna"))),
        Campaigns.Code.PLAN_OLD,
        "Plan it again");
    assertThat(outcome(campaigns.pause("20261125-aaaaaa", operator("anna"))))
        .isInstanceOf(Campaigns.Unknown.class);
  }

  @Test
  void brokenGlassStartsWithoutApprovalAndIsToldOfEverywhere() {
    Campaign campaign = plan();
    store.write(campaign.counted(count(101), "node"));
    String digest = store.find(campaign.id()).orElseThrow().digest();
    for (String reason : List.of("", "x".repeat(257), "two\nlines")) {
      assertRefused(
          outcome(
              campaigns.start(
                  campaign.id(),
                  digest,
                  new Campaigns.Start(false, false, 0, Optional.of(reason)),
                  operator("anna"))),
          Campaigns.Code.BREAK_GLASS,
          "Say why");
    }
    Campaign started =
        ((Campaigns.Done)
                outcome(
                    campaigns.start(
                        campaign.id(),
                        digest,
                        new Campaigns.Start(false, false, 0, Optional.of("nobody answers")),
                        operator("anna"))))
            .campaign();
    assertThat(started.breakGlass()).contains("nobody answers");
    assertThat(started.approvedBy()).isEmpty();
    assertThat(started.story().getLast().remark()).contains("BREAK GLASS", "nobody answers");
    assertThat(audit)
        .filteredOn(event -> event.action() == AuditEvent.Action.CAMPAIGN_BREAK_GLASS)
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.detail())
                    .containsEntry("break_glass", "nobody answers")
                    .containsEntry("by", "anna"));
    Campaign again = started.drifted(count(120), "node", "drift");
    assertThat(again.breakGlass()).as("it has to be broken anew").isEmpty();
  }

  @Test
  void aGlassThatNeededNoBreakingIsNotToldOf() {
    Campaign campaign = plan();
    store.write(campaign.counted(count(100), "node"));
    String digest = store.find(campaign.id()).orElseThrow().digest();
    Campaigns.Start start = new Campaigns.Start(false, false, 0, Optional.of("in haste"));
    assertThat(outcome(campaigns.start(campaign.id(), digest, start, operator("anna"))))
        .isInstanceOfSatisfying(
            Campaigns.Done.class, done -> assertThat(done.campaign().breakGlass()).isEmpty());
  }

  @Test
  void refusesAnOrderThatSaysTooLittle() {
    assertRefused(
        outcome(
            campaigns.plan(
                new Campaigns.Order(ORDER.criteria(), Map.of(), true, "", 0, "panic", "INC-1"),
                operator("anna"))),
        Campaigns.Code.CAUSE,
        "token_theft");
    assertRefused(
        outcome(
            campaigns.plan(
                new Campaigns.Order(ORDER.criteria(), Map.of(), true, "", 0, "drill", ""),
                operator("anna"))),
        Campaigns.Code.TICKET,
        "ticket");
    assertRefused(
        outcome(
            campaigns.plan(
                new Campaigns.Order(Map.of(), Map.of(), true, "", 0, "drill", "INC-1"),
                operator("anna"))),
        Campaigns.Code.CRITERIA,
        "all");
    assertRefused(
        outcome(
            campaigns.plan(
                new Campaigns.Order(ORDER.criteria(), Map.of(), true, "wish", 0, "drill", "INC-1"),
                operator("anna"))),
        Campaigns.Code.ACTION,
        "step_up");
    assertRefused(
        outcome(
            campaigns.plan(
                new Campaigns.Order(ORDER.criteria(), Map.of(), true, "", 86_401, "drill", "INC-1"),
                operator("anna"))),
        Campaigns.Code.SMEAR,
        "1 to 86400");
    assertThat(store.all).isEmpty();
  }

  private static void assertRefused(Campaigns.Outcome outcome, Campaigns.Code code, String mend) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Campaigns.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.mend()).contains(mend);
            });
  }

  @Test
  void sparesWhomTheConfigurationSparesUnlessItIsToldNotTo() {
    Spared spared =
        new Spared(
            List.of("acme/root", "blue/root"), List.of("program"), Map.of("anna", "acme/anna"));
    Campaigns sparing =
        new Campaigns(
            store,
            new Rules(
                100,
                10,
                Duration.ofHours(1),
                Duration.ofHours(24),
                Health.Limits.NONE,
                spared,
                List.of()),
            new CampaignAudit(audit::add),
            Runnable::run,
            new SecureRandom());
    Campaign ofAnna = planned(sparing, true, "anna");
    assertThat(ofAnna.selection().except())
        .isEqualTo(ofAnna.spared())
        .containsOnly(
            Map.entry(Criterion.ACCOUNT, List.of("acme/anna", "acme/root")),
            Map.entry(Criterion.CLIENT_CLASS, List.of("program")));
    assertThat(planned(sparing, true, "bert").spared().getOrDefault(Criterion.ACCOUNT, List.of()))
        .as("another operator's own account is not spared")
        .containsExactly("acme/root");
    Campaign nobody = planned(sparing, false, "anna");
    assertThat(nobody.selection().except()).isEmpty();
    assertThat(nobody.spared()).isEmpty();
  }

  private static Campaign planned(Campaigns campaigns, boolean spares, String by) {
    Campaigns.Order order =
        new Campaigns.Order(ORDER.criteria(), Map.of(), spares, "", 0, "drill", "INC-1");
    return ((Campaigns.Done) outcome(campaigns.plan(order, operator(by)))).campaign();
  }

  @Test
  void aStepUpHasNothingToPause() {
    Campaigns.Order order =
        new Campaigns.Order(ORDER.criteria(), Map.of(), true, "step_up", 0, "drill", "INC-1");
    Campaign campaign =
        ((Campaigns.Done) outcome(campaigns.plan(order, operator("anna")))).campaign();
    store.write(campaign.counted(count(7), "node"));
    String digest = store.find(campaign.id()).orElseThrow().digest();
    assertRefused(
        outcome(
            campaigns.start(
                campaign.id(),
                digest,
                new Campaigns.Start(false, false, 5, Optional.empty()),
                operator("anna"))),
        Campaigns.Code.CANARY,
        "Leave it out");
    outcome(campaigns.start(campaign.id(), digest, START, operator("anna")));
    store.fence(
        store.find(campaign.id()).orElseThrow().fenced("node", store.now), Duration.ofHours(24));
    assertRefused(
        outcome(campaigns.pause(campaign.id(), operator("anna"))), Campaigns.Code.STATE, "unfence");
    assertThat(outcome(campaigns.unfence(campaign.id(), operator("anna"))))
        .isInstanceOf(Campaigns.Done.class);
  }

  @Test
  void tellsTheAuditTrailOfEachStep() {
    Campaign campaign = plan();
    outcome(campaigns.abort(campaign.id(), operator("carl")));
    assertThat(audit)
        .extracting(event -> event.detail().get("step") + " " + event.detail().get("by"))
        .containsExactly("plan anna", "abort carl");
    assertThat(audit.getLast().detail())
        .containsEntry("campaign", campaign.id())
        .containsEntry("ticket", "INC-4711");
  }

  @Test
  void aDigestIsOfWhatWasSeen() {
    Campaign campaign = plan().counted(count(7), "node");
    assertThat(campaign.digest()).isEqualTo(campaign.approved("bert", store.now).digest());
    assertThat(plan().counted(count(7), "node").digest()).isNotEqualTo(campaign.digest());
    SortedMap<String, String> softer = new TreeMap<>(campaign.fields());
    softer.put("terms", new Terms(Terms.Action.STEP_UP, Duration.ZERO).text());
    assertThat(new Campaign(campaign.id(), 3, softer).digest()).isNotEqualTo(campaign.digest());
    Campaign more =
        campaign
            .started("anna", store.now, false, false, 0, Optional.empty())
            .drifted(count(8), "node", "8 now");
    assertThat(more.digest()).isNotEqualTo(campaign.digest());
  }
}
