package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.symbolon.session.Handle;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Unavailable;

/**
 * Writes revocations. Before one is acknowledged, the store has it as safe as was asked for, this
 * node knows it whatever the store will say, and the node's journal keeps it.
 */
final class RevocationWrites {
  private static final Script REVOKE = Script.telling("revoke", ScriptOutputType.MULTI);
  private static final Script REVOKE_SUBJECT =
      Script.telling("revoke_subject", ScriptOutputType.MULTI);
  private static final Script REVOKE_EACH = Script.telling("revoke_each", ScriptOutputType.MULTI);
  private static final byte[] NOTHING = {};

  /** Sessions ended by one script call; as the next, and what it tells of them is one message. */
  private static final int EACH = 64;

  /**
   * Sessions looked at by one script call; some hundred microseconds in which Redis serves no one.
   */
  private static final int BATCH = 500;

  /** How long a mark that is ahead of the store's clock is waited for, ms. */
  private static final long MOST_AHEAD = 50;

  private final StoreCalls calls;
  private final DurableWrites durable;
  private final RevocationMemory known;
  private final RevocationJournal journal;
  private final Duration longest;
  private final LongSupplier frozen;

  /**
   * @param longest how long a session may last that is issued now
   * @param frozen as for {@link RedisSessionStore}
   */
  RevocationWrites(
      StoreCalls calls,
      DurableWrites durable,
      RevocationMemory known,
      RevocationJournal journal,
      Duration longest,
      LongSupplier frozen) {
    this.calls = calls;
    this.durable = durable;
    this.known = known;
    this.journal = journal;
    this.longest = longest;
    this.frozen = frozen;
  }

  /**
   * What a script did.
   *
   * @param revoked what is to be kept of it
   */
  private record Step(Revocation outcome, List<Revoked> revoked) {
    Step(Unavailable outage) {
      this(outage, List.of());
    }
  }

  /** Ends one session. */
  CompletionStage<Revocation> session(SubjectKey subject, Handle handle, RevocationReason reason) {
    return durable.insist(() -> end(subject, handle, reason));
  }

  private CompletionStage<Revocation> end(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    // The session's own bucket, whatever the subject's is now: a record must not outlive its end
    // because a key ring changed, and there is no index of it to clean in another slot.
    byte[][] keys = {
      Keys.session(handle), Keys.index(new SubjectKey(handle.bucket(), subject.hash()))
    };
    return calls
        .<DurableWrites.Written<List<Object>>, Step>call(
            "revoke",
            () -> durable.run(REVOKE, keys, now(), Keys.name(handle), code(reason)),
            written -> {
              long deadline = number(written.reply(), 1);
              return new Step(
                  outcome(number(written.reply(), 0), written.shortfall()),
                  deadline == 0 ? List.of() : List.of(tombstone(handle, reason, deadline)));
            },
            Step::new)
        .thenCompose(this::kept);
  }

  /** Ends some sessions, with one call for those of a lane. */
  CompletionStage<Revocation> sessions(List<SessionStore.Named> sessions, RevocationReason reason) {
    Map<Lane, List<SessionStore.Named>> lanes =
        sessions.stream().collect(Collectors.groupingBy(one -> Lane.of(one.handle().bucket())));
    CompletionStage<Revocation> all = CompletableFuture.completedStage(new Revocation.Done(0));
    for (List<SessionStore.Named> lane : lanes.values()) {
      for (int from = 0; from < lane.size(); from += EACH) {
        List<SessionStore.Named> some = lane.subList(from, Math.min(from + EACH, lane.size()));
        all =
            all.thenCombine(
                durable.insist(() -> endEach(some, reason)), RevocationWrites::together);
      }
    }
    return all;
  }

  private CompletionStage<Revocation> endEach(
      List<SessionStore.Named> sessions, RevocationReason reason) {
    byte[][] keys = new byte[2 * sessions.size()][];
    byte[][] arguments = new byte[2 + sessions.size()][];
    arguments[0] = now();
    arguments[1] = code(reason);
    for (int i = 0; i < sessions.size(); i++) {
      Handle handle = sessions.get(i).handle();
      keys[2 * i] = Keys.session(handle);
      keys[2 * i + 1] =
          Keys.index(new SubjectKey(handle.bucket(), sessions.get(i).subject().hash()));
      arguments[2 + i] = Keys.name(handle);
    }
    return calls
        .<DurableWrites.Written<List<Object>>, Step>call(
            "revoke-each",
            () -> durable.run(REVOKE_EACH, keys, arguments),
            written -> {
              List<Revoked> ended = new ArrayList<>();
              for (int i = 0; i < sessions.size(); i++) {
                long deadline = number(written.reply(), 1 + i);
                if (deadline > 0) {
                  ended.add(tombstone(sessions.get(i).handle(), reason, deadline));
                }
              }
              return new Step(outcome(number(written.reply(), 0), written.shortfall()), ended);
            },
            Step::new)
        .thenCompose(this::kept);
  }

  /** Ends all of a subject's sessions that have been issued, or all but one. */
  CompletionStage<Revocation> subject(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    if (except.isPresent()) {
      boolean isSubjects = except.get().bucket() == subject.bucket();
      byte[] spared = isSubjects ? Keys.name(except.get()) : NOTHING;
      return sweep(new Sweep(subject, spared, 0, reason), 0, new Revocation.Done(0));
    }
    return marked(subject, 0, text(longest.toMillis()), reason);
  }

  /** Ends what a subject was issued at an instant or before. */
  CompletionStage<Revocation> issued(SubjectKey subject, Instant upTo, RevocationReason reason) {
    // A length of life and no instant: the script knows which session lasts longest.
    return marked(subject, upTo.toEpochMilli(), text(-longest.toMillis()), reason);
  }

  private CompletionStage<Revocation> marked(
      SubjectKey subject, long notBefore, byte[] until, RevocationReason reason) {
    return mark(new Revoked.OfSubject(subject), reason, text(notBefore), until)
        .thenCompose(
            marked ->
                marked.outcome() instanceof Unavailable
                    ? CompletableFuture.completedStage(marked.outcome())
                    : sweep(
                        new Sweep(subject, NOTHING, marked.notBefore(), reason),
                        0,
                        marked.outcome()));
  }

  /**
   * Ends what has been issued in a scope, by its mark alone. It is acknowledged when the store's
   * clock has passed the mark, so that whoever logs in then is not taken for somebody before.
   */
  CompletionStage<Revocation> scope(Revoked.Scope scope, RevocationReason reason) {
    return mark(scope, reason, text(0), text(longest.toMillis()))
        .thenCompose(
            marked ->
                CompletableFuture.supplyAsync(
                    marked::outcome,
                    CompletableFuture.delayedExecutor(
                        Math.min(marked.ahead(), MOST_AHEAD) + 1, TimeUnit.MILLISECONDS)));
  }

  /**
   * What is swept.
   *
   * @param spared the name of a session that stays, or empty
   * @param notBefore the mark in ms after which sessions stay; 0 for none
   */
  @SuppressWarnings("ArrayRecordComponent") // No two of them are ever compared.
  private record Sweep(SubjectKey subject, byte[] spared, long notBefore, RevocationReason reason) {
    boolean isMarked() {
      return notBefore > 0;
    }
  }

  /**
   * Ends a batch of an index and then the next; what waits for one waits for those before it too.
   *
   * @param pass how many of the index have been looked at and stay
   * @param before what came of it up to now
   */
  private CompletionStage<Revocation> sweep(Sweep sweep, long pass, Revocation before) {
    return calls
        .<DurableWrites.Written<List<Object>>, Batch>call(
            "revoke-subject",
            () ->
                durable.run(
                    REVOKE_SUBJECT,
                    new byte[][] {Keys.index(sweep.subject())},
                    now(),
                    code(sweep.reason()),
                    sweep.spared(),
                    text(BATCH),
                    text(pass),
                    text(sweep.notBefore())),
            written -> batch(sweep, before, written),
            outage -> new Batch(new Step(outage), 0, false))
        .thenCompose(
            batch ->
                kept(batch.step())
                    .thenCompose(
                        outcome -> {
                          if (outcome instanceof Revocation.NotDurable) {
                            batch.step().revoked().forEach(one -> repeat(sweep, one));
                          }
                          return batch.isMore() && !(outcome instanceof Unavailable)
                              ? sweep(sweep, batch.pass(), outcome)
                              : CompletableFuture.completedStage(outcome);
                        }));
  }

  private record Batch(Step step, long pass, boolean isMore) {}

  private static Batch batch(
      Sweep sweep, Revocation before, DurableWrites.Written<List<Object>> written) {
    List<Object> reply = written.reply();
    List<Revoked> ended = new ArrayList<>();
    // What a mark covers is known and kept with it.
    for (int i = 3; i < reply.size() && !sweep.isMarked(); i += 2) {
      Handle handle = Keys.handle(sweep.subject().bucket(), (byte[]) reply.get(i));
      ended.add(tombstone(handle, sweep.reason(), number(reply, i + 1)));
    }
    Revocation outcome = together(before, outcome(number(reply, 0), written.shortfall()));
    return new Batch(new Step(outcome, ended), number(reply, 1), number(reply, 2) > 0);
  }

  private void repeat(Sweep sweep, Revoked one) {
    if (one instanceof Revoked.Tombstone(Handle handle, RevocationReason reason, Instant _)) {
      durable.repeat(() -> end(sweep.subject(), handle, reason));
    }
  }

  /**
   * What came of a mark.
   *
   * @param mark as it is now; empty where the store gave no answer
   * @param ahead how far it is ahead of the store's clock, ms
   */
  private record Marked(Revocation outcome, Optional<Revoked.Mark> mark, long ahead) {
    long notBefore() {
      return mark.map(known -> known.notBefore().toEpochMilli()).orElse(0L);
    }
  }

  private CompletionStage<Marked> mark(
      Revoked.Scope scope, RevocationReason reason, byte[] since, byte[] until) {
    return set(scope, reason, since, until)
        .thenApply(
            marked -> {
              // Only now is it known which sessions are meant; those issued later are not.
              if (marked.outcome() instanceof Revocation.NotDurable) {
                byte[] notBefore = text(marked.notBefore());
                durable.repeat(
                    () -> set(scope, reason, notBefore, text(0)).thenApply(Marked::outcome));
              }
              return marked;
            });
  }

  private CompletionStage<Marked> set(
      Revoked.Scope scope, RevocationReason reason, byte[] notBefore, byte[] until) {
    return calls
        .<DurableWrites.Written<List<Object>>, Marked>call(
            "mark",
            () ->
                durable.run(
                    StoredMark.SET,
                    StoredMark.keys(scope),
                    now(),
                    StoredMark.field(scope),
                    notBefore,
                    until,
                    code(reason),
                    StoredMark.newVersion(),
                    text(known.latest().toEpochMilli())),
            written -> {
              Instant since = Instant.ofEpochMilli(number(written.reply(), 2));
              return new Marked(
                  outcome(0, written.shortfall()),
                  Optional.of(
                      new Revoked.Mark(
                          scope, since, reason, Instant.ofEpochMilli(number(written.reply(), 3)))),
                  since.toEpochMilli() - number(written.reply(), 1));
            },
            outage -> new Marked(outage, Optional.empty(), 0))
        .thenCompose(
            marked ->
                kept(new Step(marked.outcome(), List.copyOf(marked.mark().stream().toList())))
                    .thenApply(outcome -> new Marked(outcome, marked.mark(), marked.ahead())));
  }

  private CompletionStage<Revocation> kept(Step step) {
    if (step.revoked().isEmpty()) {
      return CompletableFuture.completedStage(step.outcome());
    }
    step.revoked().forEach(known::learn);
    return journal
        .append(step.revoked())
        .thenApply(
            outcome ->
                switch (outcome) {
                  case RevocationJournal.Kept _ -> step.outcome();
                  case RevocationJournal.Refused(String reason) ->
                      together(
                          new Revocation.NotDurable(0, "this node's journal: " + reason),
                          step.outcome());
                });
  }

  private static Revoked.Tombstone tombstone(
      Handle handle, RevocationReason reason, long deadline) {
    return new Revoked.Tombstone(handle, reason, Instant.ofEpochMilli(deadline));
  }

  private static Revocation outcome(long count, Optional<String> shortfall) {
    return shortfall
        .<Revocation>map(missing -> new Revocation.NotDurable((int) count, missing))
        .orElseGet(() -> new Revocation.Done((int) count));
  }

  private static Revocation together(Revocation one, Revocation other) {
    return switch (one) {
      case Revocation.Done(int count) ->
          switch (other) {
            case Revocation.Done(int more) -> new Revocation.Done(count + more);
            case Revocation.NotDurable(int more, String missing) ->
                new Revocation.NotDurable(count + more, missing);
            case Unavailable outage -> outage;
          };
      case Revocation.NotDurable(int count, String missing) ->
          switch (other) {
            case Revocation.Done(int more) -> new Revocation.NotDurable(count + more, missing);
            case Revocation.NotDurable(int more, var _) ->
                new Revocation.NotDurable(count + more, missing);
            case Unavailable outage -> outage;
          };
      case Unavailable outage -> outage;
    };
  }

  private byte[] now() {
    return text(frozen.getAsLong());
  }

  private static byte[] code(RevocationReason reason) {
    return text(SessionRecord.code(reason));
  }

  private static long number(List<Object> reply, int place) {
    return (Long) reply.get(place);
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
