package org.symbolon.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a chain had come: whoever keeps one elsewhere can tell later whether all up to it is
 * still there and as it was.
 *
 * @param sequence of the last line; 0 before the first
 * @param hash SHA-256 of it, in hex
 */
public record Checkpoint(long sequence, String hash) {
  static final Checkpoint NONE = new Checkpoint(0, Link.NOTHING);
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  /** Reads {@code SEQUENCE:HASH}. */
  public static Optional<Checkpoint> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    return matcher.matches()
        ? Optional.of(new Checkpoint(Long.parseLong(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return sequence + ":" + hash;
  }
}
