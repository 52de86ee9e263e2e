package org.symbolon.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.symbolon.session.Handle;
import org.symbolon.session.SubjectKey;

class LaneTest {
  @Test
  void givesEveryLaneAnEqualShareOfTheSlots() {
    for (int number = 0; number < Lane.COMMON; number++) {
      byte[] tag = Lane.ALL.get(number).tag().getBytes(StandardCharsets.US_ASCII);
      assertThat(SlotHash.getSlot(tag) / 64).isEqualTo(number);
    }
  }

  /** Another list would find no session again that was stored under this one. */
  @Test
  void keepsItsTags() throws NoSuchAlgorithmException {
    String tags = Lane.ALL.stream().map(Lane::tag).collect(Collectors.joining());
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(tags.getBytes(StandardCharsets.US_ASCII));
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("77d541bec7060f146bb3a9cde264ffc5615182f23a36eddf2a3e86da252c2503");
  }

  @Test
  void bringsASessionItsIndexAndTheirLogIntoOneSlot() {
    for (int bucket : new int[] {0, 0xff, 0x100, 0xabcd, 0xffff}) {
      Lane lane = Lane.of(bucket);
      int slot = SlotHash.getSlot(lane.log());
      assertThat(SlotHash.getSlot(Keys.session(new Handle(bucket, -7)))).isEqualTo(slot);
      assertThat(SlotHash.getSlot(Keys.index(new SubjectKey(bucket, 1)))).isEqualTo(slot);
      assertThat(SlotHash.getSlot(lane.counter())).isEqualTo(slot);
      assertThat(SlotHash.getSlot(lane.marks())).isEqualTo(slot);
      assertThat(Lane.tagged(lane.tag())).contains(lane);
    }
  }

  @Test
  void tellsBucketsOfALaneApart() {
    assertThat(Keys.session(new Handle(0xab01, 5)))
        .isNotEqualTo(Keys.session(new Handle(0xab02, 5)));
    assertThat(Keys.session(new Handle(0xab01, 5))).hasSize(14);
  }
}
