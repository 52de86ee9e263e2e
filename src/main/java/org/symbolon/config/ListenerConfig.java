package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where to listen, and with which certificate. */
public record ListenerConfig(String host, int port, Optional<TlsFiles> tls) {
  /**
   * PEM files.
   *
   * @param clientAuthority who issues the certificates that clients may show
   * @param areClientsNeeded whether a client without one is turned away
   */
  public record TlsFiles(
      Path certificate, Path key, Optional<Path> clientAuthority, boolean areClientsNeeded) {
    TlsFiles(Path certificate, Path key, Optional<Path> clientAuthority) {
      this(certificate, key, clientAuthority, false);
    }
  }

  /** Whether clients are asked for a certificate. */
  private enum ClientAuth {
    OFF,
    REQUEST,
    REQUIRED
  }

  static ListenerConfig read(String name, Settings settings, Path base) {
    return read(name, settings, base, Optional.empty());
  }

  /** One whose clients may show certificates. */
  static ListenerConfig readWithClients(String name, Settings settings, Path base) {
    Optional<Path> authority = settings.file(name + ".tls.clientCa", base);
    ListenerConfig listener = read(name, settings, base, authority);
    if (authority.isPresent() && listener.tls().isEmpty()) {
      settings.fault(
          name + ".tls.certificate", "needed with clientCa: certificates are shown over TLS");
    }
    return listener;
  }

  /** One whose clients are asked for certificates where that is said. */
  static ListenerConfig readPublic(Settings settings, Path base) {
    ListenerConfig listener = readWithClients("public", settings, base);
    ClientAuth auth =
        settings.choice("public.tls.clientAuth", ClientAuth.class).orElse(ClientAuth.OFF);
    boolean isNamed = settings.isSet("public.tls.clientCa");
    if (auth == ClientAuth.OFF && isNamed) {
      settings.fault("public.tls.clientAuth", "request or required needed with clientCa");
    }
    if (auth != ClientAuth.OFF && !isNamed) {
      settings.fault("public.tls.clientCa", "needed with clientAuth: who issues the certificates");
    }
    return new ListenerConfig(
        listener.host,
        listener.port,
        listener.tls.map(
            own ->
                new TlsFiles(
                    own.certificate, own.key, own.clientAuthority, auth == ClientAuth.REQUIRED)));
  }

  private static ListenerConfig read(
      String name, Settings settings, Path base, Optional<Path> authority) {
    Optional<Path> certificate = settings.file(name + ".tls.certificate", base);
    Optional<Path> key = settings.file(name + ".tls.key", base);
    if (certificate.isPresent() != key.isPresent()) {
      settings.fault(
          name + (key.isPresent() ? ".tls.certificate" : ".tls.key"),
          "needed: certificate and key go together");
    }
    return listener(
        name, settings, certificate.flatMap(c -> key.map(k -> new TlsFiles(c, k, authority))));
  }

  /** One that is only there where its port is set. */
  static Optional<ListenerConfig> readOptional(String name, Settings settings, Path base) {
    ListenerConfig listener = read(name, settings, base);
    return settings.isSet(name + ".port") ? Optional.of(listener) : Optional.empty();
  }

  static ListenerConfig readPlaintext(String name, Settings settings) {
    return listener(name, settings, Optional.empty());
  }

  private static ListenerConfig listener(String name, Settings settings, Optional<TlsFiles> tls) {
    return new ListenerConfig(
        settings.text(name + ".host"), settings.integer(name + ".port", 0, 65535, 0), tls);
  }

  public boolean isLoopback() {
    return Loopback.holds(host);
  }

  /** True where it listens on every address of the machine. */
  public boolean isWildcard() {
    return host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
  }
}
