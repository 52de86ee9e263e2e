package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.StreamMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.symbolon.redis.LaneProgress.Continuity;

/** How one lane's changes are put in order, and what of its log shows that some were lost. */
class LaneProgressTest {
  private static final String HERE = "here";
  private static final String THERE = "there";
  private final List<Long> heard = new ArrayList<>();
  private final LaneProgress lane = new LaneProgress(Lane.ALL.get(7), this::hear);
  private boolean isDeaf;

  private void hear(Change change) {
    if (isDeaf) {
      throw new IllegalStateException("deaf");
    }
    heard.add(change.micros());
  }

  /** A change of one session, told apart by its microsecond. */
  private static byte[] change(long micros) {
    return ByteBuffer.allocate(17)
        .put((byte) 1)
        .put((byte) 2)
        .putLong(3)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt((int) micros)
        .array();
  }

  private static StreamMessage<byte[], byte[]> entry(long number, long micros) {
    return new StreamMessage<>(
        "log".getBytes(StandardCharsets.US_ASCII),
        number + "-0",
        Map.of(new byte[] {'c'}, change(micros)));
  }

  /** Reads a log of these numbers, each with its microsecond. */
  private Continuity read(String server, long... entries) {
    List<StreamMessage<byte[], byte[]>> log = new ArrayList<>();
    for (int i = 0; i < entries.length; i += 2) {
      log.add(entry(entries[i], entries[i + 1]));
    }
    return lane.read(lane.look(), log, server);
  }

  private void begunAtTen() {
    lane.begin(10, HERE);
    assertThat(read(HERE, 10, 100)).isEqualTo(Continuity.WHOLE);
    assertThat(lane.isProven(HERE, 10)).isTrue();
    assertThat(heard).isEmpty();
  }

  @Test
  void hearsPushesInOrderAndEachOnce() {
    begunAtTen();
    assertThat(lane.push(11, change(101))).isFalse();
    assertThat(lane.push(11, change(101))).isFalse();
    assertThat(lane.push(12, change(102))).isFalse();
    assertThat(heard).containsExactly(101L, 102L);
  }

  @Test
  void aGapNeedsTheLog() {
    begunAtTen();
    assertThat(lane.push(12, change(102))).isTrue();
    assertThat(heard).isEmpty();
    assertThat(read(HERE, 10, 100, 11, 101, 12, 102)).isEqualTo(Continuity.WHOLE);
    assertThat(lane.push(12, change(102))).isFalse();
    assertThat(heard).containsExactly(101L, 102L);
    assertThat(lane.isProven(HERE, 12)).isTrue();
  }

  @Test
  void anOlderNumberOrAnotherChangeUnderTheLastNeedsTheLog() {
    begunAtTen();
    assertThat(lane.push(9, change(99))).isTrue();
    assertThat(lane.push(10, change(110))).isTrue();
  }

  @Test
  void aPushProvesNothing() {
    begunAtTen();
    lane.push(11, change(101));
    assertThat(lane.isProven(HERE, 10)).isTrue();
    assertThat(lane.isProven(HERE, 11)).isFalse();
    assertThat(read(HERE, 11, 101)).isEqualTo(Continuity.WHOLE);
    assertThat(lane.isProven(HERE, 11)).isTrue();
  }

  @Test
  void aPushFromAnotherHistoryIsFoundOut() {
    begunAtTen();
    lane.push(11, change(101));
    assertThat(read(HERE, 11, 999)).isEqualTo(Continuity.ROLLED_BACK);
  }

  @Test
  void anotherServerHasToGoOnFromWhatWasHeard() {
    begunAtTen();
    assertThat(lane.isProven(THERE, 10)).isFalse();
    assertThat(read(THERE, 10, 100, 11, 101)).isEqualTo(Continuity.WHOLE);
    assertThat(lane.isProven(THERE, 11)).isTrue();
    assertThat(lane.isProven(HERE, 11)).isFalse();
  }

  @Test
  void aLogThatEndsBeforeOrHoldsAnotherWasRolledBack() {
    begunAtTen();
    assertThat(read(THERE)).isEqualTo(Continuity.ROLLED_BACK);
    assertThat(read(THERE, 10, 110)).isEqualTo(Continuity.ROLLED_BACK);
    assertThat(read(THERE, 10, 110, 11, 111)).isEqualTo(Continuity.ROLLED_BACK);
    assertThat(heard).isEmpty();
    assertThat(lane.isProven(THERE, 10)).isFalse();
  }

  @Test
  void aLogThatBeginsLaterWasTrimmed() {
    begunAtTen();
    assertThat(read(HERE, 11, 101)).isEqualTo(Continuity.TRIMMED);
    assertThat(read(HERE, 15, 105)).isEqualTo(Continuity.TRIMMED);
    assertThat(read(HERE, 10, 100, 12, 102)).isEqualTo(Continuity.TRIMMED);
    assertThat(heard).isEmpty();
  }

  @Test
  void aLaneThatBeginsEmptyHasEverythingInItsLog() {
    lane.begin(0, HERE);
    assertThat(lane.isProven(HERE, 0)).isTrue();
    assertThat(read(THERE, 1, 101, 2, 102)).isEqualTo(Continuity.WHOLE);
    assertThat(heard).containsExactly(101L, 102L);
    lane.begin(0, HERE);
    assertThat(read(HERE, 3, 103)).isEqualTo(Continuity.TRIMMED);
  }

  @Test
  void aLaneWhoseFirstChangeIsGoneWasRolledBack() {
    lane.begin(0, HERE);
    lane.push(1, change(101));
    assertThat(read(HERE)).isEqualTo(Continuity.ROLLED_BACK);
  }

  @Test
  void aLogLessLaneIsProvenOnlyWhereItBegan() {
    lane.begin(10, HERE);
    assertThat(read(HERE)).isEqualTo(Continuity.WHOLE);
    assertThat(lane.isProven(HERE, 10)).isTrue();
    assertThat(read(THERE)).isEqualTo(Continuity.ROLLED_BACK);
    assertThat(read(THERE, 10, 100)).isEqualTo(Continuity.ROLLED_BACK);
  }

  @Test
  void whatIsPushedWhileTheLogIsReadIsNotTakenForLost() {
    begunAtTen();
    LaneProgress.Look look = lane.look();
    lane.push(11, change(101));
    lane.push(12, change(102));
    assertThat(lane.read(look, List.of(entry(10, 100)), HERE)).isEqualTo(Continuity.WHOLE);
    look = lane.look();
    lane.push(13, change(103));
    assertThat(lane.read(look, List.of(entry(12, 102), entry(13, 103)), HERE))
        .isEqualTo(Continuity.WHOLE);
    assertThat(heard).containsExactly(101L, 102L, 103L);
    assertThat(lane.isProven(HERE, 13)).isTrue();
  }

  @Test
  void aLookFromBeforeANewBeginningCountsForNothing() {
    begunAtTen();
    LaneProgress.Look look = lane.look();
    lane.begin(3, THERE);
    assertThat(lane.read(look, List.of(entry(10, 100), entry(11, 101)), HERE))
        .isEqualTo(Continuity.WHOLE);
    assertThat(heard).isEmpty();
    assertThat(lane.isProven(HERE, 3)).isFalse();
  }

  @Test
  void beforeItBeginsPushesAreToldAndDoNotCount() {
    assertThat(lane.push(5, change(105))).isFalse();
    assertThat(heard).containsExactly(105L);
    assertThat(lane.isBegun()).isFalse();
  }

  @Test
  void whatCouldNotBeToldIsToldAgain() {
    begunAtTen();
    isDeaf = true;
    assertThatThrownBy(() -> lane.push(11, change(101))).hasMessage("deaf");
    isDeaf = false;
    assertThat(lane.last()).isEqualTo(10);
    assertThat(read(HERE, 10, 100, 11, 101)).isEqualTo(Continuity.WHOLE);
    assertThat(heard).containsExactly(101L);
  }
}
