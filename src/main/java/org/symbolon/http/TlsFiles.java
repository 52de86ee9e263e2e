package org.symbolon.http;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A certificate chain and its private key as PEM files.
 *
 * @param checkEvery how often the files are looked at for a change
 */
public record TlsFiles(Path certificate, Path key, Duration checkEvery) {
  /**
   * @throws IllegalArgumentException where the interval is shorter than a millisecond
   */
  public TlsFiles {
    if (checkEvery.toMillis() < 1) {
      throw new IllegalArgumentException("checkEvery: at least 1 millisecond needed");
    }
  }

  public TlsFiles(Path certificate, Path key) {
    this(certificate, key, Duration.ofSeconds(10));
  }
}
