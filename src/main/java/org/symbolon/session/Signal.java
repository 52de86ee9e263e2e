package org.symbolon.session;

import java.util.Locale;

/**
 * What is compared of whoever presents a session ID with the session's first presenter. None is a
 * proof: each may change without a thief, and a thief may imitate it. In the order of the stored
 * bits, which those of places have none of: append only.
 */
public enum Signal {
  /** The families of browser and platform. */
  USER_AGENT,
  /** The address' prefix: /24 of IPv4, /48 of IPv6. */
  NETWORK,
  /** The number of the autonomous system that the address belongs to. */
  ASN,
  /** The country that the address belongs to. */
  COUNTRY,
  /** What a trusted gateway tells of the client's TLS handshake, such as JA4. */
  FINGERPRINT,
  /** Two places by turns, faster than one could go there and back. */
  TRAVEL,
  /** Many networks within a short time. */
  FAN_OUT,
  /** The gateway that asks about it; a request that came by none differs in nothing. */
  GATEWAY;

  /**
   * True where it is no difference from the first presenter, but a sign that several use one ID.
   */
  public boolean isOfPlaces() {
    return switch (this) {
      case USER_AGENT, NETWORK, ASN, COUNTRY, FINGERPRINT, GATEWAY -> false;
      case TRAVEL, FAN_OUT -> true;
    };
  }

  /** False where it says nothing that a presenter leaves it out who showed it before. */
  boolean isMissed() {
    return this != GATEWAY;
  }

  /** The signal in metrics, audit events and reports. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
