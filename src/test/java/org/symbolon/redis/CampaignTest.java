package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.symbolon.campaign.Campaign;
import org.symbolon.campaign.Campaigns;
import org.symbolon.campaign.State;
import org.symbolon.session.Session;

/** Campaigns over real servers, each with sessions of its own tenants. */
class CampaignTest {
  private static final List<String> ACRS = List.of("", "low", "middle", "high");

  @TempDir private Path folder = Path.of("");
  private final Random random = new Random(7);

  private static String tenant(String name) {
    return name + Long.toString(System.nanoTime(), 36);
  }

  private List<Session> population(CampaignNode node, String tenant, int size) {
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      sessions.add(
          node.issue(
              tenant,
              "subject-" + random.nextInt(size / 3 + 1),
              ACRS.get(random.nextInt(4)),
              random.nextBoolean() ? List.of("pwd") : List.of("pwd", "otp"),
              random));
    }
    return sessions;
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void endsWhatIsSelectedAndNothingElse(RedisSettings.Mode mode) throws Exception {
    try (CampaignNode node = new CampaignNode(RedisServers.shared(mode), "one", folder)) {
      String tenant = tenant("a");
      List<Session> sessions = population(node, tenant, 300);
      Predicate<Session> selected =
          session ->
              (session.authentication().acr().isEmpty()
                      || session.authentication().acr().equals("low"))
                  && !session.authentication().amr().contains("otp")
                  && !session.subject().value().equals("subject-1");
      long expected = sessions.stream().filter(selected).count();
      Campaign planned =
          node.plan(
              Map.of(
                  "tenant", List.of(tenant),
                  "acr_below", List.of("middle"),
                  "amr_not", List.of("otp")),
              Map.of("subject", List.of("subject-1")));
      assertThat(expected).isBetween(51L, 200L);
      assertThat(planned.count().orElseThrow().sessions()).isEqualTo(expected);
      assertThat(planned.count().orElseThrow().subjects())
          .isEqualTo(sessions.stream().filter(selected).map(Session::subject).distinct().count());
      assertThat(planned.count().orElseThrow().breakdown().getOrDefault("acr", Map.of()).values())
          .satisfies(
              numbers -> assertThat(numbers.stream().mapToLong(n -> n).sum()).isEqualTo(expected));

      CampaignNode.done(node.campaigns.approve(planned.id(), planned.digest(), CampaignNode.BERT));
      CampaignNode.done(
          node.campaigns.start(
              planned.id(),
              planned.digest(),
              new Campaigns.Start(true, false, 0, Optional.empty()),
              CampaignNode.ANNA));
      node.reached(planned.id(), State.FENCED);
      Session later = node.issue(tenant, "subject-2", "", List.of("pwd"), random);
      RedisServers.await(() -> sessions.stream().filter(selected).noneMatch(node::isLetIn));
      assertThat(sessions.stream().filter(selected)).allMatch(node::isThere);
      assertThat(sessions.stream().filter(selected.negate())).allMatch(node::isLetIn);

      CampaignNode.done(node.campaigns.resume(planned.id(), CampaignNode.ANNA));
      Campaign completed = node.reached(planned.id(), State.COMPLETED);
      assertThat(sessions.stream().filter(selected)).noneMatch(node::isThere);
      assertThat(sessions.stream().filter(selected.negate())).allMatch(node::isLetIn);
      assertThat(node.isLetIn(later)).isTrue();
      assertThat(completed.progress().orElseThrow().ended()).isEqualTo(expected);
      assertThat(completed.check().orElseThrow().sessions()).isZero();
      List<String> evidence = Files.readAllLines(folder.resolve(planned.id() + ".one.jsonl"));
      assertThat(evidence)
          .hasSize((int) expected)
          .allMatch(line -> line.contains("\"ticket\":\"INC-1\"") && !line.contains("subject-"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void goesOnWhereANodeStoppedInMidSweep(RedisSettings.Mode mode) {
    String tenant = tenant("b");
    RedisServers servers = RedisServers.shared(mode);
    String id;
    List<Session> sessions;
    CampaignNode first = new CampaignNode(servers, "first", folder);
    try (CampaignNode second = new CampaignNode(servers, "second", folder)) {
      sessions = population(first, tenant, 3000);
      Campaign planned = first.plan(Map.of("tenant", List.of(tenant)), Map.of());
      id = planned.id();
      assertThat(planned.count().orElseThrow().sessions()).isEqualTo(3000);
      CampaignNode.done(first.campaigns.approve(id, planned.digest(), CampaignNode.BERT));
      CampaignNode.done(
          first.campaigns.start(
              id,
              planned.digest(),
              new Campaigns.Start(false, false, 0, Optional.empty()),
              CampaignNode.ANNA));
      RedisServers.await(() -> second.found(id).progress().map(p -> p.ended() > 100).orElse(false));
      String worker = second.found(id).progress().orElseThrow().node();
      CampaignNode other = worker.equals("first") ? second : first;
      (worker.equals("first") ? first : second).close();
      assertThat(sessions.stream().anyMatch(other::isThere)).isTrue();
      Campaign completed = other.reached(id, State.COMPLETED);
      assertThat(completed.progress().orElseThrow().node()).isNotEqualTo(worker);
      assertThat(sessions).noneMatch(other::isThere);
    } finally {
      first.close();
    }
  }

  @Test
  void aCanaryPausesTheEndingOnceWhileTheFenceHoldsForAll() {
    try (CampaignNode node =
        new CampaignNode(RedisServers.shared(RedisSettings.Mode.STANDALONE), "canary", folder)) {
      String tenant = tenant("canary");
      List<Session> sessions = population(node, tenant, 3000);
      Campaign planned = node.plan(Map.of("tenant", List.of(tenant)), Map.of());
      String id = planned.id();
      CampaignNode.done(node.campaigns.approve(id, planned.digest(), CampaignNode.BERT));
      CampaignNode.done(
          node.campaigns.start(
              id,
              planned.digest(),
              new Campaigns.Start(false, false, 10, Optional.empty()),
              CampaignNode.ANNA));
      Campaign paused = node.reached(id, State.PAUSED);
      assertThat(paused.remark()).startsWith("the canary: ");
      assertThat(paused.progress().orElseThrow().ended()).isEqualTo(300L);
      assertThat(sessions.stream().filter(node::isThere).count()).isEqualTo(2700L);
      assertThat(sessions).noneMatch(node::isLetIn);
      CampaignNode.done(node.campaigns.resume(id, CampaignNode.ANNA));
      node.reached(id, State.COMPLETED);
      assertThat(sessions).noneMatch(node::isThere);
    }
  }

  @Test
  void aCanaryPausesASmallCampaignToo() {
    try (CampaignNode node =
        new CampaignNode(RedisServers.shared(RedisSettings.Mode.STANDALONE), "finch", folder)) {
      String tenant = tenant("finch");
      List<Session> sessions = population(node, tenant, 40);
      Campaign planned = node.plan(Map.of("tenant", List.of(tenant)), Map.of());
      String id = planned.id();
      CampaignNode.done(
          node.campaigns.start(
              id,
              planned.digest(),
              new Campaigns.Start(false, false, 5, Optional.empty()),
              CampaignNode.ANNA));
      Campaign paused = node.reached(id, State.PAUSED);
      assertThat(paused.remark()).startsWith("the canary: 2 are ended");
      assertThat(sessions.stream().filter(node::isThere)).hasSize(38);
      assertThat(sessions).noneMatch(node::isLetIn);
      CampaignNode.done(node.campaigns.resume(id, CampaignNode.ANNA));
      Campaign completed = node.reached(id, State.COMPLETED);
      assertThat(completed.progress().orElseThrow().ended()).isEqualTo(40);
      assertThat(sessions).noneMatch(node::isThere);
    }
  }

  @Test
  void namesOfWhatIsGoneLeaveTheList() throws Exception {
    RedisServers servers = RedisServers.shared(RedisSettings.Mode.STANDALONE);
    try (CampaignNode node = new CampaignNode(servers, "names", folder);
        RedisServers.Admin admin = servers.admin()) {
      String id = node.plan(Map.of("tenant", List.of(tenant("names"))), Map.of()).id();
      byte[] living = CampaignKeys.bytes(id);
      byte[] gone = CampaignKeys.bytes("20250101-" + tenant("gone"));
      admin.commands().zadd(CampaignKeys.LIST, 1, living);
      admin.commands().zadd(CampaignKeys.LIST, 1, gone);
      Campaign next = node.plan(Map.of("tenant", List.of(tenant("names"))), Map.of());
      assertThat(admin.commands().zscore(CampaignKeys.LIST, gone)).isNull();
      assertThat(admin.commands().zscore(CampaignKeys.LIST, living)).isEqualTo(1);
      assertThat(node.store.list(2)).extracting(Campaign::id).contains(next.id());
      node.store.propose("selection", id);
      assertThat(node.store.proposed("selection")).contains(id);
      assertThat(node.store.proposed("another")).isEmpty();
    }
  }

  @Test
  void aLeakedListFindsNothingInATenantThatIsNotNamed() {
    try (CampaignNode node =
        new CampaignNode(RedisServers.shared(RedisSettings.Mode.STANDALONE), "leak", folder)) {
      String tenant = tenant("mine");
      Session own = node.issueNumbered(tenant, "alice", random);
      Session foreign = node.issueNumbered(tenant("other"), "bob", random);
      List<String> hashes = List.of(node.leaked(own), node.leaked(foreign));
      Campaign limited = node.plan(Map.of("tenant", List.of(tenant), "leaked", hashes), Map.of());
      assertThat(limited.leaked().orElseThrow()).isEqualTo(new Campaign.Leaked(2, 1));
      assertThat(limited.selection().text())
          .contains(own.handle().toString())
          .doesNotContain(foreign.handle().toString());
      Campaign whole = node.plan(Map.of("leaked", hashes), Map.of());
      assertThat(whole.leaked().orElseThrow()).isEqualTo(new Campaign.Leaked(2, 2));
    }
  }

  @Test
  void aSmearEndsEachSessionInItsTurn() {
    try (CampaignNode node =
        new CampaignNode(RedisServers.shared(RedisSettings.Mode.STANDALONE), "smear", folder)) {
      String tenant = tenant("smear");
      List<Session> sessions = population(node, tenant, 40);
      String id = node.plan(Map.of("tenant", List.of(tenant)), 5).id();
      CampaignNode.done(
          node.campaigns.start(
              id,
              node.found(id).digest(),
              new Campaigns.Start(false, false, 0, Optional.empty()),
              CampaignNode.ANNA));
      node.reached(id, State.SWEEPING);
      // Some are let in while others are ended already: they have not had their turn.
      RedisServers.await(
          () ->
              !sessions.stream().allMatch(node::isThere)
                  && sessions.stream().anyMatch(node::isLetIn));
      Campaign completed = node.reached(id, State.COMPLETED);
      assertThat(sessions).noneMatch(node::isThere);
      assertThat(
              Duration.between(
                  completed.fencedAt().orElseThrow(), completed.story().getLast().at()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void letsLiveAgainWhatWasFencedAlone(RedisSettings.Mode mode) {
    RedisServers servers = RedisServers.shared(mode);
    try (CampaignNode node = new CampaignNode(servers, "one", folder);
        CampaignNode other = new CampaignNode(servers, "two", folder)) {
      String tenant = tenant("c");
      List<Session> sessions = population(node, tenant, 40);
      Campaign planned =
          node.plan(
              Map.of("tenant", List.of(tenant), "subject", List.of("subject-1", "subject-2")),
              Map.of());
      List<Session> selected =
          sessions.stream().filter(s -> s.subject().value().matches("subject-[12]")).toList();
      assertThat(planned.count().orElseThrow().sessions()).isEqualTo(selected.size());
      assertThat(planned.count().orElseThrow().scanned()).isEqualTo(selected.size());
      CampaignNode.done(
          node.campaigns.start(
              planned.id(),
              planned.digest(),
              new Campaigns.Start(true, true, 0, Optional.empty()),
              CampaignNode.ANNA));
      node.reached(planned.id(), State.FENCED);
      RedisServers.await(() -> selected.stream().noneMatch(other::isLetIn));
      CampaignNode.done(node.campaigns.unfence(planned.id(), CampaignNode.ANNA));
      RedisServers.await(() -> selected.stream().allMatch(other::isLetIn));
      assertThat(node.state(planned.id())).isEqualTo(State.ABORTED);
      assertThat(OpenStore.await(node.campaigns.unfence(planned.id(), CampaignNode.ANNA)))
          .isInstanceOfSatisfying(
              Campaigns.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(Campaigns.Code.NO_FENCE));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisSettings.Mode.class,
      names = {"STANDALONE", "CLUSTER"})
  void doesNotStartWhatHasDrifted(RedisSettings.Mode mode) {
    try (CampaignNode node = new CampaignNode(RedisServers.shared(mode), "one", folder)) {
      String tenant = tenant("d");
      List<Session> sessions = population(node, tenant, 40);
      Campaign planned = node.plan(Map.of("tenant", List.of(tenant)), Map.of());
      population(node, tenant, 6);
      CampaignNode.done(
          node.campaigns.start(
              planned.id(),
              planned.digest(),
              new Campaigns.Start(false, false, 0, Optional.empty()),
              CampaignNode.ANNA));
      RedisServers.await(() -> node.found(planned.id()).remark().contains("not started"));
      Campaign drifted = node.found(planned.id());
      assertThat(drifted.state()).isEqualTo(State.PLANNED);
      assertThat(drifted.count().orElseThrow().sessions()).isEqualTo(46);
      assertThat(drifted.digest()).isNotEqualTo(planned.digest());
      assertThat(sessions).allMatch(node::isLetIn);
      assertThat(
              OpenStore.await(
                  node.campaigns.start(
                      planned.id(),
                      planned.digest(),
                      new Campaigns.Start(false, false, 0, Optional.empty()),
                      CampaignNode.ANNA)))
          .isInstanceOfSatisfying(
              Campaigns.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo(Campaigns.Code.DIGEST));
    }
  }

  /** A failover to a replica that had not heard of the fence. */
  @Test
  void writesAgainAFenceThatTheStoreHasLost() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        CampaignNode node = new CampaignNode(servers, "one", folder)) {
      List<Session> sessions = population(node, "e", 20);
      Campaign planned = node.plan(Map.of("tenant", List.of("e")), Map.of());
      CampaignNode.done(
          node.campaigns.start(
              planned.id(),
              planned.digest(),
              new Campaigns.Start(true, true, 0, Optional.empty()),
              CampaignNode.ANNA));
      node.reached(planned.id(), State.FENCED);
      node.fences.refresh();
      assertThat(node.fences.size()).isOne();
      try (RedisServers.Admin admin = servers.admin()) {
        admin.commands().hdel(CampaignKeys.FENCES, CampaignKeys.bytes(planned.id()));
        admin.commands().set(Lane.common().counter(), new byte[] {48});
        admin.commands().del(Lane.common().log());
      }
      try (CampaignNode late = new CampaignNode(servers, "late", folder)) {
        assertThat(sessions).allMatch(late::isLetIn);
        node.fences.refresh();
        RedisServers.await(() -> sessions.stream().noneMatch(late::isLetIn));
      }
      assertThat(sessions).noneMatch(node::isLetIn);
    }
  }
}
