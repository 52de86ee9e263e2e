package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Authentication;
import org.symbolon.session.Binding;
import org.symbolon.session.Handle;
import org.symbolon.session.Indicators;
import org.symbolon.session.Listing;
import org.symbolon.session.Revocation;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.RevocationMemory;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.RotationPolicy;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.SubjectLimit;
import org.symbolon.session.Timeouts;

/** Keeps sessions in Redis; what changes one is a script, and what reads one is a GET. */
public final class RedisSessionStore implements SessionStore {
  private static final Script CREATE = Script.telling("create", ScriptOutputType.MULTI);
  private static final Script TOUCH = Script.load("touch", ScriptOutputType.INTEGER);
  private static final Script LIST = Script.load("list", ScriptOutputType.MULTI);
  private static final Script ROTATE = Script.telling("rotate", ScriptOutputType.MULTI);
  private static final Script ELEVATE = Script.telling("elevate", ScriptOutputType.MULTI);
  private static final Script BIND = Script.telling("bind", ScriptOutputType.MULTI);
  private static final Script LEARN = Script.telling("learn", ScriptOutputType.INTEGER);
  private static final byte[] NOTHING = {};
  private static final int TAKEN = 0;
  private static final int FULL = 1;

  /** The largest {@link SubjectLimit}; an index has no more members. */
  private static final int LISTED = 1000;

  private final RedisLink link;
  private final StoreClock clock;
  private final StoreCalls calls;
  private final LaneMarks marks;
  private final RevocationWrites revocations;
  private final RevocationMemory known;
  private final LongSupplier frozen;
  private final Set<Handle> touching = ConcurrentHashMap.newKeySet();
  private final Set<Handle> learning = ConcurrentHashMap.newKeySet();

  /**
   * A store that nobody remembers the revocations of beside Redis.
   *
   * @param durability where a revocation has to be before it is acknowledged
   */
  public RedisSessionStore(
      RedisLink link, StoreClock clock, Indicators indicators, Durability durability) {
    this(
        link,
        clock,
        indicators,
        durability,
        RevocationMemory.NONE,
        RevocationJournal.NONE,
        Timeouts.LONGEST);
  }

  /**
   * A store over a link.
   *
   * @param durability where a revocation has to be before it is acknowledged
   * @param known is told of every mark that stood when a session was found, and of every revocation
   *     of this node before it is acknowledged
   * @param journal keeps the revocations of this node before they are acknowledged
   * @param longest how long a session may last that is issued now
   */
  public RedisSessionStore(
      RedisLink link,
      StoreClock clock,
      Indicators indicators,
      Durability durability,
      RevocationMemory known,
      RevocationJournal journal,
      Duration longest) {
    this(link, clock, indicators, durability, known, journal, longest, () -> 0);
  }

  /**
   * For tests that travel in time.
   *
   * @param frozen the instant to take for the store's now, in ms; 0 for the store's own clock
   */
  RedisSessionStore(
      RedisLink link,
      StoreClock clock,
      Indicators indicators,
      Durability durability,
      RevocationMemory known,
      RevocationJournal journal,
      Duration longest,
      LongSupplier frozen) {
    this.link = link;
    this.clock = clock;
    this.calls = new StoreCalls(link, indicators);
    this.marks = new LaneMarks(link, known);
    this.known = known;
    this.frozen = frozen;
    this.revocations =
        new RevocationWrites(
            calls, new DurableWrites(link, durability), known, journal, longest, frozen);
  }

  /** Reads the marks of all lanes, so that the first who are looked for need not wait for them. */
  public CompletionStage<Void> readMarks() {
    return marks.readAll();
  }

  @Override
  public CompletionStage<Creation> create(Draft draft, SubjectLimit limit) {
    SubjectKey subject = draft.subjectKey();
    requireBucket(subject, draft.handle());
    draft.replaces().ifPresent(old -> requireBucket(subject, old));
    byte[] record = SessionRecord.encode(draft);
    byte[][] keys = {
      Keys.session(draft.handle()), Keys.index(subject), Lane.of(subject.bucket()).marks()
    };
    return calls.<List<Object>, Creation>call(
        "create",
        () ->
            CREATE.run(
                commands(),
                keys,
                now(),
                Keys.name(draft.handle()),
                record,
                text(draft.timeouts().idle().toMillis()),
                text(draft.timeouts().absolute().toMillis()),
                text(limit.max()),
                text(
                    switch (limit.whenReached()) {
                      case REJECT -> 0;
                      case EVICT_OLDEST -> 1;
                      case EVICT_LEAST_USED -> 2;
                    }),
                draft.replaces().map(Keys::name).orElse(NOTHING),
                text(known.notBefore(draft.tenant()).toEpochMilli()),
                text(known.latest().toEpochMilli())),
        reply -> created(draft, record, reply),
        outage -> outage);
  }

  private static Creation created(Draft draft, byte[] record, List<Object> reply) {
    int outcome = (int) (long) (Long) reply.get(0);
    if (outcome == TAKEN) {
      return new HandleTaken();
    }
    if (outcome == FULL) {
      return new Full();
    }
    List<Handle> evicted =
        reply.stream()
            .skip(3)
            .map(name -> Keys.handle(draft.subjectKey().bucket(), (byte[]) name))
            .toList();
    Instant now = Instant.ofEpochMilli((Long) reply.get(1));
    Instant issued = Instant.ofEpochMilli((Long) reply.get(2));
    return new Created(SessionRecord.issued(draft, record, issued, now), evicted);
  }

  @Override
  public CompletionStage<Finding> find(Handle handle) {
    return calls.<byte @Nullable [], Finding>call(
        "find",
        () -> marks.find(Keys.session(handle), Lane.of(handle.bucket())),
        record -> record == null ? new Absent() : SessionRecord.decode(handle, record, instant()),
        outage -> outage);
  }

  @Override
  public void touch(Session session) {
    Handle handle = session.handle();
    if (!touching.add(handle)) {
      return;
    }
    byte[][] keys = {Keys.session(handle)};
    CompletionStage<Boolean> recorded =
        calls.<Long, Boolean>call(
            "touch", () -> TOUCH.run(commands(), keys, now()), reply -> reply == 1, _ -> false);
    recorded.whenComplete((_, _) -> touching.remove(handle));
  }

  @Override
  public void learn(Session session, SignalHashes signals) {
    Handle handle = session.handle();
    if (!learning.add(handle)) {
      return;
    }
    byte[][] keys = {Keys.session(handle)};
    CompletionStage<Boolean> recorded =
        calls.<Long, Boolean>call(
            "learn",
            () ->
                LEARN.run(
                    commands(),
                    keys,
                    now(),
                    text(session.generation()),
                    SessionRecord.signals(session.signals()),
                    SessionRecord.signals(signals),
                    text(signals.differFrom(session.signals()) ? 1 : 0)),
            reply -> reply == 1,
            _ -> false);
    recorded.whenComplete((_, _) -> learning.remove(handle));
  }

  @Override
  public CompletionStage<Revocation> revoke(
      SubjectKey subject, Handle handle, RevocationReason reason) {
    return revocations.session(subject, handle, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeEach(List<Named> sessions, RevocationReason reason) {
    return revocations.sessions(sessions, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeAll(
      SubjectKey subject, Optional<Handle> except, RevocationReason reason) {
    return revocations.subject(subject, except, reason);
  }

  @Override
  public CompletionStage<Revocation> revokeIssued(
      SubjectKey subject, Instant upTo, RevocationReason reason) {
    return revocations.issued(subject, upTo, reason);
  }

  @Override
  public CompletionStage<Revocation> revoke(Revoked.Scope scope, RevocationReason reason) {
    return revocations.scope(scope, reason);
  }

  @Override
  public CompletionStage<Rotation> rotate(Sight sight) {
    Handle handle = sight.session().handle();
    requireBucket(sight.subject(), handle);
    byte[][] keys = {Keys.session(handle), Keys.index(sight.subject())};
    RotationPolicy policy = sight.policy();
    return calls.<List<Object>, Rotation>call(
        "rotate",
        () ->
            ROTATE.run(
                commands(),
                keys,
                now(),
                Keys.name(handle),
                text(sight.generation()),
                text(sight.presentedKey()),
                text(
                    switch (sight.ask()) {
                      case CONFIRM -> 0;
                      case ROTATE_IF_AGED -> 1;
                      case ROTATE -> 2;
                    }),
                text(policy.age().toMillis()),
                text(policy.overlap().toMillis()),
                text(sight.signingKey()),
                text(
                    switch (policy.onReuse()) {
                      case REPORT, REVOKE_SUBJECT -> 0;
                      case REVOKE_SESSION -> 1;
                    }),
                text(SessionRecord.code(RevocationReason.REUSE))),
        reply -> RotationReplies.rotation(handle, reply),
        outage -> outage);
  }

  @Override
  public CompletionStage<Elevation> elevate(
      Session read, Authentication authentication, RotationPolicy policy, int key) {
    Handle handle = read.handle();
    byte[][] keys = {Keys.session(handle)};
    return calls.<List<Object>, Elevation>call(
        "elevate",
        () ->
            ELEVATE.run(
                commands(),
                keys,
                now(),
                text(read.generation()),
                text(key),
                SessionRecord.time(authentication.time()),
                SessionRecord.tail(read, authentication),
                text(policy.overlap().toMillis())),
        reply -> RotationReplies.elevation(handle, reply),
        outage -> outage);
  }

  @Override
  public CompletionStage<Listing> list(SubjectKey subject) {
    byte[][] keys = {Keys.index(subject)};
    return calls.<List<Object>, Listing>call(
        "list",
        () -> LIST.run(commands(), keys, now(), text(LISTED)),
        reply -> listed(subject.bucket(), reply),
        outage -> outage);
  }

  @Override
  public CompletionStage<Fastening> bind(Handle handle, Binding binding) {
    byte[][] keys = {Keys.session(handle)};
    return calls.<List<Object>, Fastening>call(
        "bind",
        () -> BIND.run(commands(), keys, now(), SessionRecord.binding(binding)),
        reply -> RotationReplies.fastening(handle, reply),
        outage -> outage);
  }

  private static Listing listed(int bucket, List<Object> reply) {
    List<Session> sessions = new ArrayList<>(reply.size() / 2);
    for (int i = 0; i < reply.size(); i += 2) {
      Handle handle = Keys.handle(bucket, (byte[]) reply.get(i));
      sessions.add(SessionRecord.session(handle, (byte[]) reply.get(i + 1)));
    }
    sessions.sort(
        Comparator.comparing(Session::issuedAt).thenComparing(s -> s.handle().toString()));
    return new Listing.Sessions(List.copyOf(sessions));
  }

  private RedisClusterAsyncCommands<byte[], byte[]> commands() {
    return link.commands();
  }

  private Instant instant() {
    long instant = frozen.getAsLong();
    return instant == 0 ? clock.instant() : Instant.ofEpochMilli(instant);
  }

  private byte[] now() {
    return text(frozen.getAsLong());
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  private static void requireBucket(SubjectKey subject, Handle handle) {
    if (handle.bucket() != subject.bucket()) {
      throw new IllegalArgumentException("handle: the subject's bucket needed");
    }
  }
}
