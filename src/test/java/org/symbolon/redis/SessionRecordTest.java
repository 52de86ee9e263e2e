package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.symbolon.session.Binding;
import org.symbolon.session.Flag;
import org.symbolon.session.Handle;
import org.symbolon.session.Places;
import org.symbolon.session.RevocationReason;
import org.symbolon.session.Session;
import org.symbolon.session.SessionStore;
import org.symbolon.session.Signal;
import org.symbolon.session.SignalHashes;
import org.symbolon.session.SubjectKey;

/** The packed record. */
class SessionRecordTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Handle HANDLE = new Handle(0xabcd, 0x0123456789abcdefL);
  private final Random random = new Random();

  @Test
  void fitsTheAllocatorsNextSizeWithItsHeader() {
    assertThat(record()).hasSizeLessThanOrEqualTo(124);
  }

  @Test
  void readsATombstone() {
    byte[] tombstone = HexFormat.of().parseHex("110100000000002a");
    assertThat(SessionRecord.decode(HANDLE, tombstone, NOW))
        .isEqualTo(
            new SessionStore.Ended(RevocationReason.LOGOUT_ELSEWHERE, Instant.ofEpochMilli(42)));
  }

  @Test
  void readsATombstoneForAReasonItDoesNotKnow() {
    byte[] tombstone = HexFormat.of().parseHex("11ff00000000002a");
    assertThat(SessionRecord.decode(HANDLE, tombstone, NOW)).isInstanceOf(SessionStore.Ended.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 33, 64, 66, 90, 121})
  void readsNoTruncatedRecord(int length) {
    byte[] record = Arrays.copyOf(record(), length);
    assertThatThrownBy(() -> SessionRecord.decode(HANDLE, record, NOW))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining(HANDLE.toString());
  }

  @Test
  void readsNoRecordWithAFieldItDoesNotKnow() {
    byte[] record = Arrays.copyOf(record(), 125);
    record[122] = 0x7f;
    record[123] = 1;
    assertThatThrownBy(() -> SessionRecord.decode(HANDLE, record, NOW))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void readsNoBindingOfAKindItDoesNotKnow() {
    byte[] record = record();
    byte[] tail =
        SessionRecord.binding(new Binding(Binding.Kind.DBSC, Instant.ofEpochMilli(42), "key"));
    byte[] bound = Arrays.copyOf(record, record.length + tail.length);
    System.arraycopy(tail, 0, bound, record.length, tail.length);
    assertThat(SessionRecord.session(HANDLE, bound).binding())
        .contains(new Binding(Binding.Kind.DBSC, Instant.ofEpochMilli(42), "key"));
    bound[record.length + 3] = 0x7f;
    assertThatThrownBy(() -> SessionRecord.decode(HANDLE, bound, NOW))
        .isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void readsNoSignalsItDoesNotKnow() {
    byte[] record = record();
    byte[] tail = SessionRecord.signals(new SignalHashes(7, 0, 0, 0, -9));
    assertThat(tail).hasSize(11);
    byte[] taught = Arrays.copyOf(record, record.length + tail.length);
    System.arraycopy(tail, 0, taught, record.length, tail.length);
    assertThat(SessionRecord.session(HANDLE, taught).signals())
        .isEqualTo(new SignalHashes(7, 0, 0, 0, -9));
    for (int which : new int[] {0, 1, 0x41, 0x13}) {
      taught[record.length + 2] = (byte) which;
      assertThatThrownBy(() -> SessionRecord.decode(HANDLE, taught, NOW))
          .isInstanceOf(UnreadableRecordException.class);
    }
    assertThat(SessionRecord.signals(SignalHashes.NONE)).isEmpty();
  }

  private static Session with(byte[] record, byte[] tail) {
    byte[] taught = Arrays.copyOf(record, record.length + tail.length);
    System.arraycopy(tail, 0, taught, record.length, tail.length);
    return SessionRecord.session(HANDLE, taught);
  }

  /** In tail's one byte of length, also at its longest. */
  @Test
  void keepsPlaces() {
    List<Places.Seen> most = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      most.add(new Places.Seen(random.nextInt(), 4_294_967_295L));
    }
    for (Places places :
        List.of(
            new Places(Set.of(), 1, 0, 5, List.of()),
            new Places(Set.of(), -1, Integer.MIN_VALUE, 4_294_967_295L, most),
            new Places(Set.of(), 0, 0, 0, most),
            new Places(Set.of(Signal.TRAVEL), 0, 0, 0, List.of()),
            new Places(Set.of(Signal.FAN_OUT), 3, 4, 5, List.of()),
            new Places(Set.of(Signal.TRAVEL, Signal.FAN_OUT), 0, 0, 0, List.of()))) {
      for (SignalHashes hashes :
          List.of(
              SignalHashes.NONE,
              SignalHashes.NONE.with(Set.of(Flag.PLAINTEXT)),
              new SignalHashes(1, 2, 3, 4, 5).with(Set.of(Flag.REPLAY, Flag.PLAINTEXT)))) {
        byte[] tail = SessionRecord.signals(hashes.with(places));
        assertThat(with(record(), tail).signals()).isEqualTo(hashes.with(places));
      }
    }
    assertThat(SessionRecord.signals(SignalHashes.NONE.with(new Places(Set.of(), 1, 2, 3, most))))
        .hasSize(3 + 12 + 160);
  }

  @Test
  void readsNoPlacesThatAreCut() {
    byte[] tail =
        SessionRecord.signals(
            SignalHashes.NONE.with(new Places(Set.of(), 1, 2, 3, List.of(new Places.Seen(4, 5)))));
    for (int cut = 1; cut < 20; cut++) {
      byte[] cutOff = Arrays.copyOf(tail, tail.length - cut);
      cutOff[1] = (byte) (cutOff.length - 2);
      if (cut != 8) {
        assertThatThrownBy(() -> with(record(), cutOff))
            .as("%s bytes", cut)
            .isInstanceOf(UnreadableRecordException.class);
      }
    }
  }

  @Test
  void meetsAnyBytesWithAnAnswerOrThatItCannotRead() {
    int unread = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] record = record();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        record[random.nextInt(record.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(SessionRecord.decode(HANDLE, record, NOW)).isNotNull();
      } catch (UnreadableRecordException e) {
        unread++;
      }
    }
    assertThat(unread).isPositive();
  }

  @Test
  void namesKeysOfFourteenBytesThatShareTheirTag() {
    byte[] session = Keys.session(HANDLE);
    byte[] index = Keys.index(new SubjectKey(0xabcd, 7));
    assertThat(session).hasSize(14);
    assertThat(index).hasSize(14);
    assertThat(Arrays.copyOfRange(session, 1, 6)).isEqualTo(Arrays.copyOfRange(index, 1, 6));
    assertThat(Keys.handle(0xabcd, Keys.name(HANDLE))).isEqualTo(HANDLE);
  }

  @Test
  void givesEachBucketATagOfItsOwn() {
    assertThat(
            IntStream.range(0, 1 << 16)
                .mapToObj(bucket -> HexFormat.of().formatHex(Keys.index(new SubjectKey(bucket, 0))))
                .distinct())
        .hasSize(1 << 16);
  }

  private byte[] record() {
    return SessionRecord.encode(Samples.draft(Samples.subject(random), random));
  }
}
