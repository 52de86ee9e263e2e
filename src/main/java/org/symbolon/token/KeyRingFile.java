package org.symbolon.token;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.symbolon.session.SecretText;

/**
 * A key ring in a file, followed while the service runs: somebody calls {@link #reload} from time
 * to time. Replace the file by a rename, since a half-written one may be read.
 */
public final class KeyRingFile implements Supplier<KeyRing> {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRingFile.class);
  private static final long MAX_BYTES = 64 * 1024;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Path path;
  private volatile KeyRing ring;
  private String judged;

  private KeyRingFile(Path path, KeyRing ring, String judged) {
    this.path = path;
    this.ring = ring;
    this.judged = judged;
  }

  /** The outcome of the first reading. */
  public sealed interface Opening permits Opened, Refused {}

  public record Opened(KeyRingFile file) implements Opening {}

  /** The outcome of a later reading. */
  public sealed interface Reload permits Unchanged, Reloaded, Refused {}

  /** The same as at the last reading, whether that was taken or refused. */
  public record Unchanged() implements Reload {}

  /**
   * The new ring is in use.
   *
   * @param summary its IDs and phases
   */
  public record Reloaded(String summary) implements Reload {}

  /**
   * The file can't be used; a ring read before stays in use.
   *
   * @param reason the line, the field and the mend, without key material
   */
  public record Refused(String reason) implements Opening, Reload {}

  /** Reads the file for the first time. */
  public static Opening open(Path path) {
    String text;
    try {
      text = read(path);
    } catch (IOException e) {
      return new Refused(reason(path, e));
    }
    return switch (KeyRing.parse(new SecretText(text))) {
      case KeyRing.Read(KeyRing ring) -> {
        warnOfReaders(path);
        yield new Opened(new KeyRingFile(path, ring, text));
      }
      case KeyRing.Faulty fault -> new Refused(path + ": " + fault);
    };
  }

  @Override
  public KeyRing get() {
    return ring;
  }

  /** Reads the file again and takes its ring where it has changed and is good. */
  public synchronized Reload reload() {
    String text;
    try {
      text = read(path);
    } catch (IOException e) {
      return refuseOnce("", reason(path, e));
    }
    if (text.equals(judged)) {
      return new Unchanged();
    }
    return switch (KeyRing.parse(new SecretText(text))) {
      case KeyRing.Read(KeyRing read) when !read.hasBucketOf(ring) ->
          refuseOnce(
              text,
              path
                  + ": bucket: it must stay what it was, or no subject's sessions are found again;"
                  + " restore it");
      case KeyRing.Read(KeyRing read) -> {
        judged = text;
        ring = read;
        warnOfReaders(path);
        yield new Reloaded(read.summary());
      }
      case KeyRing.Faulty fault -> refuseOnce(text, path + ": " + fault);
    };
  }

  /** A fault is told once, not at every poll. */
  private Reload refuseOnce(String text, String reason) {
    if (text.equals(judged)) {
      return new Unchanged();
    }
    judged = text;
    return new Refused(reason);
  }

  private static String read(Path path) throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw new IOException("larger than 64 KiB");
    }
    return Files.readString(path);
  }

  private static String reason(Path path, IOException e) {
    return path
        + ": "
        + switch (e) {
          case NoSuchFileException _ -> "no such file: name the key ring's file";
          case CharacterCodingException _ -> "not text: write it in UTF-8";
          default -> "can't be read: " + e.getMessage();
        };
  }

  private static void warnOfReaders(Path path) {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(path), OF_OTHERS)) {
        LOG.warn("{} can be read by its group or others: chmod 600 it", path);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("the permissions of {} are unknown", path, e);
    }
  }
}
