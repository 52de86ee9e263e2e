package org.symbolon.redis;

import java.time.Instant;
import java.util.List;
import org.symbolon.session.Handle;
import org.symbolon.session.RotationOutcome;
import org.symbolon.session.RotationStore.Accepted;
import org.symbolon.session.RotationStore.Changed;
import org.symbolon.session.RotationStore.Elevated;
import org.symbolon.session.RotationStore.Elevation;
import org.symbolon.session.RotationStore.Exhausted;
import org.symbolon.session.RotationStore.Reused;
import org.symbolon.session.RotationStore.Rotation;
import org.symbolon.session.RotationStore.Superseded;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;

/** Reads the replies of rotate.lua and elevate.lua, whose heads describe them. */
final class RotationReplies {
  private RotationReplies() {}

  static Rotation rotation(Handle handle, List<Object> reply) {
    Instant now = now(reply);
    return switch (outcome(reply)) {
      case 0 -> new SessionStore.Absent();
      case 1 -> ended(handle, reply);
      case 2 -> new Accepted(session(handle, reply), RotationOutcome.NONE, now);
      case 3 -> new Accepted(session(handle, reply), RotationOutcome.CONFIRMED, now);
      case 4 -> new Accepted(session(handle, reply), RotationOutcome.ISSUED, now);
      case 5 -> new Accepted(session(handle, reply), RotationOutcome.REISSUED, now);
      case 6 -> new Accepted(session(handle, reply), RotationOutcome.OVERLAP, now);
      case 7 -> new Accepted(session(handle, reply), RotationOutcome.HEALED, now);
      case 8 -> new Superseded(session(handle, reply));
      case 9 -> new Reused(session(handle, reply), now);
      default -> throw new IllegalStateException("rotate.lua: unknown reply");
    };
  }

  static Elevation elevation(Handle handle, List<Object> reply) {
    return switch (outcome(reply)) {
      case 0 -> new SessionStore.Absent();
      case 1 -> ended(handle, reply);
      case 2 -> new Changed();
      case 3 -> new Exhausted();
      case 4 -> new Elevated(session(handle, reply));
      default -> throw new IllegalStateException("elevate.lua: unknown reply");
    };
  }

  static SessionStore.Fastening fastening(Handle handle, List<Object> reply) {
    return switch (outcome(reply)) {
      case 0 -> new SessionStore.Absent();
      case 1 -> ended(handle, reply);
      case 2 -> new SessionStore.Taken();
      case 3 -> new SessionStore.Fastened(session(handle, reply));
      default -> throw new IllegalStateException("bind.lua: unknown reply");
    };
  }

  private static int outcome(List<Object> reply) {
    return ((Long) reply.getFirst()).intValue();
  }

  private static Instant now(List<Object> reply) {
    return Instant.ofEpochMilli((Long) reply.get(1));
  }

  private static Session session(Handle handle, List<Object> reply) {
    return SessionRecord.session(handle, (byte[]) reply.get(2));
  }

  private static SessionStore.Ended ended(Handle handle, List<Object> reply) {
    return SessionRecord.ended((byte[]) reply.get(2))
        .orElseThrow(() -> SessionRecord.unreadable(handle));
  }
}
