package org.symbolon.token;

import java.net.InetAddress;

/** Tells addresses of this host and its networks from those of the internet. */
final class PrivateAddress {
  private PrivateAddress() {}

  /** True for loopback, private, link-local, shared (RFC 6598), unique local and multicast. */
  static boolean is(InetAddress address) {
    if (address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    if (bytes.length == 4) {
      return first == 0 || first >= 240 || (first == 100 && (bytes[1] & 0xc0) == 64);
    }
    // fc00::/7, and 64:ff9b::/96, which leads to an IPv4 address that is not looked at.
    return (first & 0xfe) == 0xfc || (first == 0 && (bytes[1] & 0xff) == 0x64);
  }
}
