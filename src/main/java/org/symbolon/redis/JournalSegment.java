package org.symbolon.redis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Revoked;

/**
 * What stands in one file of the journal. Whatever is no whole record is skipped to the next one: a
 * flipped bit costs the record it is in and nothing behind it.
 *
 * @param end the end of the last whole record; what follows was not finished, or is damaged
 * @param size the file's length
 * @param gaps where damage lies before whole records, in order
 */
record JournalSegment(long end, long size, List<Gap> gaps) {
  static final byte[] HEADER = "symbolon journal 1\n".getBytes(StandardCharsets.US_ASCII);

  /** Bytes that are no record. */
  record Gap(long from, long to) {}

  /**
   * Reads a file of less than 2 GiB.
   *
   * @param each is told every record, the oldest first
   */
  static JournalSegment read(Path file, Consumer<Revoked> each) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), each);
    }
  }

  static JournalSegment read(ByteBuffer in, Consumer<Revoked> each) {
    in.position(startsWithHeader(in) ? HEADER.length : 0);
    List<Gap> gaps = new ArrayList<>();
    int end = in.position();
    while (in.hasRemaining()) {
      int from = in.position();
      @Nullable Revoked revoked = JournalRecord.read(in);
      if (revoked == null) {
        in.position(from + 1);
        continue;
      }
      each.accept(revoked);
      if (from > end) {
        gaps.add(new Gap(end, from));
      }
      end = in.position();
    }
    return new JournalSegment(end, in.limit(), List.copyOf(gaps));
  }

  private static boolean startsWithHeader(ByteBuffer in) {
    return in.limit() >= HEADER.length
        && in.slice(0, HEADER.length).equals(ByteBuffer.wrap(HEADER));
  }
}
