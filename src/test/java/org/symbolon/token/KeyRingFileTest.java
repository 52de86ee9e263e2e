package org.symbolon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingFileTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void writeRing() throws IOException {
    path = folder.resolve("ring");
    write(Rings.of("0 sign"));
  }

  @Test
  void followsTheFile() throws IOException {
    KeyRingFile file = open();
    assertThat(file.get().summary()).isEqualTo("0 sign");
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Unchanged());
    write(Rings.of("0 publish", "1 sign"));
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Reloaded("0 publish, 1 sign"));
    assertThat(file.get().summary()).isEqualTo("0 publish, 1 sign");
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Unchanged());
  }

  @Test
  void keepsItsRingWhenTheFileIsFaultyAndSaysSoOnce() throws IOException {
    KeyRingFile file = open();
    Files.writeString(path, "bucket " + Rings.secret(1) + "\n");
    assertThat(file.reload()).isInstanceOf(KeyRingFile.Refused.class);
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Unchanged());
    assertThat(file.get().summary()).isEqualTo("0 sign");
    write(Rings.of("1 sign"));
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Reloaded("1 sign"));
  }

  @Test
  void keepsItsRingWhenTheFileIsGone() throws IOException {
    KeyRingFile file = open();
    Files.delete(path);
    assertThat(file.reload()).isInstanceOf(KeyRingFile.Refused.class);
    assertThat(file.reload()).isEqualTo(new KeyRingFile.Unchanged());
    assertThat(file.get().summary()).isEqualTo("0 sign");
  }

  @Test
  void refusesAnotherBucketKey() throws IOException {
    KeyRingFile file = open();
    String other = Rings.of("0 sign").text().reveal().replace(Rings.secret(1), Rings.secret(99));
    Files.writeString(path, other);
    assertThat(file.reload())
        .isInstanceOfSatisfying(
            KeyRingFile.Refused.class,
            r -> assertThat(r.reason()).contains("bucket").doesNotContain(Rings.secret(99)));
  }

  @Test
  void refusesToOpenWhatIsNoRing() throws IOException {
    assertThat(KeyRingFile.open(folder.resolve("absent")))
        .isInstanceOfSatisfying(
            KeyRingFile.Refused.class, r -> assertThat(r.reason()).contains("no such file"));
    Files.write(path, new byte[] {(byte) 0xff, 0});
    assertThat(KeyRingFile.open(path))
        .isInstanceOfSatisfying(
            KeyRingFile.Refused.class, r -> assertThat(r.reason()).contains("UTF-8"));
    Files.writeString(path, "#".repeat(70_000));
    assertThat(KeyRingFile.open(path))
        .isInstanceOfSatisfying(
            KeyRingFile.Refused.class, r -> assertThat(r.reason()).contains("64 KiB"));
  }

  @Test
  void writesFilesForTheirOwnerAlone() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining("glob:**.new*");
  }

  private void write(KeyRing ring) throws IOException {
    OwnerFile.write(path, ring.text().reveal());
  }

  private KeyRingFile open() {
    return switch (KeyRingFile.open(path)) {
      case KeyRingFile.Opened(KeyRingFile file) -> file;
      case KeyRingFile.Refused(String reason) -> throw new AssertionError(reason);
    };
  }
}
