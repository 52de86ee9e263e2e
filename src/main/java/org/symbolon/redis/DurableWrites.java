package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.Revocation;
import org.symbolon.session.Unavailable;

/**
 * Runs scripts and tells whether what they wrote is where it has to be. {@code WAIT} counts what
 * was written over its own connection, and holds that up, so these writes have one to each master;
 * what comes meanwhile is written together and waited for once.
 */
final class DurableWrites {
  private static final ProtocolKeyword WAITAOF = new Waitaof();
  private static final Logger LOG = LoggerFactory.getLogger(DurableWrites.class);
  private static final long INSISTING = Duration.ofMinutes(10).toNanos();
  private static final long REPEATED_MILLIS = 500;

  /** Calls while a slot moves, each of half a timeout at most. */
  private static final int MOVING = 8;

  /** What is said of a slot that moves. */
  private static final List<String> MOVES = List.of(Script.TRY_AGAIN, Script.MOVED, Script.ASK);

  private static final int MOST_REPEATED = 10_000;
  private static final Duration MARK = Duration.ofSeconds(1);
  private static final Script BEHIND = Script.load("behind", ScriptOutputType.STATUS);
  private static final Duration MOST = Duration.ofSeconds(1);
  private final RedisLink link;
  private final Durability durability;
  private final Duration patience;
  private final AtomicInteger repeated = new AtomicInteger();
  private final Map<RedisAsyncCommands<byte[], byte[]>, Group> groups = new ConcurrentHashMap<>();

  DurableWrites(RedisLink link, Durability durability) {
    this.link = link;
    this.durability = durability;
    // A write may wait for a group before its own, and both within a call's timeout; a connection
    // that is held up for longer than a second or two counts as dead.
    Duration half = link.timeout().dividedBy(2);
    this.patience = half.compareTo(MOST) < 0 ? half : MOST;
  }

  /**
   * A reply, and whether what was written is safe.
   *
   * @param shortfall what is missing, for operators; empty where nothing is
   */
  record Written<T>(T reply, Optional<String> shortfall) {}

  /**
   * Revokes, and again until it is done and safe, for some minutes. Only for what does nothing
   * where it has been done before.
   */
  CompletionStage<Revocation> insist(Supplier<CompletionStage<Revocation>> revoke) {
    return patiently(revoke, MOVING)
        .thenApply(
            revocation -> {
              if (!(revocation instanceof Revocation.Done)) {
                repeat(revoke);
              }
              return revocation;
            });
  }

  /** While a slot moves whoever revokes waits for longer than for a store that is away. */
  private static CompletionStage<Revocation> patiently(
      Supplier<CompletionStage<Revocation>> revoke, int attempts) {
    return once(revoke)
        .thenCompose(
            revocation ->
                attempts > 1 && isMoving(revocation)
                    ? CompletableFuture.supplyAsync(() -> attempts - 1, Script.SOON)
                        .thenCompose(left -> patiently(revoke, left))
                        .thenApply(next -> counting(revocation, next))
                    : CompletableFuture.completedStage(revocation));
  }

  private static boolean isMoving(Revocation revocation) {
    String told =
        switch (revocation) {
          case Revocation.Done _ -> "";
          case Revocation.NotDurable(int _, String reason) -> reason;
          case Unavailable(String cause) -> cause;
        };
    return MOVES.stream().anyMatch(told::contains);
  }

  /** Those of the first time are ended; the next finds them so. */
  private static Revocation counting(Revocation first, Revocation next) {
    int before = first instanceof Revocation.NotDurable(int count, String _) ? count : 0;
    return switch (next) {
      case Revocation.Done(int count) -> new Revocation.Done(before + count);
      case Revocation.NotDurable(int count, String reason) ->
          new Revocation.NotDurable(before + count, reason);
      case Unavailable outage -> outage;
    };
  }

  /** Does in a while what {@link #insist} does the first time. */
  void repeat(Supplier<CompletionStage<Revocation>> revoke) {
    repeat(revoke, System.nanoTime() + INSISTING);
  }

  private static CompletionStage<Revocation> once(Supplier<CompletionStage<Revocation>> revoke) {
    CompletionStage<Revocation> revocation;
    try {
      revocation = revoke.get();
    } catch (RuntimeException e) {
      revocation = CompletableFuture.failedStage(e);
    }
    return revocation.exceptionally(failure -> new Unavailable(StoreCalls.outcome(failure)));
  }

  private void repeat(Supplier<CompletionStage<Revocation>> revoke, long end) {
    if (System.nanoTime() > end || repeated.incrementAndGet() > MOST_REPEATED) {
      repeated.decrementAndGet();
      LOG.error("a revocation is given up that was not acknowledged as durable");
      return;
    }
    Runnable again =
        () ->
            once(revoke)
                .thenAccept(
                    revocation -> {
                      repeated.decrementAndGet();
                      if (!(revocation instanceof Revocation.Done)) {
                        repeat(revoke, end);
                      }
                    });
    try {
      var _ = link.scheduler().schedule(again, REPEATED_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The link is closed.
      repeated.decrementAndGet();
    }
  }

  /** Runs a script on the master of its first key; the stage fails where the script does. */
  <T> CompletionStage<Written<T>> run(Script script, byte[][] keys, byte[]... arguments) {
    if (durability.level() == Durability.Level.MEMORY) {
      return script
          .<T>run(link.commands(), keys, arguments)
          .thenApply(reply -> new Written<>(reply, Optional.empty()));
    }
    return link.masters()
        .call(
            keys[0],
            (master, isAsked) ->
                this.<T>join(
                    keys[0],
                    isAsked,
                    master,
                    commands ->
                        isAsked
                            ? script.ask(commands, keys, arguments)
                            : script.run(commands, keys, arguments)));
  }

  private <T> CompletionStage<Written<T>> join(
      byte[] key,
      boolean isAsked,
      RedisAsyncCommands<byte[], byte[]> master,
      Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
    Write<T> write =
        new Write<>(key, isAsked, command, new CompletableFuture<>(), new CompletableFuture<>());
    groups.computeIfAbsent(master, Group::new).add(write);
    return write.reply().thenCombine(write.shortfall(), Written::new);
  }

  /**
   * One command that somebody waits for.
   *
   * @param isAsked whether its key's slot is just moving to the master
   */
  @SuppressWarnings("ArrayRecordComponent") // No two of them are ever compared.
  private record Write<T>(
      byte[] key,
      boolean isAsked,
      Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command,
      CompletableFuture<T> reply,
      CompletableFuture<Optional<String>> shortfall) {

    boolean isDone() {
      return reply.isDone() && !reply.isCompletedExceptionally();
    }

    void send(RedisAsyncCommands<byte[], byte[]> commands) {
      try {
        command
            .apply(commands)
            .whenComplete(
                (result, failure) -> {
                  if (failure == null) {
                    reply.complete(result);
                  } else {
                    reply.completeExceptionally(StoreCalls.unwrap(failure));
                  }
                });
      } catch (RuntimeException e) {
        reply.completeExceptionally(e);
      }
    }
  }

  /** The writes over one connection: those that are under way, and those that wait for them. */
  private final class Group {
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private List<Write<?>> waiting = new ArrayList<>();
    private boolean isUnderWay;

    Group(RedisAsyncCommands<byte[], byte[]> commands) {
      this.commands = commands;
    }

    void add(Write<?> write) {
      synchronized (this) {
        waiting.add(write);
        if (isUnderWay) {
          return;
        }
        isUnderWay = true;
      }
      next();
    }

    private void next() {
      List<Write<?>> writes;
      synchronized (this) {
        if (waiting.isEmpty()) {
          isUnderWay = false;
          groups.remove(commands, this);
          return;
        }
        writes = waiting;
        waiting = new ArrayList<>();
      }
      long started = System.nanoTime();
      long closed = link.channels().closed();
      writes.forEach(write -> write.send(commands));
      CompletableFuture<String> mark = mark(writes.getFirst());
      CompletableFuture<List<Object>> role = role();
      var _ =
          CompletableFuture.allOf(
                  writes.stream().map(Write::reply).toArray(CompletableFuture[]::new))
              .handle((_, _) -> writes.stream().filter(Write::isDone).findFirst())
              .thenCompose(
                  done ->
                      done.isEmpty()
                          ? CompletableFuture.completedStage(Optional.<String>empty())
                          : mark.exceptionallyCompose(_ -> markAgain(done.get()))
                              .thenCompose(_ -> role)
                              .thenCompose(known -> shortfall(known, started)))
              .handle((shortfall, failure) -> failure == null ? shortfall : told(failure))
              .thenAccept(
                  shortfall -> {
                    // What is waited for over another connection than it was written over is not
                    // waited for at all.
                    Optional<String> told =
                        link.channels().closed() == closed
                            ? shortfall
                            : Optional.of("a connection to the store was lost meanwhile");
                    tell(writes, told);
                    next();
                  });
    }

    /** At once, or when every node asks the master that they were written to. */
    private void tell(List<Write<?>> writes, Optional<String> shortfall) {
      long unsettled = link.masters().unsettled();
      Runnable telling = () -> writes.forEach(write -> write.shortfall().complete(shortfall));
      if (unsettled == 0) {
        telling.run();
      } else {
        var _ = link.scheduler().schedule(telling, unsettled, TimeUnit.NANOSECONDS);
      }
    }

    /**
     * Writes anything behind the scripts: one that finds its work done writes nothing, and what was
     * done over another connection has to be waited for as well. It fails where the slot moves
     * away.
     */
    private CompletableFuture<String> mark(Write<?> write) {
      try {
        if (write.isAsked()) {
          var _ = commands.asking();
        }
        return commands
            .set(Keys.mark(write.key()), new byte[] {49}, SetArgs.Builder.px(MARK.toMillis()))
            .toCompletableFuture();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    /** The same behind a write that was done, on a full server as well. */
    private CompletionStage<String> markAgain(Write<?> write) {
      byte[][] keys = {Keys.mark(write.key())};
      byte[] life = Long.toString(MARK.toMillis()).getBytes(StandardCharsets.US_ASCII);
      return write.isAsked() ? BEHIND.ask(commands, keys, life) : BEHIND.run(commands, keys, life);
    }

    private CompletableFuture<List<Object>> role() {
      try {
        return commands.role().toCompletableFuture();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    private CompletionStage<Optional<String>> shortfall(List<Object> role, long started) {
      if (!(role.get(0) instanceof byte[] name)
          || !new String(name, StandardCharsets.US_ASCII).equals("master")
          || !(role.get(2) instanceof List<?> online)) {
        return CompletableFuture.completedStage(Optional.of("the server is no master any more"));
      }
      int replicas = online.size();
      if (replicas < durability.minReplicas()) {
        return CompletableFuture.completedStage(
            Optional.of(
                "%d of at least %d replicas are connected"
                    .formatted(replicas, durability.minReplicas())));
      }
      long left = patience.toMillis() - (System.nanoTime() - started) / 1_000_000;
      long wait = Math.max(1, left);
      return switch (durability.level()) {
        case MEMORY -> CompletableFuture.completedStage(Optional.empty());
        case REPLICAS ->
            replicas == 0
                ? CompletableFuture.completedStage(Optional.empty())
                : commands
                    .waitForReplication(replicas, wait)
                    .thenApply(reached -> missing(reached, replicas));
        case FSYNC -> waitaof(replicas, wait);
      };
    }

    private CompletionStage<Optional<String>> waitaof(int replicas, long wait) {
      CommandArgs<byte[], byte[]> arguments =
          new CommandArgs<>(ByteArrayCodec.INSTANCE).add(1).add(0).add(wait);
      CompletionStage<List<Object>> local =
          commands.dispatch(WAITAOF, new ArrayOutput<>(ByteArrayCodec.INSTANCE), arguments);
      CompletionStage<Long> memory =
          replicas == 0
              ? CompletableFuture.completedStage(0L)
              : commands.waitForReplication(replicas, wait);
      return local.thenCombine(
          memory,
          (disks, reached) ->
              disks.getFirst() instanceof Long written && written == 1
                  ? missing(reached, replicas)
                  : Optional.of("the master has not written it to its disk"));
    }

    private static Optional<String> missing(long reached, int replicas) {
      return reached >= replicas
          ? Optional.empty()
          : Optional.of("%d of %d replicas have it".formatted(reached, replicas));
    }
  }

  private static Optional<String> told(Throwable failure) {
    Throwable cause = StoreCalls.unwrap(failure);
    return Optional.of(StoreCalls.outcome(cause) + ", " + cause.getMessage());
  }

  /** A command that the client library does not name. */
  private record Waitaof() implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return "WAITAOF".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
      return "WAITAOF";
    }
  }
}
