package org.symbolon.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys in a file, read again when its time or size changes; a bad file leaves the keys before. */
public final class JwksFile implements JwksSource {
  private static final Logger LOG = LoggerFactory.getLogger(JwksFile.class);
  private static final long MAX_BYTES = 1 << 20;

  private record Stamp(FileTime changed, long size) {}

  private final Path path;
  private @Nullable Stamp judged;
  private Keys keys;
  private String told = "";

  public JwksFile(Path path) {
    this.path = path;
    this.keys = new NotLoaded(path + ": not read yet");
  }

  @Override
  public synchronized Keys keys(String kid) {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      Stamp stamp = new Stamp(file.lastModifiedTime(), file.size());
      if (!stamp.equals(judged)) {
        judged = stamp;
        read(stamp);
      }
    } catch (IOException e) {
      judged = null;
      refuse("can't be read: " + e);
    }
    return keys;
  }

  private void read(Stamp stamp) throws IOException {
    if (stamp.size() > MAX_BYTES) {
      refuse("larger than 1 MiB");
      return;
    }
    switch (Jwks.parse(Files.readString(path))) {
      case Jwks.Read(Jwks jwks) -> {
        keys = new Known(jwks);
        told = "";
      }
      case Jwks.Faulty(String mend) -> refuse(mend);
    }
  }

  private void refuse(String reason) {
    if (!reason.equals(told)) {
      told = reason;
      LOG.warn("{}: {}; keys read before, if any, stay in use", path, reason);
    }
    if (keys instanceof NotLoaded) {
      keys = new NotLoaded(path + ": " + reason);
    }
  }

  @Override
  public Optional<String> obstacle() {
    return switch (keys("")) {
      case Known _ -> Optional.empty();
      case NotLoaded(String cause) -> Optional.of(cause);
    };
  }
}
