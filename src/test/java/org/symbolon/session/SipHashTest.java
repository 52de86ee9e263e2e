package org.symbolon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  private static final long K0 = 0x0706050403020100L;
  private static final long K1 = 0x0f0e0d0c0b0a0908L;

  /** The reference implementation's vectors of the lengths that three words hold. */
  @ParameterizedTest
  @CsvSource({
    "16, db9bc2577fcc2a3f",
    "17, 9447be2cf5e99a69",
    "18, 9cd38d96f0b3c14b",
    "19, bd6179a71dc96dbb",
    "20, 98eea21af25cd6be",
    "21, c7673b2eb0cbf2d0",
    "22, 883ea3e395675393",
    "23, c8ce5ccd8c030ca8"
  })
  void hashesAsTheReferenceDoes(int length, String expected) {
    ByteBuffer message = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      message.put((byte) i);
    }
    message.put(23, (byte) length);
    long hash = SipHash.hash(K0, K1, message.getLong(0), message.getLong(8), message.getLong(16));
    assertThat(HexFormat.of().toHexDigits(Long.reverseBytes(hash))).isEqualTo(expected);
  }
}
