package org.symbolon.session;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Knows operators by the certificates that they show on the admin listener. */
@FunctionalInterface
public interface Operators {
  /** None. */
  Operators NONE = _ -> Optional.empty();

  /**
   * Whose certificate it is.
   *
   * @param certificate one that the listener's authority has issued
   */
  Optional<Services.Service> of(X509Certificate certificate);
}
