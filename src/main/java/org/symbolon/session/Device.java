package org.symbolon.session;

/**
 * What is kept of the device a session was issued to: two families for people to recognise it by,
 * and two keyed, truncated hashes to compare by. Neither the user agent nor the address is kept.
 *
 * @param userAgentHash 32 bits of a keyed hash of the User-Agent field
 * @param networkHash 32 bits of a keyed hash of the address' prefix (/24 or /48)
 */
public record Device(Browser browser, Platform platform, int userAgentHash, int networkHash) {
  /** The families in the order of their stored codes: append only. */
  public enum Browser {
    OTHER,
    CHROME,
    EDGE,
    FIREFOX,
    SAFARI,
    OPERA,
    SAMSUNG,
    PROGRAM
  }

  /** The families in the order of their stored codes: append only. */
  public enum Platform {
    OTHER,
    WINDOWS,
    MACOS,
    LINUX,
    ANDROID,
    IOS,
    CHROMEOS
  }

  /** Nothing known, as for a session that a backend asked for without naming a device. */
  public static final Device UNKNOWN = new Device(Browser.OTHER, Platform.OTHER, 0, 0);
}
