package org.symbolon.http;

import java.util.Optional;
import java.util.function.Supplier;
import org.symbolon.session.Evidence;

/**
 * Who speaks, and how: the connection, and what a trusted gateway tells of its client.
 *
 * @param acceptable false for plaintext from a peer that is neither loopback nor trusted
 * @param scheme {@code http} or {@code https}, as the client used it
 * @param authority host and port, as the client named them
 * @param address the client's address
 * @param trusted a trusted gateway speaks
 * @param tellsCertificates what it says of its client's certificate is believed too
 * @param clientPlaintext a trusted gateway tells that its client spoke plaintext
 * @param certificate the client's, by its own connection or as a trusted gateway tells
 * @param channel what both ends export of the client's own connection; empty behind a gateway
 * @param fingerprint of the client's TLS handshake, as a trusted gateway tells; empty without
 */
public record Hop(
    boolean acceptable,
    boolean tls,
    boolean loopback,
    String scheme,
    String authority,
    String address,
    boolean trusted,
    boolean tellsCertificates,
    boolean clientPlaintext,
    Optional<Evidence.Certificate> certificate,
    Supplier<Optional<String>> channel,
    String fingerprint) {
  /**
   * The hop of a request that the peer tells of in its own words, which count if it is trusted;
   * empty where the authority is none.
   *
   * @param itsCertificate the PEM form, percent-encoded; empty for none
   * @throws RefusedRequest where it is believed and no certificate
   */
  public Optional<Hop> telling(
      String itsScheme, String itsAuthority, String itsAddress, String itsCertificate) {
    if (!RequestRules.isAuthority(itsAuthority)) {
      return Optional.empty();
    }
    boolean plaintext = trusted && itsScheme.equalsIgnoreCase("http");
    return Optional.of(
        new Hop(
            acceptable,
            tls,
            loopback,
            plaintext ? "http" : "https",
            itsAuthority,
            trusted ? Addresses.parse(itsAddress).map(Addresses::text).orElse(address) : address,
            trusted,
            tellsCertificates,
            plaintext,
            tellsCertificates ? ClientCertificate.escaped(itsCertificate) : Optional.empty(),
            Optional::empty,
            ""));
  }

  /** Whether what the peer tells of a client's address and certificate is not all believed. */
  public boolean ignores(String itsAddress, String itsCertificate) {
    return (!trusted && !itsAddress.isEmpty()) || (!tellsCertificates && !itsCertificate.isEmpty());
  }
}
