package org.symbolon.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.symbolon.campaign.OutageException;

/** What operators see of receivers, and do with what these refused. */
public final class Receivers {
  private final Map<String, Receiver> receivers = new TreeMap<>();
  private final Outbox outbox;
  private final Executor blocking;

  /**
   * @param blocking runs what waits for the store or a receiver
   */
  public Receivers(List<Receiver> receivers, Outbox outbox, Executor blocking) {
    receivers.forEach(receiver -> this.receivers.put(receiver.name(), receiver));
    this.outbox = outbox;
    this.blocking = blocking;
  }

  /** The outcome. */
  public sealed interface Outcome
      permits Listed, Letters, Done, Unknown, RefusedAgain, Unreachable {}

  /** All receivers. */
  public record Listed(List<Line> lines) implements Outcome {}

  /**
   * One receiver.
   *
   * @param told the entry of the audit stream that it was told last
   * @param refused how many messages it has refused that are kept
   */
  public record Line(String name, Optional<String> told, int refused) {}

  /** What a receiver has refused. */
  public record Letters(List<DeadLetter> letters) implements Outcome {}

  /** It is told, or dropped. */
  public record Done() implements Outcome {}

  /** There is no such receiver or message. */
  public record Unknown() implements Outcome {}

  /** The message stays where it is. */
  public record RefusedAgain(String why) implements Outcome {}

  /** The store gave no answer. */
  public record Unreachable(String cause) implements Outcome {}

  public CompletionStage<Outcome> list() {
    return call(
        () -> {
          List<Line> lines = new ArrayList<>();
          for (String name : receivers.keySet()) {
            lines.add(new Line(name, outbox.position(name), outbox.dead(name).size()));
          }
          return new Listed(lines);
        });
  }

  /** What a receiver has refused, the oldest first. */
  public CompletionStage<Outcome> refused(String name) {
    return call(() -> receivers.containsKey(name) ? new Letters(outbox.dead(name)) : new Unknown());
  }

  /** Tells a receiver once more of what it refused. */
  public CompletionStage<Outcome> tellAgain(String name, String id) {
    return call(
        () -> {
          Receiver receiver = receivers.get(name);
          Optional<DeadLetter> letter =
              receiver == null
                  ? Optional.empty()
                  : outbox.dead(name).stream().filter(l -> l.message().id().equals(id)).findFirst();
          if (receiver == null || letter.isEmpty()) {
            return new Unknown();
          }
          return switch (receiver.target().tell(letter.get().message())) {
            case Target.Accepted _ -> {
              outbox.forget(name, id);
              yield new Done();
            }
            case Target.Refused(String why) -> new RefusedAgain(why);
            case Target.NotNow(String why, var _) -> new RefusedAgain(why);
          };
        });
  }

  /** Drops what a receiver refused. */
  public CompletionStage<Outcome> drop(String name, String id) {
    return call(
        () -> receivers.containsKey(name) && outbox.forget(name, id) ? new Done() : new Unknown());
  }

  private CompletionStage<Outcome> call(Callable<Outcome> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (OutageException e) {
            return new Unreachable(String.valueOf(e.getMessage()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unreachable("interrupted");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        blocking);
  }
}
