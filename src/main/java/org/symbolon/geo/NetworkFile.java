package org.symbolon.geo;

import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One fact about addresses in a file of the MaxMind DB format, followed while the service runs:
 * somebody calls {@link #reload} from time to time. The whole file is kept in memory, so that what
 * happens to it on the disk changes no answer.
 */
public final class NetworkFile {
  private static final long MAX_BYTES = 1L << 30;

  /** So many networks are looked through for one that tells the fact. */
  private static final int LOOKED_THROUGH = 10_000;

  private final Path path;
  private final Fact fact;
  private volatile Reader reader;
  private @Nullable Stamp judged;

  /** What is told of an address. */
  public enum Fact {
    /** The number of the autonomous system that announces it, in decimal digits. */
    ASN("autonomous system") {
      @Override
      String of(Map<?, ?> network) {
        Object number = network.get("autonomous_system_number");
        return digits(number == null ? network.get("asn") : number);
      }
    },
    /** The country where it is used, two letters (ISO 3166-1 alpha-2). */
    COUNTRY("country") {
      @Override
      String of(Map<?, ?> network) {
        Object country = network.get("country");
        if (country instanceof Map<?, ?> described) {
          return letters(described.get("iso_code"));
        }
        Object code = network.get("country_code");
        return letters(code == null ? country : code);
      }
    };

    private final String name;

    Fact(String name) {
      this.name = name;
    }

    /** Empty where the network's entry does not tell it. */
    abstract String of(Map<?, ?> network);

    private static String digits(@Nullable Object number) {
      String text = number == null ? "" : number.toString().replaceFirst("^AS", "");
      return text.matches("[1-9][0-9]{0,9}") ? text : "";
    }

    private static String letters(@Nullable Object code) {
      return code instanceof String text && text.matches("[A-Z]{2}") ? text : "";
    }
  }

  /** By which a file is told from the one before. */
  private record Stamp(FileTime modified, long size, @Nullable Object key) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  private NetworkFile(Path path, Fact fact, Reader reader, Stamp judged) {
    this.path = path;
    this.fact = fact;
    this.reader = reader;
    this.judged = judged;
  }

  /** The outcome of the first reading. */
  public sealed interface Opening permits Opened, Refused {}

  public record Opened(NetworkFile file) implements Opening {}

  /** The outcome of a later reading. */
  public sealed interface Reload permits Unchanged, Reloaded, Refused {}

  /** The same as at the last reading, whether that was taken or refused; or just being written. */
  public record Unchanged() implements Reload {}

  /**
   * The new file is in use.
   *
   * @param summary its kind and when it was made
   */
  public record Reloaded(String summary) implements Reload {}

  /**
   * The file can't be used; one that was read before stays in use.
   *
   * @param reason what is wrong with it, and the mend
   */
  public record Refused(String reason) implements Opening, Reload {}

  /** Reads the file for the first time. */
  public static Opening open(Path path, Fact fact) {
    try {
      Stamp stamp = Stamp.of(path);
      return new Opened(new NetworkFile(path, fact, read(path, fact), stamp));
    } catch (IOException e) {
      return new Refused(reason(path, e));
    }
  }

  /**
   * What the file tells of an address; empty where it tells nothing.
   *
   * @param address a literal; nothing is told of any other text
   * @throws UncheckedIOException where the file is damaged at this place
   */
  public String of(String address) {
    if (address.isEmpty()) {
      return "";
    }
    InetAddress literal;
    try {
      literal = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      return "";
    }
    try {
      Map<?, ?> network = reader.get(literal, Map.class);
      return network == null ? "" : fact.of(network);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": damaged", e);
    } catch (RuntimeException e) {
      throw new UncheckedIOException(path + ": damaged", new IOException(e));
    }
  }

  /** The file's kind and when it was made. */
  public String summary() {
    return reader.getMetadata().databaseType() + " of " + reader.getMetadata().buildTime();
  }

  /** Reads the file again where it has changed, and takes it where it is good. */
  public synchronized Reload reload() {
    @Nullable Stamp before = null;
    try {
      before = Stamp.of(path);
      if (before.equals(judged)) {
        return new Unchanged();
      }
      Reader read = read(path, fact);
      if (!before.equals(Stamp.of(path))) {
        return new Unchanged();
      }
      reader = read;
      judged = before;
      return new Reloaded(summary());
    } catch (IOException e) {
      // A fault is told once, not at every poll.
      if (before == null && judged == null) {
        return new Unchanged();
      }
      judged = before;
      return new Refused(reason(path, e));
    }
  }

  private static Reader read(Path path, Fact fact) throws IOException {
    if (Files.isDirectory(path) || Files.size(path) > MAX_BYTES) {
      throw new IOException("no file of at most 1 GiB");
    }
    try {
      Reader reader = new Reader(path.toFile(), Reader.FileMode.MEMORY);
      Networks<?> networks = reader.networks(Map.class);
      for (int i = 0; i < LOOKED_THROUGH && networks.hasNext(); i++) {
        if (networks.next().data() instanceof Map<?, ?> network && !fact.of(network).isEmpty()) {
          return reader;
        }
      }
    } catch (InvalidNetworkException | RuntimeException e) {
      // The reader trusts the lengths and places that a file names.
      throw new InvalidDatabaseException(String.valueOf(e.getMessage()), e);
    }
    throw new IOException("none of its networks tells the " + fact.name);
  }

  private static String reason(Path path, IOException e) {
    return path
        + ": "
        + switch (e) {
          case NoSuchFileException _ ->
              "no such file; name a file of the MaxMind DB format (.mmdb)";
          case AccessDeniedException _ -> "may not be read; let the service's user read it";
          case InvalidDatabaseException _ ->
              "not of the MaxMind DB format, or cut short; put the whole .mmdb file there, by a"
                  + " rename";
          default -> e.getMessage() + "; put a .mmdb file there that tells it";
        };
  }
}
