package org.symbolon.session;

/**
 * What is kept of a session's presenter to compare by: 32 bits of a keyed hash for each signal that
 * is switched on, 0 for one that has not been recorded.
 */
public record SignalHashes(int userAgent, int network, int asn, int country, int fingerprint) {
  /** Nothing recorded. */
  public static final SignalHashes NONE = new SignalHashes(0, 0, 0, 0, 0);

  public int of(Signal signal) {
    return switch (signal) {
      case USER_AGENT -> userAgent;
      case NETWORK -> network;
      case ASN -> asn;
      case COUNTRY -> country;
      case FINGERPRINT -> fingerprint;
    };
  }

  /** The same with another hash of one signal. */
  public SignalHashes with(Signal signal, int hash) {
    return switch (signal) {
      case USER_AGENT -> new SignalHashes(hash, network, asn, country, fingerprint);
      case NETWORK -> new SignalHashes(userAgent, hash, asn, country, fingerprint);
      case ASN -> new SignalHashes(userAgent, network, hash, country, fingerprint);
      case COUNTRY -> new SignalHashes(userAgent, network, asn, hash, fingerprint);
      case FINGERPRINT -> new SignalHashes(userAgent, network, asn, country, hash);
    };
  }
}
