package org.symbolon.redis;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the store that has one log of its changes: 256 consecutive buckets, or what concerns
 * more than one subject. All its keys carry its tag and so share a slot, which lets one script
 * change a session and the log.
 *
 * @param number 0 to 255 for the buckets, {@link #COMMON} for the last
 * @param tag two characters, of base64url for buckets; the slots of the 256 lie evenly over a
 *     Cluster's 16,384
 */
record Lane(int number, String tag) {
  /** The number of the lane that is nobody's bucket. */
  static final int COMMON = 256;

  static final int TAG_LENGTH = 2;
  private static final int SLOTS = 16_384;
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** Every lane by its number. */
  static final List<Lane> ALL = all();

  private static final Map<String, Lane> BY_TAG = byTag();

  static Lane of(int bucket) {
    return ALL.get(bucket >>> 8);
  }

  static Lane common() {
    return ALL.get(COMMON);
  }

  static Optional<Lane> tagged(String tag) {
    return Optional.ofNullable(BY_TAG.get(tag));
  }

  /** The lane of a key, which has its tag in braces behind its first byte. */
  static Lane of(byte[] key) {
    String tag = new String(key, 2, TAG_LENGTH, StandardCharsets.US_ASCII);
    return tagged(tag)
        .orElseThrow(() -> new IllegalArgumentException("no lane has the tag " + tag));
  }

  /** The bucket of a lower byte. */
  int bucket(byte low) {
    return ((number << 8) | (low & 0xff)) & 0xffff;
  }

  /** {@code q{tag}}: how many changes it has had. */
  byte[] counter() {
    return key('q');
  }

  /** {@code l{tag}}: the log of its last changes. */
  byte[] log() {
    return key('l');
  }

  /** {@code m{tag}}: its not-before marks. */
  byte[] marks() {
    return key('m');
  }

  /** {@code m{tag}v}: another value whenever a mark has changed. */
  byte[] marksVersion() {
    return ("m{" + tag + "}v").getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] key(char kind) {
    return (kind + "{" + tag + "}").getBytes(StandardCharsets.US_ASCII);
  }

  /** For each 256th of the slots the first tag that falls into it. */
  private static List<Lane> all() {
    Lane[] lanes = new Lane[COMMON + 1];
    for (int i = 0; i < DIGITS.length() * DIGITS.length(); i++) {
      String tag =
          String.valueOf(
              new char[] {DIGITS.charAt(i / DIGITS.length()), DIGITS.charAt(i % DIGITS.length())});
      int number = SlotHash.getSlot(tag.getBytes(StandardCharsets.US_ASCII)) / (SLOTS / COMMON);
      if (lanes[number] == null) {
        lanes[number] = new Lane(number, tag);
      }
    }
    lanes[COMMON] = new Lane(COMMON, "**");
    return List.copyOf(Arrays.asList(lanes));
  }

  private static Map<String, Lane> byTag() {
    Map<String, Lane> map = new HashMap<>();
    ALL.forEach(lane -> map.put(lane.tag(), lane));
    return Map.copyOf(map);
  }
}
