package org.symbolon.redis;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/**
 * One revocation as it lies in the journal, big-endian: a marker, the length of what follows up to
 * the check, kind, until (ms), reason, what the kind needs, and the CRC-32C of all before it.
 */
final class JournalRecord {
  /** The longest: a mark on a tenant whose name has 64 characters. */
  static final int MAX_SIZE = 2 + 8 + 64 + 8 + 4;

  private static final byte MARKER = 0x5a;
  private static final int FRAME = 2 + Integer.BYTES;
  private static final byte TOMBSTONE = 1;
  private static final byte SUBJECT = 2;
  private static final byte TENANT = 3;
  private static final byte EVERYTHING = 4;

  private JournalRecord() {}

  /** Appends a record to a buffer that has room for it. */
  static void write(Revoked revoked, ByteBuffer out) {
    int start = out.position();
    out.put(MARKER).put((byte) 0);
    switch (revoked) {
      case Revoked.Tombstone(Handle handle, var _, var _) ->
          common(TOMBSTONE, revoked, out).putChar((char) handle.bucket()).putLong(handle.name());
      case Revoked.Mark(Revoked.Scope scope, Instant notBefore, var _, var _) -> {
        switch (scope) {
          case Revoked.OfSubject(SubjectKey subject) ->
              common(SUBJECT, revoked, out)
                  .putLong(notBefore.toEpochMilli())
                  .putChar((char) subject.bucket())
                  .putLong(subject.hash());
          case Revoked.OfTenant(Tenant tenant) ->
              common(TENANT, revoked, out)
                  .putLong(notBefore.toEpochMilli())
                  .put(tenant.value().getBytes(StandardCharsets.US_ASCII));
          case Revoked.Everything _ ->
              common(EVERYTHING, revoked, out).putLong(notBefore.toEpochMilli());
        }
      }
    }
    int end = out.position();
    out.put(start + 1, (byte) (end - start - 2));
    out.putInt(check(out, start, end));
  }

  private static ByteBuffer common(byte kind, Revoked revoked, ByteBuffer out) {
    return out.put(kind)
        .putLong(revoked.until().toEpochMilli())
        .put((byte) SessionRecord.code(revoked.reason()));
  }

  /**
   * Reads the record at the buffer's position and moves past it; null, and no move, where none
   * stands there whole.
   */
  static @Nullable Revoked read(ByteBuffer in) {
    int start = in.position();
    if (in.remaining() < FRAME || in.get(start) != MARKER) {
      return null;
    }
    int end = start + 2 + Byte.toUnsignedInt(in.get(start + 1));
    if (end + Integer.BYTES > in.limit() || in.getInt(end) != check(in, start, end)) {
      return null;
    }
    @Nullable Revoked revoked = content(in.slice(start + 2, end - start - 2));
    if (revoked != null) {
      in.position(end + Integer.BYTES);
    }
    return revoked;
  }

  /** Null for a kind or reason of a newer version. */
  private static @Nullable Revoked content(ByteBuffer in) {
    try {
      byte kind = in.get();
      Instant until = Instant.ofEpochMilli(in.getLong());
      RevocationReason reason = SessionRecord.reason(Byte.toUnsignedInt(in.get()));
      if (kind == TOMBSTONE) {
        return new Revoked.Tombstone(new Handle(in.getChar(), in.getLong()), reason, until);
      }
      Instant notBefore = Instant.ofEpochMilli(in.getLong());
      Revoked.@Nullable Scope scope =
          switch (kind) {
            case SUBJECT -> new Revoked.OfSubject(new SubjectKey(in.getChar(), in.getLong()));
            case TENANT ->
                new Revoked.OfTenant(new Tenant(StandardCharsets.US_ASCII.decode(in).toString()));
            case EVERYTHING -> new Revoked.Everything();
            default -> null;
          };
      return scope == null ? null : new Revoked.Mark(scope, notBefore, reason, until);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static int check(ByteBuffer bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(start, end - start));
    return (int) crc.getValue();
  }
}
