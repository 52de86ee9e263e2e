package org.symbolon.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line's place in the chain, as its first members tell it.
 *
 * @param sequence from 1 on, without a gap
 * @param previous SHA-256 of the line before, without its end, in hex; zeros before the first
 * @param isMending true where the line before is incomplete, since its node ended while writing
 */
record Link(long sequence, String previous, boolean isMending) {
  static final String NOTHING = "0".repeat(64);

  private static final String MENDING = "\"audit.mends\":true,";
  private static final Pattern PREFIX =
      Pattern.compile(
          "\\{\"event\\.sequence\":([1-9]\\d{0,17}),\"audit\\.previous\":\"([0-9a-f]{64})\",("
              + Pattern.quote(MENDING)
              + ")?\".*}");

  /** What stands at the beginning of a line; empty where it is none of a chain. */
  static Optional<Link> of(byte[] line) {
    Matcher matcher = PREFIX.matcher(new String(line, StandardCharsets.UTF_8));
    return matcher.matches()
        ? Optional.of(
            new Link(Long.parseLong(matcher.group(1)), matcher.group(2), matcher.group(3) != null))
        : Optional.empty();
  }

  /**
   * A line of it.
   *
   * @param object a JSON object with a member at least
   */
  byte[] line(String object) {
    String head = "{\"event.sequence\":" + sequence + ",\"audit.previous\":\"" + previous + "\",";
    return (head + (isMending ? MENDING : "") + object.substring(1))
        .getBytes(StandardCharsets.UTF_8);
  }

  static String hash(byte[] line) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
