package org.symbolon.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.symbolon.campaign.OutageException;
import org.symbolon.events.DeadLetter;
import org.symbolon.events.Message;
import org.symbolon.events.Outbox;

/** Reads the audit stream, and keeps how far each receiver was told of it in the common lane. */
public final class RedisOutbox implements Outbox {
  private static final Script SCRIPT = Script.load("outbox", ScriptOutputType.MULTI);
  private static final Script POLLED = Script.load("polled", ScriptOutputType.INTEGER);

  /** By how much an entry is gone back to whose place in the stream is lost, in ms. */
  private static final long BACK = 10_000;

  /** No entry has it: what a moment is known by. */
  private static final String MOMENT = "-18446744073709551615";

  private final RedisLink link;
  private final String node;

  /**
   * @param node this node's name among those that want to tell
   */
  public RedisOutbox(RedisLink link, String node) {
    this.link = link;
    this.node = node;
  }

  private record Reply(long code, String told) {}

  @Override
  public Optional<String> lease(String receiver, Duration life) throws OutageException {
    Reply reply = run(receiver, life, "", "");
    return reply.code() == 1 ? Optional.of(reply.told()) : Optional.empty();
  }

  @Override
  public boolean begin(String receiver, Instant at, Duration life) throws OutageException {
    return told(receiver, at.toEpochMilli() + MOMENT, life);
  }

  @Override
  public boolean told(String receiver, String id, Duration life) throws OutageException {
    return run(receiver, life, id, "").code() == 1;
  }

  @Override
  public Burial refused(String receiver, DeadLetter letter, Duration life) throws OutageException {
    return switch ((int) run(receiver, life, letter.message().id(), letter.text()).code()) {
      case 0 -> Burial.NOT_OURS;
      case 1 -> Burial.KEPT;
      default -> Burial.NO_ROOM;
    };
  }

  private Reply run(String receiver, Duration life, String told, String letter)
      throws OutageException {
    byte[][] keys = {state(receiver), letters(receiver)};
    return Waiting.on(
        link,
        () ->
            SCRIPT.<List<Object>>run(
                link.commands(),
                keys,
                bytes(node),
                bytes(Long.toString(life.toMillis())),
                bytes(told),
                bytes(letter),
                bytes(Integer.toString(MOST_DEAD))),
        reply -> new Reply((Long) reply.get(0), text((byte[]) reply.get(1))));
  }

  @Override
  public Batch after(String id, int most) throws OutageException {
    String entry = RedisSubjectSignals.entry(id);
    List<Message> messages = range(Range.Boundary.including(entry), most + 1);
    if (!messages.isEmpty() && RedisSubjectSignals.entry(messages.getFirst().id()).equals(entry)) {
      int told = messages.stream().map(Message::id).toList().indexOf(id);
      return batch(messages.subList(told + 1, messages.size()), most, false);
    }
    if (id.endsWith(MOMENT)) {
      return batch(messages, most, false);
    }
    long millis = Long.parseLong(id.substring(0, id.indexOf('-')));
    return batch(
        range(Range.Boundary.including(Math.max(0, millis - BACK) + "-0"), most), most, true);
  }

  private static Batch batch(List<Message> messages, int most, boolean isGap) {
    return new Batch(messages.subList(0, Math.min(most, messages.size())), isGap);
  }

  private List<Message> range(Range.Boundary<String> from, int most) throws OutageException {
    return Waiting.on(
        link,
        () ->
            link.commands()
                .xrange(Keys.AUDIT, Range.from(from, Range.Boundary.unbounded()), Limit.from(most)),
        entries -> entries.stream().flatMap(entry -> messages(entry).stream()).toList());
  }

  private static List<Message> messages(StreamMessage<byte[], byte[]> entry) {
    Map<String, String> fields = new TreeMap<>();
    entry.getBody().forEach((name, value) -> fields.put(text(name), text(value)));
    return RedisSubjectSignals.messages(entry.getId(), fields);
  }

  @Override
  public List<DeadLetter> dead(String receiver) throws OutageException {
    return Waiting.on(
        link,
        () -> Waiting.hgetall(link, letters(receiver)),
        answer ->
            Waiting.fields(answer).entrySet().stream()
                .map(letter -> DeadLetter.parse(letter.getKey(), letter.getValue()))
                .sorted(Comparator.comparing(DeadLetter::at))
                .toList());
  }

  @Override
  public boolean forget(String receiver, String id) throws OutageException {
    return Waiting.on(
        link, () -> link.commands().hdel(letters(receiver), bytes(id)), RedisOutbox::isGone);
  }

  private static boolean isGone(long count) {
    if (count > 1) {
      throw new IllegalStateException("of one message " + count + " are gone");
    }
    return count == 1;
  }

  @Override
  public Set<String> acknowledged(String receiver) throws OutageException {
    return Waiting.hash(link, taken(receiver)).keySet();
  }

  @Override
  @SuppressWarnings("UndefinedEquals") // A list of pairs in effect: nothing is looked up in it.
  public void acknowledge(String receiver, Collection<String> ids) throws OutageException {
    if (!ids.isEmpty()) {
      Map<byte[], byte[]> fields = new HashMap<>();
      ids.forEach(id -> fields.put(bytes(id), bytes("1")));
      var _ = Waiting.on(link, () -> link.commands().hset(taken(receiver), fields));
    }
  }

  @Override
  public void advance(String receiver, String from, String to, Collection<String> ids)
      throws OutageException {
    List<byte[]> arguments = new ArrayList<>(List.of(bytes(from), bytes(to)));
    ids.forEach(id -> arguments.add(bytes(id)));
    byte[][] keys = {state(receiver), taken(receiver)};
    var _ =
        Waiting.on(
            link, () -> POLLED.<Long>run(link.commands(), keys, arguments.toArray(byte[][]::new)));
  }

  @Override
  public boolean bury(String receiver, DeadLetter letter) throws OutageException {
    if (dead(receiver).size() >= MOST_DEAD) {
      return false;
    }
    byte[] id = bytes(letter.message().id());
    var _ =
        Waiting.on(link, () -> link.commands().hset(letters(receiver), id, bytes(letter.text())));
    return true;
  }

  @Override
  public Optional<String> position(String receiver) throws OutageException {
    return Optional.ofNullable(Waiting.hash(link, state(receiver)).get("told"));
  }

  private static byte[] state(String receiver) {
    return bytes("o{" + Lane.common().tag() + "}=" + receiver);
  }

  private static byte[] letters(String receiver) {
    return bytes("o{" + Lane.common().tag() + "}dead=" + receiver);
  }

  private static byte[] taken(String receiver) {
    return bytes("o{" + Lane.common().tag() + "}taken=" + receiver);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
