package org.symbolon.redis;

import io.lettuce.core.ScriptOutputType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import org.symbolon.session.Revoked;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/**
 * A not-before mark as a lane's hash of marks has it. The field is its scope: the lower byte of the
 * subject's bucket and its hash (8 bytes); in the common lane the tenant's length (1) and name, or
 * 0 for everything. The value is not-before (6, ms), until (6, ms) and the reason's code (1).
 */
final class StoredMark {
  /** Sets a mark; mark.lua describes what it takes. */
  static final Script SET = Script.telling("mark", ScriptOutputType.MULTI);

  private static final int LENGTH = 13;
  private static final SecureRandom RANDOM = new SecureRandom();

  private StoredMark() {}

  static byte[][] keys(Revoked.Scope scope) {
    Lane lane = lane(scope);
    return scope instanceof Revoked.OfSubject(SubjectKey subject)
        ? new byte[][] {lane.marks(), lane.marksVersion(), Keys.index(subject)}
        : new byte[][] {lane.marks(), lane.marksVersion()};
  }

  static byte[] newVersion() {
    byte[] version = new byte[Long.BYTES];
    RANDOM.nextBytes(version);
    return version;
  }

  /** The lane whose hash has the scope's mark. */
  static Lane lane(Revoked.Scope scope) {
    return switch (scope) {
      case Revoked.OfSubject(SubjectKey subject) -> Lane.of(subject.bucket());
      case Revoked.OfTenant _, Revoked.Everything _ -> Lane.common();
    };
  }

  static byte[] field(Revoked.Scope scope) {
    return switch (scope) {
      case Revoked.OfSubject(SubjectKey subject) ->
          ByteBuffer.allocate(1 + Long.BYTES)
              .put((byte) subject.bucket())
              .putLong(subject.hash())
              .array();
      case Revoked.OfTenant(Tenant tenant) -> {
        byte[] name = tenant.value().getBytes(StandardCharsets.US_ASCII);
        yield ByteBuffer.allocate(1 + name.length).put((byte) name.length).put(name).array();
      }
      case Revoked.Everything _ -> new byte[] {0};
    };
  }

  /**
   * Reads a mark of a lane.
   *
   * @throws RuntimeException for anything else
   */
  static Revoked.Mark read(Lane lane, byte[] field, byte[] value) {
    if (value.length != LENGTH) {
      throw new IllegalArgumentException("a mark of " + LENGTH + " bytes needed");
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    Instant notBefore = Instant.ofEpochMilli(Change.take(in, 6));
    Instant until = Instant.ofEpochMilli(Change.take(in, 6));
    return new Revoked.Mark(
        scope(lane, ByteBuffer.wrap(field)),
        notBefore,
        SessionRecord.reason(in.get() & 0xff),
        until);
  }

  private static Revoked.Scope scope(Lane lane, ByteBuffer in) {
    byte first = in.get();
    if (lane.number() != Lane.COMMON) {
      return new Revoked.OfSubject(new SubjectKey(lane.bucket(first), in.getLong()));
    }
    return first == 0
        ? new Revoked.Everything()
        : new Revoked.OfTenant(new Tenant(StandardCharsets.US_ASCII.decode(in).toString()));
  }
}
