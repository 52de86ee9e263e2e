package org.symbolon.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;

/** A change as the scripts tell of it; {@code changes.lua} describes its bytes. */
sealed interface Change {
  /** When the store made it, in microseconds of its clock since 1970; 0 where that is unknown. */
  long micros();

  /** The session has another generation, or its ID was seen first. */
  record Moved(Handle handle, long micros) implements Change {}

  /** Sessions are over. */
  record Ended(List<Revoked> revoked, long micros) implements Change {}

  /** A fence was raised, lifted, restored or forgotten. */
  record Fenced(long micros) implements Change {}

  /** Something that this version can't read. */
  record Unknown(long micros) implements Change {}

  /** Reads a change of a lane. */
  static Change read(Lane lane, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return switch (in.get()) {
        case 1 -> new Moved(handle(lane, in), take(in, 7));
        case 2 -> {
          Handle handle = handle(lane, in);
          long micros = take(in, 7);
          Instant deadline = Instant.ofEpochMilli(take(in, 6));
          RevocationReason reason = SessionRecord.reason(in.get() & 0xff);
          yield new Ended(List.of(new Revoked.Tombstone(handle, reason, deadline)), micros);
        }
        case 3, 4 -> {
          byte[] scope = new byte[bytes[0] == 3 ? 1 + Long.BYTES : 1 + (in.get(1) & 0xff)];
          in.get(scope);
          long micros = take(in, 7);
          byte[] mark = new byte[in.remaining()];
          in.get(mark);
          yield new Ended(List.of(StoredMark.read(lane, scope, mark)), micros);
        }
        case 5 -> new Fenced(take(in, 7));
        case 6 -> {
          long micros = take(in, 7);
          RevocationReason reason = SessionRecord.reason(in.get() & 0xff);
          List<Revoked> ended = new ArrayList<>();
          while (in.hasRemaining()) {
            Handle handle = handle(lane, in);
            Instant deadline = Instant.ofEpochMilli(take(in, 6));
            ended.add(new Revoked.Tombstone(handle, reason, deadline));
          }
          yield new Ended(List.copyOf(ended), micros);
        }
        default -> new Unknown(0);
      };
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return new Unknown(0);
    }
  }

  private static Handle handle(Lane lane, ByteBuffer in) {
    return new Handle(lane.bucket(in.get()), in.getLong());
  }

  /** An unsigned number of some bytes, big-endian. */
  static long take(ByteBuffer in, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << 8) | (in.get() & 0xff);
    }
    return value;
  }
}
