package org.symbolon.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.symbolon.TestNode;

/**
 * Clients that ask one node each, one request after the other, and somebody who ends sessions at an
 * even pace and insists until it is acknowledged. Everything is written down.
 */
final class Load implements AutoCloseable {
  private static final String BEARER = "Authorization: Bearer " + TestNode.CREDENTIAL + "\r\n";
  private static final Pattern HANDLE = Pattern.compile("\"handle\":\"([a-z2-7]{16})\"");
  private static final Pattern COOKIE = Pattern.compile("__Host-sid=([A-Za-z0-9_-]{36})");
  private static final int REVOKES_PER_SECOND = 50;
  private static final int ISSUERS = 6;
  private static final int ATTEMPTS = 10;
  private final History history;
  private final List<NodeProcess> nodes;
  private final long pause;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Queue<Session> doomed = new ConcurrentLinkedQueue<>();
  private final Map<Session, Long> acknowledged = new ConcurrentHashMap<>();
  private volatile Session[] asked = {};
  private volatile boolean isOver;

  /** A session that the clients know. */
  record Session(int number, String id, String handle) {}

  /**
   * @param clients how many for each node
   * @param pause of a client after each answer, ns
   */
  Load(History history, List<NodeProcess> nodes, int clients, long pause) {
    this.history = history;
    this.nodes = List.copyOf(nodes);
    this.pause = pause;
    for (int node = 0; node < nodes.size(); node++) {
      int one = node;
      for (int i = 0; i < clients; i++) {
        threads.add(Thread.ofVirtual().start(() -> validate(one)));
      }
    }
    threads.add(Thread.ofVirtual().start(this::revoke));
  }

  /** Logs in so many sessions, and has the clients ask for them and for those that were revoked. */
  List<Session> issue(int wanted) {
    List<Session> issued = new ArrayList<>();
    List<Thread> issuers = new ArrayList<>();
    int first = count.getAndAdd(wanted);
    for (int issuer = 0; issuer < ISSUERS; issuer++) {
      int start = first + issuer;
      issuers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    int node = start % nodes.size();
                    try (Line line = new Line(nodes.get(node).open())) {
                      for (int number = start; number < first + wanted; number += ISSUERS) {
                        Session session = issue(line, node, number);
                        synchronized (issued) {
                          issued.add(session);
                        }
                      }
                    }
                  }));
    }
    issuers.forEach(Load::join);
    if (issued.size() != wanted) {
      throw new AssertionError("%d of %d sessions issued".formatted(issued.size(), wanted));
    }
    List<Session> pool = new ArrayList<>(issued);
    acknowledged.keySet().stream().limit(wanted / 4).forEach(pool::add);
    asked = pool.toArray(Session[]::new);
    return issued;
  }

  private Session issue(Line line, int node, int number) {
    String fields = BEARER + "Content-Type: application/json\r\n";
    Line.Answer answer = new Line.Answer(0, "");
    for (int attempt = 0; answer.status() != 201 && attempt < ATTEMPTS; attempt++) {
      long start = System.nanoTime();
      answer = line.ask("POST", "/v1/sessions", fields, "{\"subject\":\"user-" + number + "\"}");
      write(Event.Kind.ISSUE, start, node, number, answer.status());
    }
    Matcher handle = HANDLE.matcher(answer.body());
    Matcher cookie = COOKIE.matcher(answer.body());
    if (!handle.find() || !cookie.find()) {
      throw new AssertionError("not issued: " + answer);
    }
    return new Session(number, cookie.group(1), handle.group(1));
  }

  /** Has sessions ended, one after the other. */
  void end(List<Session> sessions) {
    doomed.addAll(sessions);
  }

  /** Forgets those that are not ended yet, and waits for those that just are. */
  void endNoMore() {
    doomed.clear();
  }

  /** The handles of sessions whose revocation was acknowledged after an instant. */
  List<String> acknowledgedSince(long instant) {
    return acknowledged.entrySet().stream()
        .filter(entry -> entry.getValue() > instant)
        .map(entry -> entry.getKey().handle())
        .toList();
  }

  private void validate(int node) {
    try (Line line = new Line(nodes.get(node).open())) {
      while (!isOver) {
        Session[] pool = asked;
        if (pool.length > 0) {
          Session session = pool[ThreadLocalRandom.current().nextInt(pool.length)];
          long start = System.nanoTime();
          String cookie = "Cookie: __Host-sid=" + session.id() + "\r\n";
          int status = line.ask("GET", "/v1/validate", cookie, "").status();
          write(Event.Kind.VALIDATE, start, node, session.number(), status);
          LockSupport.parkNanos(status == 0 ? TimeUnit.MILLISECONDS.toNanos(20) : pause);
        } else {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      }
    }
  }

  private void revoke() {
    long interval = TimeUnit.SECONDS.toNanos(1) / REVOKES_PER_SECOND;
    long next = System.nanoTime();
    while (!isOver) {
      next += interval;
      LockSupport.parkNanos(next - System.nanoTime());
      Session session = doomed.poll();
      if (session != null) {
        var _ = Thread.ofVirtual().start(() -> revoke(session));
      }
    }
  }

  /** By its owner or by an operator, at any node. */
  private void revoke(Session session) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int node = random.nextInt(nodes.size());
    boolean isOwner = random.nextBoolean();
    NodeProcess process = nodes.get(node);
    long start = System.nanoTime();
    int status;
    try (Line line = new Line(isOwner ? process.open() : process.admin())) {
      Line.Answer answer =
          isOwner
              ? line.ask("POST", "/v1/logout", "Cookie: __Host-sid=" + session.id() + "\r\n", "")
              : line.ask("DELETE", "/admin/v1/sessions/" + session.handle(), BEARER, "");
      status = answer.status();
    }
    write(Event.Kind.REVOKE, start, node, session.number(), status);
    if (status == 204) {
      acknowledged.putIfAbsent(session, System.nanoTime());
    } else if (status != 404) {
      doomed.add(session);
    }
  }

  private void write(Event.Kind kind, long start, int node, int session, int status) {
    history.add(new Event(kind, start, System.nanoTime(), node, session, status));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    isOver = true;
    threads.forEach(Load::join);
  }
}
