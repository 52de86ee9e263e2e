package org.symbolon.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.symbolon.session.Revoked;

/**
 * The files of a journal: numbered segments, of which the last is written to, and a lock. Since
 * revocations merge, a segment that is read twice or in another order changes nothing, so that a
 * crash at any point of {@link #compact} loses nothing.
 */
final class JournalFolder implements AutoCloseable {
  private static final Pattern SEGMENT = Pattern.compile("(\\d{8})\\.journal");
  private static final int COPY = 1 << 20;

  /** How far this machine's clock may be ahead before a revocation is forgotten too early. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Path path;
  private final FileChannel lock;
  private final Disk disk;

  /** Opens files for writing. */
  interface Disk {
    FileChannel open(Path file, Set<StandardOpenOption> options, FileAttribute<?>... attributes)
        throws IOException;
  }

  private JournalFolder(Path path, FileChannel lock, Disk disk) {
    this.path = path;
    this.lock = lock;
    this.disk = disk;
  }

  /** Takes a folder for this process alone, making it where it is missing. */
  static JournalFolder lock(Path folder, Disk disk) throws IOException {
    Path home = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(home)) {
      Files.createDirectories(home);
      restrict(home, "rwx------");
    }
    FileChannel channel =
        FileChannel.open(
            home.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            ownerOnly());
    @Nullable FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new IOException(home + " is in use by another node; name a folder of this node's own");
    }
    return new JournalFolder(home, channel, disk);
  }

  /** Reads every segment, the oldest first, and says what was damaged. */
  List<String> read(Consumer<Revoked> each) throws IOException {
    List<String> damages = new ArrayList<>();
    for (int number : numbers()) {
      tell(file(number), JournalSegment.read(file(number), each), damages);
    }
    return damages;
  }

  private static void tell(Path file, JournalSegment segment, List<String> damages) {
    for (JournalSegment.Gap gap : segment.gaps()) {
      damages.add(
          "%s: bytes %d to %d are damaged; what stood there is lost, the rest is read"
              .formatted(file, gap.from(), gap.to()));
    }
    if (segment.end() < segment.size()) {
      damages.add(
          "%s: the last %d bytes are no whole entry and are cut"
              .formatted(file, segment.size() - segment.end()));
    }
  }

  /**
   * Starts a segment after all others. Its file is gone again where its header can't be written.
   */
  Segment begin() throws IOException {
    List<Integer> numbers = numbers();
    int number = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
    Path file = file(number);
    FileChannel channel =
        disk.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly());
    try {
      channel.write(ByteBuffer.wrap(JournalSegment.HEADER));
      channel.force(true);
      forceNames();
      return new Segment(number, channel);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** A segment that is written to. */
  record Segment(int number, FileChannel channel) {}

  /**
   * Puts all segments up to a number together in the last of them, without what is outlived.
   *
   * @param damages is added what was damaged
   * @return the size of what stays
   */
  long compact(int last, Instant now, List<String> damages) throws IOException {
    List<Integer> numbers = numbers().stream().filter(number -> number <= last).toList();
    if (numbers.isEmpty()) {
      return 0;
    }
    Path draft = path.resolve("draft");
    Files.deleteIfExists(draft);
    long size;
    try (FileChannel out =
        disk.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY).put(JournalSegment.HEADER);
      for (int number : numbers) {
        tell(file(number), copy(file(number), now, buffer, out), damages);
      }
      flush(buffer, out);
      out.force(true);
      size = out.size();
    } catch (UncheckedIOException e) {
      Files.deleteIfExists(draft);
      throw e.getCause();
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    Files.move(draft, file(numbers.getLast()), StandardCopyOption.ATOMIC_MOVE);
    forceNames();
    for (int number : numbers.subList(0, numbers.size() - 1)) {
      Files.delete(file(number));
    }
    return size;
  }

  /** The number of the newest segment; 0 without one. */
  int newest() throws IOException {
    List<Integer> numbers = numbers();
    return numbers.isEmpty() ? 0 : numbers.getLast();
  }

  static boolean isOutlived(Revoked revoked, Instant now) {
    return revoked.until().plus(SLACK).isBefore(now);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JournalSegment copy(Path file, Instant now, ByteBuffer buffer, FileChannel out)
      throws IOException {
    return JournalSegment.read(
        file,
        revoked -> {
          if (isOutlived(revoked, now)) {
            return;
          }
          if (buffer.remaining() < JournalRecord.MAX_SIZE) {
            try {
              flush(buffer, out);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          JournalRecord.write(revoked, buffer);
        });
  }

  /** Writes a buffer out and empties it. */
  static void flush(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  private List<Integer> numbers() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> SEGMENT.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Integer.parseInt(matcher.group(1)))
          .sorted()
          .toList();
    }
  }

  private Path file(int number) {
    return path.resolve("%08d.journal".formatted(number));
  }

  /** Makes names that were given or taken survive a loss of power, where the system can. */
  private void forceNames() throws IOException {
    if (isPosix()) {
      try (FileChannel names = FileChannel.open(path)) {
        names.force(true);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void restrict(Path folder, String permissions) throws IOException {
    if (isPosix()) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
