package org.symbolon.events;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.campaign.OutageException;

/**
 * A receiver that asks for its events (RFC 8936): each comes again with every answer until it is
 * acknowledged or refused. Any node answers; what was acknowledged is kept with the store.
 */
public final class PolledStream {
  /** Events in one answer, where the receiver does not ask for fewer. */
  public static final int MOST = 100;

  private static final Logger LOG = LoggerFactory.getLogger(PolledStream.class);

  /** Those after the first that was not acknowledged; what is further waits for it. */
  private static final int WINDOW = 1_000;

  /** Entries of the audit stream that one look goes through. */
  private static final int MOST_SEEN = 10_000;

  private static final int BATCH = 200;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  /** Requests that wait for an event; more are answered at once. */
  private static final int WAITING = 16;

  private final Receiver receiver;
  private final SessionRevoked tokens;
  private final String service;
  private final Outbox outbox;
  private final Executor blocking;
  private final InstantSource clock;
  private final Duration longest;
  private final Tellings tellings;
  private final Semaphore room = new Semaphore(WAITING);

  /**
   * @param service who may ask
   * @param blocking runs what waits for the store, and for events
   * @param longest how long a request waits for an event
   */
  public PolledStream(
      Receiver receiver,
      SessionRevoked tokens,
      String service,
      Outbox outbox,
      Executor blocking,
      InstantSource clock,
      Duration longest,
      Tellings tellings) {
    this.tellings = tellings;
    this.receiver = receiver;
    this.tokens = tokens;
    this.service = service;
    this.outbox = outbox;
    this.blocking = blocking;
    this.clock = clock;
    this.longest = longest;
  }

  /**
   * A request (RFC 8936 section 2.2).
   *
   * @param most events in the answer; 0 where it is to acknowledge alone
   * @param isWaiting whether to wait for an event where there is none
   * @param taken the {@code jti} of those acknowledged
   * @param refused why others were not taken, by {@code jti}
   */
  public record Request(
      int most, boolean isWaiting, Set<String> taken, Map<String, String> refused) {}

  /** The outcome. */
  public sealed interface Outcome permits Sets, Unreachable {}

  /**
   * Events.
   *
   * @param tokens by {@code jti}, the oldest first
   * @param isMore whether there are others
   */
  public record Sets(Map<String, String> tokens, boolean isMore) implements Outcome {}

  /** The store gave no answer. Nothing is lost: what was to be acknowledged comes again. */
  public record Unreachable(String cause) implements Outcome {}

  public String name() {
    return receiver.name();
  }

  /** Whether a service may ask. */
  public boolean isFor(String name) {
    return service.equals(name);
  }

  /** Lets it be told of what happens from now on, unless it is already. */
  public void begin() {
    blocking.execute(
        () -> {
          try {
            var _ = position();
          } catch (OutageException e) {
            LOG.debug("{}: begins when it asks", name(), e);
          }
        });
  }

  public CompletionStage<Outcome> poll(Request request) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return answer(request);
          } catch (OutageException e) {
            return new Unreachable(String.valueOf(e.getMessage()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unreachable("interrupted");
          }
        },
        blocking);
  }

  private Sets answer(Request request) throws OutageException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    Sets sets = look(request);
    if (!request.isWaiting() || request.most() == 0 || !room.tryAcquire()) {
      return sets;
    }
    try {
      Request again = new Request(request.most(), true, Set.of(), Map.of());
      while (sets.tokens().isEmpty() && System.nanoTime() < end) {
        Thread.sleep(BETWEEN_LOOKS);
        sets = look(again);
      }
      return sets;
    } finally {
      room.release();
    }
  }

  private String position() throws OutageException {
    Optional<String> position = outbox.position(name());
    if (position.isPresent()) {
      return position.get();
    }
    outbox.begin(name(), clock.instant(), Duration.ZERO);
    return outbox.position(name()).orElse("");
  }

  private Sets look(Request request) throws OutageException {
    String position = position();
    Window window = window(position);
    Set<String> settled = new HashSet<>(outbox.acknowledged(name()));
    Set<String> settledNow = settle(window.wanted(), request);
    settledNow.removeAll(settled);
    count(window.wanted(), settledNow, request);
    settled.addAll(settledNow);
    List<String> passed = new ArrayList<>();
    List<Message> open = new ArrayList<>();
    String upTo = position;
    for (Message message : window.wanted()) {
      if (!settled.contains(message.id())) {
        open.add(message);
      } else if (open.isEmpty()) {
        passed.add(message.id());
        upTo = message.id();
      }
    }
    if (open.isEmpty()) {
      upTo = window.last();
    }
    settledNow.removeAll(passed);
    outbox.acknowledge(name(), settledNow);
    if (!upTo.equals(position)) {
      // Where another request was faster, what it passed is passed.
      outbox.advance(name(), position, upTo, passed);
    }
    List<Message> some = open.subList(0, Math.min(request.most(), open.size()));
    Map<String, String> sets = new LinkedHashMap<>();
    some.forEach(message -> sets.put(message.id(), tokens.token(message)));
    return new Sets(sets, open.size() > some.size());
  }

  /**
   * What comes after a position.
   *
   * @param wanted of the entries that were looked at, those to be told
   * @param last of them all
   */
  private record Window(List<Message> wanted, String last) {}

  private void count(List<Message> wanted, Set<String> settled, Request request) {
    for (Message message : wanted) {
      if (settled.contains(message.id())) {
        Tellings.Outcome outcome =
            request.taken().contains(message.id())
                ? Tellings.Outcome.TAKEN
                : Tellings.Outcome.REFUSED;
        tellings.count(name(), outcome, message, clock.instant());
      }
    }
  }

  private Window window(String position) throws OutageException {
    List<Message> wanted = new ArrayList<>();
    String last = position;
    for (int seen = 0; wanted.size() < WINDOW && seen < MOST_SEEN; ) {
      Outbox.Batch batch = outbox.after(last, BATCH);
      if (batch.isGap()) {
        LOG.error("{}: events after {} may be lost untold", name(), last);
      }
      if (batch.messages().isEmpty()) {
        if (batch.isGap()) {
          outbox.begin(name(), clock.instant(), Duration.ZERO);
        }
        break;
      }
      batch.messages().stream()
          .filter(message -> receiver.wants(message) && SessionRevoked.isTold(message))
          .forEach(wanted::add);
      seen += batch.messages().size();
      last = batch.messages().getLast().id();
    }
    return new Window(wanted, last);
  }

  /** Which of those that were told the receiver has done with. */
  private Set<String> settle(List<Message> wanted, Request request) throws OutageException {
    Set<String> settled = new HashSet<>();
    for (Message message : wanted) {
      if (request.taken().contains(message.id())) {
        settled.add(message.id());
      } else if (request.refused().containsKey(message.id())) {
        String why = request.refused().getOrDefault(message.id(), "");
        LOG.warn("{} refuses {}: {}", name(), message.id(), why);
        if (outbox.bury(name(), new DeadLetter(message, clock.instant(), 1, why))) {
          settled.add(message.id());
        } else {
          LOG.error("{}: no room for more refused events; drop some", name());
        }
      }
    }
    return settled;
  }
}
