package org.symbolon.audit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file as its one writer sees it: every line is the next of the chain. Beside it lie {@code
 * .head}, how far the chain has come, and {@code .lock}. Whoever renames the file gets the rest of
 * the chain in a new one. Not thread-safe.
 */
final class AuditFile implements AutoCloseable {
  private final Path path;
  private final Path head;
  private final FileChannel lock;
  private FileChannel channel;
  private @Nullable Object identity;
  private Checkpoint end = Checkpoint.NONE;
  private Checkpoint saved = Checkpoint.NONE;
  private boolean isMending;
  private String found = "";

  private AuditFile(Path path, Path head, FileChannel lock, FileChannel channel) {
    this.path = path;
    this.head = head;
    this.lock = lock;
    this.channel = channel;
  }

  /**
   * Opens or makes it, and finds the end of its chain.
   *
   * @throws IOException in words for an operator
   */
  static AuditFile open(Path path) throws IOException {
    FileChannel lock =
        FileChannel.open(
            beside(path, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      AuditFile file = new AuditFile(path, beside(path, ".head"), lock, appending(path));
      file.findEnd();
      file.identity = file.identityNow();
      return file;
    } catch (OverlappingFileLockException e) {
      lock.close();
      throw new IOException(path + " is another node's; give each node a file of its own", e);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  private static FileChannel appending(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private void findEnd() throws IOException {
    Optional<Checkpoint> known = readHead(path);
    LastLines last = LastLines.of(path);
    if (last.torn.length > 0) {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
    Optional<Link> link = Link.of(last.complete);
    if (link.isPresent()) {
      end = new Checkpoint(link.get().sequence(), Link.hash(last.complete));
    } else if (last.complete.length > 0) {
      // Lines from before there was a chain: the last of them is what the first link names.
      end = new Checkpoint(0, Link.hash(last.complete));
    } else {
      end = known.orElse(Checkpoint.NONE);
    }
    if (known.isPresent() && isOtherThan(known.get())) {
      // The chain goes on from what was written, so that what is there now is seen to be broken.
      found =
          known.get().sequence() == end.sequence()
              ? "the last line is another than was written"
              : "lines %d to %d had been written and are gone"
                  .formatted(end.sequence() + 1, known.get().sequence());
      end = known.get();
    } else if (last.torn.length > 0) {
      found = "the last line is incomplete";
      isMending = true;
      end = new Checkpoint(end.sequence(), Link.hash(last.torn));
    }
  }

  private boolean isOtherThan(Checkpoint known) {
    return known.sequence() > end.sequence()
        || (known.sequence() == end.sequence() && !known.hash().equals(end.hash()));
  }

  /** How far a chain had come by the file beside it. */
  static Optional<Checkpoint> readHead(Path path) {
    try {
      return Checkpoint.parse(Files.readString(beside(path, ".head")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What was wrong with it when it was opened; empty where nothing was. */
  String found() {
    return found;
  }

  Checkpoint end() {
    return end;
  }

  /** Writes one more line. */
  void append(String object) throws IOException {
    byte[] line = new Link(end.sequence() + 1, end.hash(), isMending).line(object);
    ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    isMending = false;
    end = new Checkpoint(end.sequence() + 1, Link.hash(line));
  }

  /** Notes beside the file how far it has come, once that is on the disk. */
  void save() throws IOException {
    if (end.equals(saved)) {
      return;
    }
    channel.force(false);
    Path fresh = beside(path, ".head.new");
    Files.writeString(fresh, end + "\n", StandardCharsets.US_ASCII);
    Files.move(fresh, head, StandardCopyOption.ATOMIC_MOVE);
    saved = end;
  }

  /**
   * Goes on in a new file where somebody has renamed this one or taken it away.
   *
   * @return false where it is the same as before
   */
  boolean follow() throws IOException {
    if (Objects.equals(identity, identityNow())) {
      return false;
    }
    FileChannel next = appending(path);
    channel.close();
    channel = next;
    identity = identityNow();
    return true;
  }

  private @Nullable Object identityNow() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return "none";
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      save();
    } finally {
      channel.close();
    }
  }

  /** The end of a file: its last complete line, and what follows it. */
  private static final class LastLines {
    private static final int MOST = 1024 * 1024;
    private final byte[] complete;
    private final byte[] torn;

    private LastLines(byte[] complete, byte[] torn) {
      this.complete = complete;
      this.torn = torn;
    }

    static LastLines of(Path path) throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
        byte[] bytes = new byte[(int) Math.min(MOST, file.length())];
        file.seek(file.length() - bytes.length);
        file.readFully(bytes);
        int end = lastNewline(bytes, bytes.length);
        int start = lastNewline(bytes, Math.max(0, end - 1));
        return new LastLines(
            slice(bytes, start, Math.max(start, end - 1)), slice(bytes, end, bytes.length));
      }
    }

    /** Where what follows the last line's end before a position begins; 0 where there is none. */
    private static int lastNewline(byte[] bytes, int before) {
      for (int i = before; i > 0; i--) {
        if (bytes[i - 1] == '\n') {
          return i;
        }
      }
      return 0;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
      return Arrays.copyOfRange(bytes, from, to);
    }
  }
}
