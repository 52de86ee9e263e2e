package org.symbolon.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a request shows beside its session ID, none of it believed yet. It may hold a secret, so it
 * has no text.
 */
public final class Evidence {
  /** A request that shows nothing. */
  public static final Evidence NONE = new Evidence(List.of());

  private final List<String> cookieFields;
  private final Optional<Sent> sent;
  private final Optional<Certificate> certificate;
  private final Supplier<Optional<String>> channel;

  /**
   * What a program signed for this one request (DPoP, RFC 9449).
   *
   * @param proofs the values of all {@code DPoP} fields
   * @param method of the request that was signed for
   * @param address its URL without a query; empty where it is not told in one way
   */
  public record Sent(List<String> proofs, String method, Optional<String> address) {
    public Sent {
      proofs = List.copyOf(proofs);
    }
  }

  /**
   * The client's certificate, which whoever ended its TLS has verified.
   *
   * @param thumbprint {@code x5t#S256} (RFC 8705 section 3.1), 43 characters of base64url
   * @param key the SHA-256 of its SubjectPublicKeyInfo, likewise; empty where it can't be read
   */
  public record Certificate(String thumbprint, Supplier<Optional<String>> key) {}

  /** A request that shows cookies alone. */
  public Evidence(List<String> cookieFields) {
    this(cookieFields, Optional.empty(), Optional.empty(), Optional::empty);
  }

  /**
   * @param cookieFields the raw values of all {@code Cookie} fields, in their order
   * @param sent empty where nothing was signed, or nobody who is believed tells for what
   * @param certificate of the client's own connection, or as somebody who is believed tells
   * @param channel what both ends export of the client's connection (RFC 9266), in base64url; empty
   *     where it is none of TLS 1.3 that ends here
   */
  public Evidence(
      List<String> cookieFields,
      Optional<Sent> sent,
      Optional<Certificate> certificate,
      Supplier<Optional<String>> channel) {
    this.cookieFields = List.copyOf(cookieFields);
    this.sent = sent;
    this.certificate = certificate;
    this.channel = channel;
  }

  public List<String> cookieFields() {
    return cookieFields;
  }

  public Optional<Sent> sent() {
    return sent;
  }

  public Optional<Certificate> certificate() {
    return certificate;
  }

  public Optional<String> channel() {
    return channel.get();
  }
}
