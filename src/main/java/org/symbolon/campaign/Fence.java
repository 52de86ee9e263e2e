package org.symbolon.campaign;

import java.time.Instant;

/**
 * A rule that every node holds each session against: what was issued at an instant or before, to
 * the millisecond of the store's clock, and is selected, is over. Two of one campaign merge to the
 * later revision, so that knowing or writing one twice or late changes nothing.
 *
 * @param id its campaign
 * @param selection the {@link Terms} and the {@link Selection} as text
 * @param until from then on no session that it covers can be alive
 */
public record Fence(
    String id, long revision, Instant fencedAt, Instant until, boolean isLifted, String selection) {
  /** Its stored form. */
  public String text() {
    return String.join(
        "\t",
        Long.toString(revision),
        Long.toString(fencedAt.toEpochMilli()),
        Long.toString(until.toEpochMilli()),
        isLifted ? "1" : "0",
        selection);
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Fence parse(String id, String text) {
    String[] parts = text.split("\t", 5);
    if (parts.length != 5) {
      throw new IllegalArgumentException("fence: five parts needed");
    }
    return new Fence(
        id,
        Long.parseLong(parts[0]),
        Instant.ofEpochMilli(Long.parseLong(parts[1])),
        Instant.ofEpochMilli(Long.parseLong(parts[2])),
        parts[3].equals("1"),
        parts[4]);
  }
}
