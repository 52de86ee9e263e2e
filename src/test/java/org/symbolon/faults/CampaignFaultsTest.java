package org.symbolon.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.TestNode;
import org.symbolon.audit.ChainCheck;
import org.symbolon.redis.Ensemble;
import org.symbolon.redis.Multitude;
import org.symbolon.redis.RedisServers;

/**
 * A campaign against very many sessions on three nodes under load, while the node that ends them is
 * killed and Redis fails over. {@code -Dcampaign.sessions=1000000} is the whole, {@code
 * -Dcampaign.calm=true} leaves out the faults; figures are printed.
 */
class CampaignFaultsTest {
  private static final int SESSIONS = Integer.getInteger("campaign.sessions", 8_000);
  private static final boolean CALM = Boolean.getBoolean("campaign.calm");
  private static final int NODES = 3;
  private static final int WATCHED = 300;
  private static final String CAMPAIGNS = "/admin/v1/campaigns";
  private static final String FIELDS = "Authorization: Bearer " + TestNode.CREDENTIAL + "\r\n";

  @TempDir private Path folder = Path.of("");
  private final List<NodeProcess> nodes = new ArrayList<>();
  private int asked;

  private void start(RedisServers servers) throws IOException {
    Map<String, String> common = new HashMap<>(TestNode.flags(servers, folder));
    common.putAll(Build.whole().settings());
    common.put("campaigns.approvalOver", "100000000");
    for (int i = 0; i < NODES; i++) {
      Path own = Files.createDirectories(folder.resolve("node-" + i));
      Map<String, String> flags = new HashMap<>(common);
      flags.put("journal.directory", own.resolve("journal").toString());
      flags.put("campaigns.evidence", own.resolve("evidence").toString());
      nodes.add(new NodeProcess(own, Build.whole(), flags, FaultRun.freePorts()));
    }
    nodes.forEach(NodeProcess::start);
    nodes.forEach(NodeProcess::awaitReady);
  }

  /** Asks a node that lives. */
  private String ask(String method, String path, String body) {
    for (int tries = 0; tries < 200; tries++) {
      try (Line line = new Line(nodes.get(asked % NODES).admin())) {
        Line.Answer answer = line.ask(method, path, FIELDS, body);
        if (answer.status() >= 200 && answer.status() < 300) {
          return answer.body();
        }
        assertThat(answer.status()).as(answer.body()).isIn(0, 503);
      }
      asked++;
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new AssertionError("no node answers " + path);
  }

  private static String member(String json, String name) {
    return json.contains("\"" + name + "\":")
        ? json.replaceAll("(?s).*?\"" + name + "\":\"?([^\",}]*).*", "$1")
        : "";
  }

  private static void await(Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private String show(String id) {
    return ask("GET", CAMPAIGNS + "/" + id, "");
  }

  private static long ended(String campaign) {
    return Long.parseLong(member(campaign, "ended"));
  }

  /** The process that works on it, by the file that it writes down in what it ends. */
  private NodeProcess worker(String id) {
    String name = member(show(id).replaceAll("(?s).*\"progress\"", ""), "node");
    for (int i = 0; i < NODES; i++) {
      try (Stream<Path> files = Files.list(folder.resolve("node-" + i).resolve("evidence"))) {
        if (files.anyMatch(file -> file.toString().endsWith(id + "." + name + ".jsonl"))) {
          return nodes.get(i);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new AssertionError("no node has evidence of " + name);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  @Test
  void endsAllOfThemAndNobodyElse() throws Exception {
    Duration patience = Duration.ofSeconds(120 + SESSIONS / 1000);
    try (Ensemble ensemble = new Ensemble()) {
      try {
        start(ensemble.servers());
        run(ensemble, patience);
      } finally {
        nodes.forEach(NodeProcess::close);
      }
    }
    for (int i = 0; i < NODES; i++) {
      ChainCheck.Result chain =
          ChainCheck.of(List.of(folder.resolve("node-" + i).resolve("audit.jsonl")), List.of());
      assertThat(chain.broken()).as("the audit chain of node " + i).isEmpty();
    }
  }

  private void run(Ensemble ensemble, Duration patience) throws Exception {
    try (Multitude multitude = new Multitude(ensemble.servers(), folder.resolve("ring.txt"))) {
      long loading = System.nanoTime();
      List<String> meant = multitude.add("big", SESSIONS, WATCHED);
      List<String> others = multitude.add("small", WATCHED, WATCHED);
      System.out.printf("%d sessions in %.1f s%n", SESSIONS, since(loading));
      try (Watchers watchers = new Watchers(nodes, meant, others)) {
        await(patience, () -> watchers.asked() > 4 * WATCHED);
        double idle = watchers.p99();
        long planning = System.nanoTime();
        String order = "{\"criteria\":{\"tenant\":\"big\"},\"cause\":\"drill\",\"ticket\":\"T-1\"}";
        String id = member(ask("POST", CAMPAIGNS, order), "id");
        await(patience, () -> member(show(id), "state").equals("planned"));
        String planned = show(id);
        System.out.printf("counted in %.1f s%n", since(planning));
        assertThat(member(planned, "sessions")).isEqualTo("" + SESSIONS);

        ask(
            "POST",
            CAMPAIGNS + "/" + id + "/steps",
            "{\"step\":\"start\",\"unchecked\":true,\"digest\":\""
                + member(planned, "digest")
                + "\"}");
        await(patience, () -> member(show(id), "fenced").equals("true"));
        final long fenced = System.nanoTime();
        Instant fencedAt = Instant.parse(member(show(id), "fenced_at"));
        watchers.spare(multitude.add("big", 60, 60));
        watchers.p99();

        if (!CALM) {
          await(patience, () -> ended(show(id)) > SESSIONS / 5);
          worker(id).close();
          await(patience, () -> ended(show(id)) > SESSIONS / 2);
          RedisServers.Node master = ensemble.master();
          ensemble.kill(master);
          ensemble.awaitSuccessor(master);
        }
        List<String> foretold = new ArrayList<>();
        await(
            patience,
            () -> {
              String now = show(id);
              if (!member(now, "seconds_left").isEmpty()) {
                foretold.add("%.1f+%s".formatted(since(fenced), member(now, "seconds_left")));
              }
              return member(now, "state").equals("completed");
            });
        System.out.printf(
            "let in last %.0f ms after the fence was told of; swept and verified after %.1f s;"
                + " p99 %.1f ms idle, %.1f ms meanwhile; %d validates, %d without an answer;"
                + " foretold (s+left): %s%n",
            Math.max(0, (watchers.lastLetIn() - fenced) / 1e6),
            since(fenced),
            idle,
            watchers.p99(),
            watchers.asked(),
            watchers.outages(),
            some(foretold));
        String done = show(id);
        assertThat(done).contains("\"left\":{");
        assertThat(member(done.replaceAll("(?s).*\"left\"", ""), "sessions")).isEqualTo("0");
        assertThat(multitude.count("big", fencedAt)).as("left in the store").isZero();
        assertThat(multitude.count("big", Instant.MAX)).as("those that began after").isEqualTo(60);
        assertThat(multitude.count("small", Instant.MAX)).isEqualTo(WATCHED);
        assertThat(watchers.refused()).as("refused that were not meant").isZero();
        assertThat(watchers.lastLetIn() - fenced)
            .as("let in after the fence was acknowledged, ns")
            .isLessThan(Duration.ofSeconds(1).toNanos());
      }
    }
  }

  /** Ten of them, evenly. */
  private static List<String> some(List<String> all) {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < 10 && !all.isEmpty(); i++) {
      some.add(all.get(i * all.size() / 10));
    }
    return some;
  }
}
