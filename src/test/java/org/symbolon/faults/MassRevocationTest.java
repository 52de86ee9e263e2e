package org.symbolon.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.TestNode;
import org.symbolon.redis.RedisServers;

/**
 * Ends a subject, a tenant and everything on one of three nodes, and measures when the last of
 * their sessions was let in on any of them, and what others feel of it. Prints the figures; {@code
 * -Dsymbolon.sessions=1000000} has the tenant have so many, {@code -Dsymbolon.subject=1000000} the
 * subject.
 */
class MassRevocationTest {
  private static final int SESSIONS = Integer.getInteger("symbolon.sessions", 2_000);
  private static final int OF_SUBJECT = Integer.getInteger("symbolon.subject", 2_000);
  private static final int LIMIT = 1000;
  private static final int COPIES = 10_000;
  private static final int ASKED = 300;
  private static final int ISSUERS = 32;
  private static final int ATTEMPTS = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration WHILE = Duration.ofSeconds(3);
  private static final String BEARER = "Authorization: Bearer " + TestNode.CREDENTIAL + "\r\n";
  private static final Build BUILD =
      Build.wait0().with("limit.max", "" + LIMIT).with("journal.directory", "journal");
  private static final Pattern COOKIE = Pattern.compile("__Host-sid=([A-Za-z0-9_-]{36})");

  /** A copy's name counts, and no session's own is that small. */
  private static final String COPY =
      """
      local found = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
      local prefix = 's' .. string.sub(KEYS[1], 2, 6)
      local record = redis.call('GET', prefix .. found[1])
      local left = redis.call('PTTL', prefix .. found[1])
      for i = ARGV[1], ARGV[1] + ARGV[2] - 1 do
        local name = struct.pack('>I8', i)
        redis.call('SET', prefix .. name, record, 'PX', left)
        redis.call('ZADD', KEYS[1], found[2], name)
      end
      return redis.call('ZCARD', KEYS[1])
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void aMarkEndsHoweverManyAtOnce() throws Exception {
    try (RedisServers servers = RedisServers.standalone();
        FaultRun run = new FaultRun(servers, folder, BUILD, "mass")) {
      List<NodeProcess> nodes = run.nodes();
      List<String> subject = issue(nodes, "one", LIMIT, _ -> "alice");
      multiply(servers, OF_SUBJECT - LIMIT);
      List<String> tenant = issue(nodes, "many", SESSIONS, i -> "user-" + i);
      List<String> others = issue(nodes, "others", ASKED, i -> "user-" + i);
      Clients idle = new Clients(nodes, others);
      Rounds.pause(WHILE);
      System.out.printf("nothing ended: others' p99 %.3f ms%n", idle.end().p99());
      end(
          nodes,
          "a subject's " + OF_SUBJECT,
          subject,
          others,
          "DELETE",
          "/admin/v1/tenants/one/subjects/alice/sessions");
      end(nodes, "a tenant's " + SESSIONS, tenant, others, "POST", "/admin/v1/tenants/many/logout");
      end(nodes, "everything", others, List.of(), "POST", "/admin/v1/logout");
      String late = issue(nodes, "many", 1, _ -> "late").getFirst();
      try (Line line = new Line(nodes.getLast().open())) {
        assertThat(validate(line, late)).isEqualTo(200);
      }
    }
  }

  /** Ends some sessions on the first node while clients ask every node for them. */
  private static void end(
      List<NodeProcess> nodes,
      String what,
      List<String> ending,
      List<String> others,
      String method,
      String path)
      throws InterruptedException {
    Clients theirs = new Clients(nodes, ending);
    Clients otherwise = new Clients(nodes, others);
    Rounds.pause(WHILE.dividedBy(2));
    long sent = System.nanoTime();
    Line.Answer answer;
    try (Line line = new Line(nodes.getFirst().admin(), PATIENCE)) {
      answer = insist(line, method, path, BEARER, "");
    }
    long acknowledged = System.nanoTime();
    assertThat(answer.status()).as(answer.body()).isIn(200, 204);
    Rounds.pause(WHILE);
    Clients.Seen ended = theirs.end();
    Clients.Seen felt = otherwise.end();
    System.out.printf(
        "%s sessions: acknowledged after %.1f ms; last let in %.1f ms after that; others' p99 %.3f"
            + " ms%n",
        what, (acknowledged - sent) / 1e6, (ended.lastLetIn() - acknowledged) / 1e6, felt.p99());
    assertThat(ended.lastLetIn()).isPositive();
    assertThat(felt.strange() + ended.strange()).isLessThan((felt.asked() + ended.asked()) / 100);
    try (Line line = new Line(nodes.getLast().open())) {
      assertThat(ending.stream().limit(ASKED).map(id -> validate(line, id))).containsOnly(401);
      assertThat(others.stream().map(id -> validate(line, id))).allMatch(Predicate.isEqual(200));
    }
  }

  /** Gives the one subject that there is further sessions: no login would, beyond the limit. */
  private static void multiply(RedisServers servers, int further) {
    try (RedisServers.Admin admin = servers.admin()) {
      byte[][] index = admin.commands().keys("u{*").toArray(byte[][]::new);
      assertThat(index).hasNumberOfRows(1);
      long made = 0;
      while (made < further) {
        long now = Math.min(COPIES, further - made);
        byte[][] arguments = {
          Long.toString(made).getBytes(US_ASCII), Long.toString(now).getBytes(US_ASCII)
        };
        long has = admin.commands().eval(COPY, ScriptOutputType.INTEGER, index, arguments);
        made += now;
        assertThat(has).isEqualTo(LIMIT + made);
      }
    }
  }

  private static int validate(Line line, String id) {
    return line.ask("GET", "/v1/validate", "Cookie: __Host-sid=" + id + "\r\n", "").status();
  }

  private static List<String> issue(
      List<NodeProcess> nodes, String tenant, int wanted, IntFunction<String> subject)
      throws InterruptedException {
    String[] ids = new String[wanted];
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < ISSUERS; i++) {
      int port = nodes.get(i % nodes.size()).open();
      threads.add(
          Thread.ofVirtual()
              .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
              .start(
                  () -> {
                    try (Line line = new Line(port)) {
                      for (int n = next.getAndIncrement(); n < wanted; n = next.getAndIncrement()) {
                        ids[n] = issue(line, tenant, subject.apply(n));
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    return Arrays.asList(ids);
  }

  /** Comes again while a node that has just started, or is pressed, says so. */
  private static Line.Answer insist(
      Line line, String method, String path, String fields, String body) {
    Line.Answer answer = line.ask(method, path, fields, body);
    for (int attempt = 1; answer.status() == 503 && attempt < ATTEMPTS; attempt++) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      answer = line.ask(method, path, fields, body);
    }
    return answer;
  }

  private static String issue(Line line, String tenant, String subject) {
    Line.Answer answer =
        insist(
            line,
            "POST",
            "/v1/sessions",
            BEARER + "Content-Type: application/json\r\n",
            "{\"tenant\":\"%s\",\"subject\":\"%s\"}".formatted(tenant, subject));
    Matcher cookie = COOKIE.matcher(answer.body());
    if (!cookie.find()) {
      throw new AssertionError("not issued: " + answer);
    }
    return cookie.group(1);
  }

  /** Clients of each node who ask for one of some sessions after the other. */
  private static final class Clients {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong lastLetIn = new AtomicLong();
    private final AtomicInteger strange = new AtomicInteger();
    private final List<Long> took = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean isOver;

    /**
     * What they saw.
     *
     * @param lastLetIn when the last that was let in had asked, by {@link System#nanoTime}
     * @param asked how many times
     * @param strange how many answers were neither yes nor no
     * @param p99 of all answers, ms
     */
    private record Seen(long lastLetIn, int asked, int strange, double p99) {}

    private Clients(List<NodeProcess> nodes, List<String> ids) {
      for (NodeProcess node : nodes) {
        threads.add(Thread.ofVirtual().start(() -> ask(node.open(), ids)));
      }
    }

    private void ask(int port, List<String> ids) {
      try (Line line = new Line(port)) {
        while (!isOver && !ids.isEmpty()) {
          // As if few had a browser open: they are asked for again while a node knows them.
          int number = ThreadLocalRandom.current().nextInt(Math.min(ids.size(), ASKED));
          long asked = System.nanoTime();
          int status = validate(line, ids.get(number));
          took.add(System.nanoTime() - asked);
          if (status == 200) {
            lastLetIn.accumulateAndGet(asked, Math::max);
          } else if (status != 401) {
            strange.incrementAndGet();
          }
          LockSupport.parkNanos(1_000_000);
        }
      }
    }

    private Seen end() throws InterruptedException {
      isOver = true;
      for (Thread thread : threads) {
        thread.join();
      }
      long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
      double p99 = sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100] / 1e6;
      return new Seen(lastLetIn.get(), sorted.length, strange.get(), p99);
    }
  }
}
