package org.symbolon.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * What is kept of a session's presenters to compare by: 32 bits of a keyed hash for each signal
 * that is switched on, 0 for one that has not been recorded.
 *
 * @param places where it was used from of late
 * @param flags what was seen of the session's IDs
 */
public record SignalHashes(
    int userAgent,
    int network,
    int asn,
    int country,
    int fingerprint,
    int gateway,
    Places places,
    Set<Flag> flags) {
  /** Nothing recorded. */
  public static final SignalHashes NONE = new SignalHashes(0, 0, 0, 0, 0);

  public SignalHashes {
    flags = Set.copyOf(flags);
  }

  /** Hashes alone. */
  public SignalHashes(int userAgent, int network, int asn, int country, int fingerprint) {
    this(userAgent, network, asn, country, fingerprint, 0, Places.NONE, Set.of());
  }

  /** 0 for a signal of places, which is no hash. */
  public int of(Signal signal) {
    return switch (signal) {
      case USER_AGENT -> userAgent;
      case NETWORK -> network;
      case ASN -> asn;
      case COUNTRY -> country;
      case FINGERPRINT -> fingerprint;
      case GATEWAY -> gateway;
      case TRAVEL, FAN_OUT -> 0;
    };
  }

  /** The same with another hash of one signal; no other for a signal of places. */
  public SignalHashes with(Signal signal, int hash) {
    return new SignalHashes(
        signal == Signal.USER_AGENT ? hash : userAgent,
        signal == Signal.NETWORK ? hash : network,
        signal == Signal.ASN ? hash : asn,
        signal == Signal.COUNTRY ? hash : country,
        signal == Signal.FINGERPRINT ? hash : fingerprint,
        signal == Signal.GATEWAY ? hash : gateway,
        places,
        flags);
  }

  /** The same with other places. */
  public SignalHashes with(Places other) {
    return new SignalHashes(userAgent, network, asn, country, fingerprint, gateway, other, flags);
  }

  /** The same with other flags. */
  public SignalHashes with(Set<Flag> other) {
    return new SignalHashes(userAgent, network, asn, country, fingerprint, gateway, places, other);
  }

  /** The same, flagged. */
  SignalHashes flagged(Flag flag) {
    Set<Flag> all = EnumSet.of(flag);
    all.addAll(flags);
    return with(all);
  }

  /** Whether other nodes are to look again that remember a session with these. */
  public boolean differFrom(SignalHashes other) {
    return !flags.equals(other.flags) || places.differsFrom(other.places);
  }
}
