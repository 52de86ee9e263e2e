package org.symbolon.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where to listen, and with which certificate. */
public record ListenerConfig(String host, int port, Optional<TlsFiles> tls) {
  /** PEM files. */
  public record TlsFiles(Path certificate, Path key) {}

  static ListenerConfig read(String name, Settings settings, Path base) {
    Optional<Path> certificate = settings.file(name + ".tls.certificate", base);
    Optional<Path> key = settings.file(name + ".tls.key", base);
    if (certificate.isPresent() != key.isPresent()) {
      settings.fault(
          name + (key.isPresent() ? ".tls.certificate" : ".tls.key"),
          "needed: certificate and key go together");
    }
    return listener(name, settings, certificate.flatMap(c -> key.map(k -> new TlsFiles(c, k))));
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
