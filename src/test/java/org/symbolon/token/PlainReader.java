package org.symbolon.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads session IDs slowly and plainly, to judge the fast reader. */
final class PlainReader {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{36}");

  private PlainReader() {}

  static boolean isGenuine(String text, KeyRing ring) {
    if (!SHAPE.matcher(text).matches()) {
      return false;
    }
    byte[] wire = Base64.getUrlDecoder().decode(text);
    byte[] check = check(wire, ring);
    return check != null && Arrays.equals(check, Arrays.copyOfRange(wire, 23, 27));
  }

  /** The text with its last four bytes made true, where its shape and key allow. */
  static String withTrueCheck(String text, KeyRing ring) {
    if (!SHAPE.matcher(text).matches()) {
      return text;
    }
    byte[] wire = Base64.getUrlDecoder().decode(text);
    wire[0] = (byte) (1 << 4 | (wire[0] & 15));
    byte[] check = check(wire, ring);
    if (check == null) {
      return text;
    }
    System.arraycopy(check, 0, wire, 23, 4);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(wire);
  }

  private static byte @Nullable [] check(byte[] wire, KeyRing ring) {
    RingKey key = ring.key(wire[0] & 15).orElse(null);
    if (wire[0] >> 4 != 1 || key == null || key.phase() == RingKey.Phase.RETIRE) {
      return null;
    }
    ByteBuffer words = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    words.put(wire, 0, 23).put((byte) 23);
    int check = key.check(words.getLong(0), words.getLong(8), words.getLong(16));
    return ByteBuffer.allocate(4).putInt(check).array();
  }
}
