package org.symbolon.token;

import java.util.Optional;

/** Keys that are given as text and never change. */
public final class JwksValue implements JwksSource {
  private final Known known;

  /**
   * @param text a JWK set (RFC 7517 section 5)
   * @throws IllegalArgumentException where it is none; the message names the member and the mend
   */
  public JwksValue(String text) {
    this.known =
        switch (Jwks.parse(text)) {
          case Jwks.Read(Jwks jwks) -> new Known(jwks);
          case Jwks.Faulty(String mend) -> throw new IllegalArgumentException("jwks: " + mend);
        };
  }

  @Override
  public Keys keys(String kid) {
    return known;
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }
}
