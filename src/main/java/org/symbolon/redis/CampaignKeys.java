package org.symbolon.redis;

import java.nio.charset.StandardCharsets;

/** The names of what is kept of campaigns, all in the common lane. */
final class CampaignKeys {
  private static final String PREFIX = "c{" + Lane.common().tag() + "}";

  /** The fences by their campaigns' names. */
  static final byte[] FENCES = bytes(PREFIX);

  /** All campaigns' names, by when they were planned. */
  static final byte[] LIST = bytes(PREFIX + "list");

  /** The names of those that a node has to work on. */
  static final byte[] WORK = bytes(PREFIX + "work");

  static byte[] record(String id) {
    return bytes(PREFIX + "=" + id);
  }

  /**
   * The name of the campaign that was proposed last for a selection.
   *
   * @param selection its text's SHA-256, as hex
   */
  static byte[] proposal(String selection) {
    return bytes(PREFIX + "event=" + selection);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private CampaignKeys() {}
}
