package org.symbolon.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain through files in their order, and stops where it is broken.
 *
 * @see #of(List, List)
 */
public final class ChainCheck {
  private static final int LONGEST = 1024 * 1024;

  /** A finding of one line, from 1 on in its file; 0 means the file's end. */
  public record Place(Path file, long line, String what) {
    @Override
    public String toString() {
      return file + (line > 0 ? ":" + line : "") + ": " + what;
    }
  }

  /**
   * What was found.
   *
   * @param broken the first place where it is broken; empty where the chain is whole
   * @param notes what a reader should know and which breaks nothing
   * @param end how far it goes
   */
  public record Result(Optional<Place> broken, List<Place> notes, long lines, Checkpoint end) {}

  private final List<Place> notes = new ArrayList<>();
  private final List<Checkpoint> wanted;
  private Checkpoint end = Checkpoint.NONE;
  private Checkpoint before = Checkpoint.NONE;
  private long lines;
  private boolean isBegun;
  private boolean hasOlder;
  private @Nullable Place suspect;
  private String lastRaw = Link.NOTHING;

  private ChainCheck(List<Checkpoint> wanted) {
    this.wanted = wanted;
  }

  /**
   * Follows it.
   *
   * @param files the oldest first; those that end in {@code .gz} are unpacked
   * @param checkpoints that have been kept elsewhere
   */
  public static Result of(List<Path> files, List<Checkpoint> checkpoints) throws IOException {
    List<Checkpoint> wanted = new ArrayList<>(checkpoints);
    // Before the files: a node that is writing is ahead of it.
    Optional<Checkpoint> head =
        files.isEmpty() ? Optional.empty() : AuditFile.readHead(files.getLast());
    head.ifPresent(wanted::add);
    ChainCheck check = new ChainCheck(wanted);
    Optional<Place> broken = Optional.empty();
    for (Path file : files) {
      broken = check.read(file);
      if (broken.isPresent()) {
        break;
      }
    }
    if (broken.isEmpty() && check.suspect != null) {
      broken = Optional.of(check.suspect);
    }
    if (broken.isEmpty() && !files.isEmpty()) {
      broken = check.ends(files.getLast());
    }
    return new Result(broken, check.notes, check.lines, check.end);
  }

  private Optional<Place> read(Path file) throws IOException {
    try (InputStream in = open(file)) {
      long number = 0;
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n' && line.size() <= LONGEST) {
          line.write(b);
        }
        if (b == '\n') {
          number++;
          Optional<Place> broken = follow(file, number, line.toByteArray());
          line.reset();
          if (broken.isPresent()) {
            return broken;
          }
        }
      }
      if (line.size() > 0) {
        return Optional.of(
            suspect != null
                ? suspect
                : new Place(
                    file,
                    number + 1,
                    "is incomplete: cut off, or its node ended while writing it; a node marks its"
                        + " own such line when it starts again"));
      }
      return Optional.empty();
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    return file.toString().endsWith(".gz")
        ? new BufferedInputStream(new GZIPInputStream(in), 1 << 16)
        : in;
  }

  private Optional<Place> follow(Path file, long number, byte[] line) {
    lines++;
    String hash = Link.hash(line);
    Optional<Link> link = Link.of(line);
    Optional<Place> broken = judge(file, number, link);
    lastRaw = hash;
    if (link.isPresent() && broken.isEmpty() && suspect == null) {
      before = end;
      end = new Checkpoint(link.get().sequence(), hash);
      broken = misses(file, number);
    }
    return broken;
  }

  private Optional<Place> judge(Path file, long number, Optional<Link> link) {
    if (link.isPresent() && link.get().isMending() && isBegun) {
      Checkpoint good = suspect == null ? before : end;
      if (link.get().previous().equals(lastRaw) && link.get().sequence() == good.sequence() + 1) {
        notes.add(new Place(file, number - 1, "is incomplete: its node ended while writing it"));
        suspect = null;
        end = good;
        return Optional.empty();
      }
    }
    if (suspect != null) {
      return Optional.of(suspect);
    }
    if (link.isEmpty()) {
      if (isBegun) {
        // Whether it is a torn one is told by the next.
        suspect = new Place(file, number, "is no line of the chain: changed, or cut off");
      } else {
        hasOlder = true;
      }
      return Optional.empty();
    }
    return isBegun ? compare(file, number, link.get()) : begin(file, number, link.get());
  }

  private Optional<Place> begin(Path file, long number, Link link) {
    isBegun = true;
    if (hasOlder) {
      if (link.sequence() != 1 || !link.previous().equals(lastRaw)) {
        return Optional.of(
            new Place(file, number - 1, "is no line of the chain: changed, or cut off"));
      }
      notes.add(
          new Place(file, number, "begins the chain; the lines before it are older than that"));
    } else if (link.sequence() > 1) {
      notes.add(
          new Place(
              file,
              number,
              "has the sequence number " + link.sequence() + "; those before it are not checked"));
    } else if (!link.previous().equals(Link.NOTHING)) {
      return Optional.of(new Place(file, number, "is the chain's first, and names one before it"));
    }
    return Optional.empty();
  }

  private Optional<Place> compare(Path file, long number, Link link) {
    long due = end.sequence() + 1;
    if (link.sequence() != due) {
      long missing = link.sequence() - due;
      return Optional.of(
          new Place(
              file,
              number,
              "has the sequence number %d where %d is due: %s"
                  .formatted(
                      link.sequence(),
                      due,
                      missing < 0
                          ? "moved, repeated, or of another chain"
                          : missing
                              + (missing == 1 ? " line is" : " lines are")
                              + " missing before it, or it was moved")));
    }
    if (!link.previous().equals(end.hash())) {
      return Optional.of(
          number > 1
              ? new Place(file, number - 1, "was changed: the line after it names another hash")
              : new Place(file, number, "names another hash than that of the file before it"));
    }
    return Optional.empty();
  }

  /** Whether what a checkpoint tells of this sequence number is something else. */
  private Optional<Place> misses(Path file, long number) {
    for (Checkpoint checkpoint : wanted) {
      if (checkpoint.sequence() == end.sequence() && !checkpoint.hash().equals(end.hash())) {
        return Optional.of(
            new Place(file, number, "was changed: the checkpoint " + checkpoint + " differs"));
      }
    }
    return Optional.empty();
  }

  private Optional<Place> ends(Path last) {
    for (Checkpoint checkpoint : wanted) {
      if (checkpoint.sequence() > end.sequence()) {
        return Optional.of(
            new Place(
                last,
                0,
                "ends with the sequence number "
                    + end.sequence()
                    + ", and "
                    + checkpoint.sequence()
                    + " had been written: the last "
                    + (checkpoint.sequence() - end.sequence())
                    + " are missing"));
      }
    }
    return Optional.empty();
  }
}
