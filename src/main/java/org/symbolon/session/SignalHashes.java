package org.symbolon.session;

/**
 * What is kept of a session's presenters to compare by: 32 bits of a keyed hash for each signal
 * that is switched on, 0 for one that has not been recorded.
 *
 * @param places where it was used from of late
 */
public record SignalHashes(
    int userAgent, int network, int asn, int country, int fingerprint, Places places) {
  /** Nothing recorded. */
  public static final SignalHashes NONE = new SignalHashes(0, 0, 0, 0, 0);

  /** Hashes without places. */
  public SignalHashes(int userAgent, int network, int asn, int country, int fingerprint) {
    this(userAgent, network, asn, country, fingerprint, Places.NONE);
  }

  /** 0 for a signal of places, which is no hash. */
  public int of(Signal signal) {
    return switch (signal) {
      case USER_AGENT -> userAgent;
      case NETWORK -> network;
      case ASN -> asn;
      case COUNTRY -> country;
      case FINGERPRINT -> fingerprint;
      case TRAVEL, FAN_OUT -> 0;
    };
  }

  /** The same with another hash of one signal; no other for a signal of places. */
  public SignalHashes with(Signal signal, int hash) {
    return switch (signal) {
      case USER_AGENT -> new SignalHashes(hash, network, asn, country, fingerprint, places);
      case NETWORK -> new SignalHashes(userAgent, hash, asn, country, fingerprint, places);
      case ASN -> new SignalHashes(userAgent, network, hash, country, fingerprint, places);
      case COUNTRY -> new SignalHashes(userAgent, network, asn, hash, fingerprint, places);
      case FINGERPRINT -> new SignalHashes(userAgent, network, asn, country, hash, places);
      case TRAVEL, FAN_OUT -> this;
    };
  }

  /** The same with other places. */
  public SignalHashes with(Places other) {
    return new SignalHashes(userAgent, network, asn, country, fingerprint, other);
  }
}
