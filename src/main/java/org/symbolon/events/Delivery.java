package org.symbolon.events;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.campaign.OutageException;

/**
 * Tells one receiver, on a thread of its own, for as long as this node has the right to. A message
 * is told again until it is taken or put aside; while nobody answers, those after it wait.
 */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final int BATCH = 100;
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final Receiver receiver;
  private final Outbox outbox;
  private final Pauses pauses;
  private final InstantSource clock;
  private final Tellings tellings;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * How long to wait.
   *
   * @param idle between two looks for messages
   * @param first after the first attempt in vain; doubled each time
   * @param longest the longest of these
   * @param lease how long others keep off when this node is gone
   */
  public record Pauses(Duration idle, Duration first, Duration longest, Duration lease) {
    public static final Pauses USUAL =
        new Pauses(
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30));
  }

  private Delivery(
      Receiver receiver, Outbox outbox, Pauses pauses, InstantSource clock, Tellings tellings) {
    this.tellings = tellings;
    this.receiver = receiver;
    this.outbox = outbox;
    this.pauses = pauses;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("tells " + receiver.name()).unstarted(this::run);
  }

  /** Begins to tell a receiver. */
  public static Delivery begin(
      Receiver receiver, Outbox outbox, Pauses pauses, InstantSource clock, Tellings tellings) {
    Delivery delivery = new Delivery(receiver, outbox, pauses, clock, tellings);
    delivery.thread.start();
    return delivery;
  }

  private void run() {
    try {
      while (!isClosing()) {
        boolean isMore;
        try {
          isMore = round();
        } catch (OutageException e) {
          LOG.debug("{}: no answer of the store: {}", receiver.name(), e.getMessage());
          isMore = false;
        } catch (RuntimeException e) {
          LOG.error("{} can't be told", receiver.name(), e);
          isMore = false;
        }
        if (!isMore) {
          pause(pauses.idle().toMillis());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells what there is; whether there may be more at once. */
  private boolean round() throws OutageException, InterruptedException {
    Optional<String> last = outbox.lease(receiver.name(), pauses.lease());
    if (last.isEmpty()) {
      return false;
    }
    if (last.get().isEmpty()) {
      // Told from now on: what happened before it was configured is none of its business.
      return outbox.begin(receiver.name(), clock.instant(), pauses.lease());
    }
    Outbox.Batch batch = outbox.after(last.get(), BATCH);
    if (batch.isGap()) {
      LOG.error("{}: events after {} may be lost untold", receiver.name(), last.get());
      if (batch.messages().isEmpty()) {
        return outbox.begin(receiver.name(), clock.instant(), pauses.lease());
      }
    }
    List<Message> messages = batch.messages();
    String passed = "";
    for (Message message : messages) {
      if (!receiver.wants(message)) {
        passed = message.id();
        continue;
      }
      if (!tell(message)) {
        return false;
      }
      passed = "";
    }
    return passed.isEmpty()
        ? !messages.isEmpty()
        : outbox.told(receiver.name(), passed, pauses.lease());
  }

  /** Tells until it is settled; false where this node has no right to any more. */
  private boolean tell(Message message) throws OutageException, InterruptedException {
    int refusals = 0;
    Duration pause = pauses.first();
    while (!isClosing()) {
      Duration atLeast = Duration.ZERO;
      switch (receiver.target().tell(message)) {
        case Target.Accepted _ -> {
          count(Tellings.Outcome.TAKEN, message);
          return outbox.told(receiver.name(), message.id(), pauses.lease());
        }
        case Target.Refused(String why) -> {
          refusals++;
          count(Tellings.Outcome.REFUSED, message);
          LOG.warn("{} refuses {}: {}", receiver.name(), message.id(), why);
          if (refusals >= receiver.attempts()) {
            DeadLetter letter = new DeadLetter(message, clock.instant(), refusals, why);
            switch (outbox.refused(receiver.name(), letter, pauses.lease())) {
              case KEPT -> {
                return true;
              }
              case NOT_OURS -> {
                return false;
              }
              case NO_ROOM ->
                  LOG.error(
                      "{}: no room for more refused events; deliver them again or drop them",
                      receiver.name());
            }
          }
        }
        case Target.NotNow(String why, Duration wanted) -> {
          count(Tellings.Outcome.UNANSWERED, message);
          LOG.warn("{} does not answer: {}", receiver.name(), why);
          atLeast = wanted;
        }
      }
      Duration wait = pause.compareTo(atLeast) > 0 ? pause : atLeast;
      if (!rest(wait)) {
        return false;
      }
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(pauses.longest()) > 0 ? pauses.longest() : doubled;
    }
    return false;
  }

  private void count(Tellings.Outcome outcome, Message message) {
    tellings.count(receiver.name(), outcome, message, clock.instant());
  }

  /** Waits about so long, and keeps the right meanwhile; false where it is lost. */
  private boolean rest(Duration wait) throws OutageException, InterruptedException {
    long left = wait.toMillis() + ThreadLocalRandom.current().nextLong(wait.toMillis() / 4 + 1);
    long slice = pauses.lease().toMillis() / 3;
    while (left > 0 && !isClosing()) {
      pause(Math.min(left, slice));
      left -= slice;
      if (outbox.lease(receiver.name(), pauses.lease()).isEmpty()) {
        return false;
      }
    }
    return !isClosing();
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Waits, but not for what ends. */
  private void pause(long millis) throws InterruptedException {
    var _ = closing.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Ends, when what was just taken is noted; another node goes on at once. */
  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    if (!thread.join(CLOSING)) {
      thread.interrupt();
      thread.join();
    }
    try {
      outbox.lease(receiver.name(), Duration.ZERO);
    } catch (OutageException e) {
      LOG.debug("{}: the right to tell it ends by itself", receiver.name());
    }
  }
}
