package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.symbolon.session.Handle;
import org.symbolon.session.RevocationJournal;
import org.symbolon.session.RevocationJournal.Kept;
import org.symbolon.session.RevocationJournal.Refused;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Revoked;
import org.symbolon.session.SubjectKey;
import org.symbolon.session.Tenant;

/** What the journal keeps through crashes, damage and full disks, and what it says of it. */
class FileJournalTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(3600);
  private static final Random RANDOM = new Random(4);
  private static final List<Revoked> ONE_OF_EACH =
      List.of(
          tombstone(1),
          new Revoked.Mark(
              new Revoked.OfSubject(new SubjectKey(65_535, -1)),
              NOW,
              RevocationReason.REUSE,
              LATER),
          new Revoked.Mark(
              new Revoked.OfTenant(new Tenant("t".repeat(64))), NOW, RevocationReason.ADMIN, LATER),
          new Revoked.Mark(new Revoked.Everything(), NOW, RevocationReason.LOGOUT, LATER));

  @TempDir private Path folder = Path.of("");
  private final SmallDisk disk = new SmallDisk();

  private static Revoked tombstone(long name) {
    return new Revoked.Tombstone(new Handle(7, name), RevocationReason.LOGOUT, LATER);
  }

  private FileJournal open() {
    return opened().journal();
  }

  private FileJournal.Opened opened() {
    return opened(NOW, FileJournal.SEGMENT);
  }

  private FileJournal.Opened opened(Instant now, long limit) {
    return (FileJournal.Opened)
        FileJournal.open(folder, InstantSource.fixed(now), Samples.NO_INDICATORS, limit, disk);
  }

  private static RevocationJournal.Outcome append(FileJournal journal, Revoked... revoked) {
    return OpenStore.await(journal.append(List.of(revoked)));
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
  }

  @Test
  void holdsAfterARestartWhatItKept() {
    try (FileJournal journal = open()) {
      assertThat(journal.held()).isEmpty();
      assertThat(append(journal, ONE_OF_EACH.toArray(Revoked[]::new))).isEqualTo(new Kept());
    }
    FileJournal.Opened again = opened();
    try (FileJournal journal = again.journal()) {
      assertThat(again.reports()).isEmpty();
      assertThat(journal.held()).containsExactlyInAnyOrderElementsOf(ONE_OF_EACH);
      append(journal, tombstone(2));
    }
    try (FileJournal journal = open()) {
      assertThat(journal.held()).hasSize(ONE_OF_EACH.size() + 1);
    }
  }

  @Test
  void mergesMarksToTheLatest() {
    Revoked.Scope scope = new Revoked.OfSubject(new SubjectKey(1, 2));
    Revoked early = new Revoked.Mark(scope, NOW.minusMillis(1), RevocationReason.ADMIN, LATER);
    Revoked late = new Revoked.Mark(scope, NOW, RevocationReason.ADMIN, LATER);
    try (FileJournal journal = open()) {
      append(journal, late);
      append(journal, early);
      append(journal, tombstone(1), tombstone(1));
      assertThat(journal.held()).containsExactlyInAnyOrder(late, tombstone(1));
    }
  }

  @Test
  void forgetsWhatIsOutlived() throws IOException {
    try (FileJournal journal = open()) {
      append(journal, tombstone(1));
    }
    opened(LATER.plusSeconds(3599), FileJournal.SEGMENT).journal().close();
    try (FileJournal journal = open()) {
      assertThat(journal.held()).hasSize(1);
    }
    opened(LATER.plusSeconds(3601), FileJournal.SEGMENT).journal().close();
    assertThat(Files.size(segments().getFirst())).isEqualTo(JournalSegment.HEADER.length);
  }

  @Test
  void cutsATornTailWhereverItIsTorn() {
    ByteBuffer whole = written(IntStream.range(0, 3).mapToObj(i -> tombstone(i)).toList());
    int size = (whole.limit() - JournalSegment.HEADER.length) / 3;
    for (int length = 0; length < whole.limit(); length++) {
      List<Revoked> read = new ArrayList<>();
      JournalSegment segment = JournalSegment.read(whole.slice(0, length), read::add);
      int complete = Math.max(0, length - JournalSegment.HEADER.length) / size;
      assertThat(read).as("cut at %d", length).hasSize(complete);
      assertThat(segment.gaps()).isEmpty();
    }
  }

  @Test
  void writesBehindATornTail() throws IOException {
    try (FileJournal journal = open()) {
      append(journal, tombstone(1));
      append(journal, tombstone(2));
    }
    Path file = segments().getLast();
    try (FileChannel channel = FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
    FileJournal.Opened again = opened();
    try (FileJournal journal = again.journal()) {
      assertThat(again.reports()).singleElement().asString().contains("no whole entry");
      append(journal, tombstone(3));
    }
    try (FileJournal journal = open()) {
      assertThat(journal.held()).containsExactlyInAnyOrder(tombstone(1), tombstone(3));
    }
  }

  @Test
  void aFlippedBitCostsOneEntryAndIsTold() {
    List<Revoked> all = IntStream.range(0, 4).<Revoked>mapToObj(i -> tombstone(i)).toList();
    ByteBuffer whole = written(all);
    int lost = 0;
    for (int bit = 0; bit < whole.limit() * 8; bit++) {
      int at = bit / 8;
      whole.put(at, (byte) (whole.get(at) ^ (1 << (bit % 8))));
      List<Revoked> read = new ArrayList<>();
      JournalSegment segment = JournalSegment.read(whole.duplicate(), read::add);
      whole.put(at, (byte) (whole.get(at) ^ (1 << (bit % 8))));
      if (at < JournalSegment.HEADER.length) {
        assertThat(read).as("bit %d", bit).isEqualTo(all);
      } else {
        assertThat(read).as("bit %d", bit).hasSize(3).isSubsetOf(all);
        lost++;
      }
      boolean isTold = !segment.gaps().isEmpty() || segment.end() < segment.size();
      assertThat(isTold).as("bit %d", bit).isTrue();
    }
    assertThat(lost).isEqualTo((whole.limit() - JournalSegment.HEADER.length) * 8);
  }

  @Test
  void readsNoEntryInNoise() {
    byte[] noise = new byte[1 << 20];
    RANDOM.nextBytes(noise);
    List<Revoked> read = new ArrayList<>();
    JournalSegment.read(ByteBuffer.wrap(noise), read::add);
    assertThat(read).isEmpty();
  }

  @Test
  void refusesWhatAFullDiskHasNoRoomFor() {
    try (FileJournal journal = open()) {
      append(journal, tombstone(1));
      disk.room.set(10);
      assertThat(append(journal, tombstone(2))).isEqualTo(new Refused("No space left on device"));
      assertThat(append(journal, tombstone(3))).isEqualTo(new Refused("No space left on device"));
      disk.room.set(Long.MAX_VALUE);
      assertThat(append(journal, tombstone(4))).isEqualTo(new Kept());
    }
    FileJournal.Opened again = opened();
    try (FileJournal journal = again.journal()) {
      assertThat(again.reports()).isEmpty();
      assertThat(journal.held()).containsExactlyInAnyOrder(tombstone(1), tombstone(4));
    }
  }

  @Test
  void startsOnAFullDiskAndLosesNothing() {
    try (FileJournal journal = open()) {
      append(journal, tombstone(1));
    }
    disk.room.set(0);
    FileJournal.Opened full = opened();
    try (FileJournal journal = full.journal()) {
      assertThat(full.reports()).singleElement().asString().contains("No space left on device");
      assertThat(journal.held()).containsExactly(tombstone(1));
      assertThat(append(journal, tombstone(2))).isInstanceOf(Refused.class);
      disk.room.set(Long.MAX_VALUE);
      assertThat(append(journal, tombstone(3))).isEqualTo(new Kept());
      assertThat(journal.held()).containsExactlyInAnyOrder(tombstone(1), tombstone(3));
    }
  }

  @Test
  void goesOnInAnotherFileWhereOneCannotBeSynchronised() throws IOException {
    try (FileJournal journal = open()) {
      append(journal, tombstone(1));
      disk.isBroken = true;
      assertThat(append(journal, tombstone(2))).isEqualTo(new Refused("Input/output error"));
      disk.isBroken = false;
      assertThat(append(journal, tombstone(3))).isEqualTo(new Kept());
      assertThat(segments()).hasSize(2);
      assertThat(journal.held()).contains(tombstone(1), tombstone(3));
    }
  }

  @Test
  void compactsWhileItIsWrittenTo() {
    List<CompletionStage<RevocationJournal.Outcome>> outcomes = new ArrayList<>();
    try (FileJournal journal = opened(NOW, 2_000).journal()) {
      for (int i = 0; i < 1_000; i++) {
        outcomes.add(journal.append(List.of(tombstone(i))));
        if (i % 50 == 0) {
          OpenStore.await(outcomes.getLast());
        }
      }
      assertThat(outcomes).allSatisfy(o -> assertThat(OpenStore.await(o)).isEqualTo(new Kept()));
    }
    FileJournal.Opened again = opened();
    try (FileJournal journal = again.journal()) {
      assertThat(again.reports()).isEmpty();
      assertThat(journal.held()).hasSize(1_000);
    }
  }

  @Test
  void isOneNodesAlone() {
    try (FileJournal _ = open()) {
      assertThat(FileJournal.open(folder, InstantSource.system(), Samples.NO_INDICATORS))
          .isInstanceOfSatisfying(
              FileJournal.Unusable.class,
              unusable -> assertThat(unusable.reason()).contains("in use by another node"));
    }
    open().close();
  }

  @Test
  void isReadByItsOwnerAlone() throws IOException {
    Path made = folder.resolve("made");
    FileJournal.Opening opening =
        FileJournal.open(made, InstantSource.system(), Samples.NO_INDICATORS);
    try (FileJournal journal = ((FileJournal.Opened) opening).journal()) {
      append(journal, tombstone(1));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(made)) {
        assertThat(files.toList())
            .hasSize(2)
            .allSatisfy(
                file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  /** Prints how long a journal of a million takes to open and read. */
  @Test
  void readsAMillion() {
    int many = 1_000_000;
    try (FileJournal journal = open()) {
      for (int i = 0; i < many; i += 1_000) {
        int first = i;
        Revoked[] thousand =
            IntStream.range(0, 1_000).mapToObj(j -> tombstone(first + j)).toArray(Revoked[]::new);
        assertThat(append(journal, thousand)).isEqualTo(new Kept());
      }
    }
    long started = System.nanoTime();
    try (FileJournal journal = open()) {
      long opened = System.nanoTime();
      assertThat(journal.held()).hasSize(many);
      System.out.printf(
          "a journal of %d: opened in %.2f s, read in %.2f s%n",
          many, (opened - started) / 1e9, (System.nanoTime() - opened) / 1e9);
    }
  }

  private static ByteBuffer written(List<? extends Revoked> all) {
    ByteBuffer out = ByteBuffer.allocate(1_000).put(JournalSegment.HEADER);
    all.forEach(revoked -> JournalRecord.write(revoked, out));
    return out.flip().slice();
  }
}
