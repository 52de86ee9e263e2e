package org.symbolon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.SortedMap;
import org.symbolon.cli.KeyRings;
import org.symbolon.session.SecretText;
import org.symbolon.token.KeyRing;
import org.symbolon.token.OwnerFile;

/** Key rings in files, as the command changes them. */
final class KeyRingFiles implements KeyRings {
  private final SecureRandom random;

  KeyRingFiles(SecureRandom random) {
    this.random = random;
  }

  @Override
  public String fresh() {
    return KeyRing.generate(random).text().reveal();
  }

  @Override
  public SortedMap<Integer, String> phases(Path file) throws IOException {
    return read(file).phases();
  }

  @Override
  public SortedMap<Integer, String> change(Path file, Change change, int key, boolean isWritten)
      throws IOException {
    KeyRing ring = read(file);
    KeyRing changed;
    try {
      changed =
          switch (change) {
            case ADD -> ring.withNewKey(random);
            case SIGN -> ring.signingWith(key);
            case RETIRE -> ring.retiring(key);
            case REPLACE -> ring.replacing(key, random);
          };
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (isWritten) {
      OwnerFile.write(file, changed.text().reveal());
    }
    return changed.phases();
  }

  private static KeyRing read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file; name the key ring of keys.file", e);
    }
    return switch (KeyRing.parse(new SecretText(text))) {
      case KeyRing.Read(KeyRing ring) -> ring;
      case KeyRing.Faulty fault -> throw new IOException(file + ": " + fault);
    };
  }
}
