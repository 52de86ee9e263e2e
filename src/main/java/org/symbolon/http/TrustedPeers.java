package org.symbolon.http;

import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of gateways that are believed, as networks (RFC 4632 section 3.1, RFC 4291 section
 * 2.3).
 */
public final class TrustedPeers {
  /** Nobody. */
  public static final TrustedPeers NONE = new TrustedPeers(List.of(), Optional.empty(), false);

  private final List<Network> networks;
  private final Optional<CharSequence> fingerprint;
  private final boolean tellsCertificates;

  private TrustedPeers(
      List<Network> networks, Optional<CharSequence> fingerprint, boolean tellsCertificates) {
    this.networks = List.copyOf(networks);
    this.fingerprint = fingerprint;
    this.tellsCertificates = tellsCertificates;
  }

  /** The same, and what they say of their client's certificate is believed too. */
  public TrustedPeers tellingCertificates() {
    return new TrustedPeers(networks, fingerprint, true);
  }

  boolean tellsCertificates() {
    return tellsCertificates;
  }

  /**
   * Reads networks such as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or single addresses.
   *
   * @throws IllegalArgumentException where there is none, one cannot be read, has bits beyond its
   *     prefix, or covers every address; the message names it and the mend
   */
  public static TrustedPeers of(List<String> cidrs) {
    if (cidrs.isEmpty()) {
      throw new IllegalArgumentException(
          "trusted addresses: none given; name the gateways' networks, such as 10.1.2.0/24, or"
              + " take the setting away to trust nobody");
    }
    List<Network> networks = new ArrayList<>();
    for (String cidr : cidrs) {
      networks.add(Network.parse(cidr.strip()));
    }
    return new TrustedPeers(networks, Optional.empty(), false);
  }

  /**
   * The same peers, telling of their client's TLS handshake in a field, which they set or take away
   * themselves.
   */
  public TrustedPeers telling(String field) {
    return new TrustedPeers(
        networks, Optional.of(HttpHeaders.createOptimized(field)), tellsCertificates);
  }

  /** The field that tells of a client's TLS handshake; nobody is asked for one where empty. */
  Optional<CharSequence> fingerprint() {
    return fingerprint;
  }

  public boolean includes(String address) {
    return !networks.isEmpty() && Addresses.parse(address).filter(this::includes).isPresent();
  }

  private boolean includes(byte[] address) {
    for (Network network : networks) {
      if (network.includes(address)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return networks.toString();
  }

  private static final class Network {
    private final byte[] address;
    private final int prefix;

    private Network(byte[] address, int prefix) {
      this.address = address;
      this.prefix = prefix;
    }

    static Network parse(String cidr) {
      int slash = cidr.indexOf('/');
      String literal = slash < 0 ? cidr : cidr.substring(0, slash);
      byte[] address =
          Addresses.parse(literal)
              .orElseThrow(
                  () ->
                      refused(cidr, "is no IP address; write it as 10.1.2.0/24 or 2001:db8::/32"));
      int bits = address.length * 8;
      int prefix = slash < 0 ? bits : prefix(cidr, cidr.substring(slash + 1), bits);
      for (int bit = prefix; bit < bits; bit++) {
        if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
          throw refused(cidr, "has bits beyond its prefix; write the network's first address");
        }
      }
      return new Network(address, prefix);
    }

    private static int prefix(String cidr, String text, int bits) {
      int prefix = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
      if (prefix < 0 || prefix > bits) {
        throw refused(cidr, "has no prefix of 1 to " + bits);
      }
      if (prefix == 0) {
        throw refused(cidr, "would trust everybody; name the gateways' own networks");
      }
      return prefix;
    }

    private static IllegalArgumentException refused(String cidr, String why) {
      return new IllegalArgumentException("trusted addresses: \"" + cidr + "\" " + why);
    }

    boolean includes(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = prefix / 8;
      for (int i = 0; i < whole; i++) {
        if (other[i] != address[i]) {
          return false;
        }
      }
      int rest = prefix % 8;
      return rest == 0 || ((other[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public String toString() {
      return Addresses.text(address) + "/" + prefix;
    }
  }
}
