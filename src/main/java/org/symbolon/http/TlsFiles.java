package org.symbolon.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A certificate chain and its private key as PEM files.
 *
 * @param clientAuthority the PEM file of the authority whose certificates clients may show
 * @param areClientsNeeded whether a client without one is turned away
 * @param checkEvery how often the files are looked at for a change
 */
public record TlsFiles(
    Path certificate,
    Path key,
    Optional<Path> clientAuthority,
    boolean areClientsNeeded,
    Duration checkEvery) {
  /** How often the files are looked at where nothing else is said. */
  public static final Duration USUAL = Duration.ofSeconds(10);

  /**
   * @throws IllegalArgumentException where the interval is shorter than a millisecond
   */
  public TlsFiles {
    if (checkEvery.toMillis() < 1) {
      throw new IllegalArgumentException("checkEvery: at least 1 millisecond needed");
    }
  }

  public TlsFiles(Path certificate, Path key, Optional<Path> clientAuthority) {
    this(certificate, key, clientAuthority, USUAL);
  }

  /** One that turns nobody away. */
  public TlsFiles(Path certificate, Path key, Optional<Path> clientAuthority, Duration checkEvery) {
    this(certificate, key, clientAuthority, false, checkEvery);
  }
}
