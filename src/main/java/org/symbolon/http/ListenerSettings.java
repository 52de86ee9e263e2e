package org.symbolon.http;

import java.util.Optional;

/**
 * Where and how a listener listens.
 *
 * @param host the address or name to bind
 * @param port 0 for any free one
 * @param trusted the gateways whose forwarded headers are believed and who may speak plaintext
 * @param eventLoops how many event loops share the connections
 */
public record ListenerSettings(
    String host,
    int port,
    Optional<TlsFiles> tls,
    TrustedPeers trusted,
    Limits limits,
    int eventLoops) {
  /**
   * @throws IllegalArgumentException for a port or a number of event loops out of range
   */
  public ListenerSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: an address or a name needed");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: 0 to 65535 needed");
    }
    if (eventLoops < 1 || eventLoops > 256) {
      throw new IllegalArgumentException("eventLoops: 1 to 256 needed");
    }
  }

  /** A plain listener with the usual limits that trusts nobody. */
  public static ListenerSettings plain(String host, int port) {
    return new ListenerSettings(host, port, Optional.empty(), TrustedPeers.NONE, Limits.DEFAULT, 1);
  }

  /** The same with other limits. */
  public ListenerSettings withLimits(Limits others) {
    return new ListenerSettings(host, port, tls, trusted, others, eventLoops);
  }

  /** True where nothing beyond this machine can reach the listener. */
  public boolean isLoopback() {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    return Addresses.parse(host).filter(Addresses::isLoopback).isPresent();
  }
}
