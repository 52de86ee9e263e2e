package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.symbolon.session.Handle;

/** Writes a lane's counter, log and pushes by hand, as no script would. */
final class RawLane implements AutoCloseable {
  private static final byte[] CHANNEL = "changes".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FIELD = {'c'};
  private final Lane lane;
  private final RedisServers.Admin admin;

  RawLane(RedisServers servers, Lane lane) {
    this.lane = lane;
    this.admin = servers.owner(lane.log());
  }

  /** The bytes of a session's change. */
  static byte[] moved(Handle handle) {
    return ByteBuffer.allocate(17)
        .put((byte) 1)
        .put((byte) handle.bucket())
        .putLong(handle.name())
        .array();
  }

  long count() {
    return Masters.number(admin.commands().get(lane.counter()));
  }

  /** Counts and logs a change in one step; gives its number. */
  long log(byte[] change) {
    return admin
        .commands()
        .<Long>eval(
            "local n = redis.call('INCR', KEYS[1])\n"
                + "redis.call('XADD', KEYS[2], n .. '-0', 'c', ARGV[1])\n"
                + "return n",
            ScriptOutputType.INTEGER,
            new byte[][] {lane.counter(), lane.log()},
            change);
  }

  void publish(long number, byte[] change) {
    byte[] message =
        ByteBuffer.allocate(8 + change.length)
            .put(lane.tag().getBytes(StandardCharsets.US_ASCII))
            .putShort((short) (number >>> 32))
            .putInt((int) number)
            .put(change)
            .array();
    admin.commands().publish(CHANNEL, message);
  }

  /** Counts several changes of which only the last is left in the log. */
  void trim(int changes, byte[] last) {
    admin
        .commands()
        .<Long>eval(
            "local n = redis.call('INCRBY', KEYS[1], ARGV[2])\n"
                + "redis.call('XADD', KEYS[2], 'MAXLEN', 1, n .. '-0', 'c', ARGV[1])\n"
                + "return n",
            ScriptOutputType.INTEGER,
            new byte[][] {lane.counter(), lane.log()},
            last,
            Integer.toString(changes).getBytes(StandardCharsets.US_ASCII));
  }

  /** Puts another change in the last one's place, under its number. */
  void rewrite(byte[] change) {
    long number = count();
    admin.commands().del(lane.log());
    admin.commands().xadd(lane.log(), new XAddArgs().id(number + "-0"), Map.of(FIELD, change));
  }

  @Override
  public void close() {
    admin.close();
  }
}
