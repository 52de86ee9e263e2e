package org.symbolon.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** IP addresses as bytes: 4, or 16 where they are no IPv4 address in disguise. */
public final class Addresses {
  private static final int MAPPED_PREFIX = 12;

  private Addresses() {}

  /** Reads a literal, in brackets or not; never asks the DNS. */
  public static Optional<byte[]> parse(String text) {
    String literal =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (literal.indexOf('%') >= 0
        || !(NetUtil.isValidIpV4Address(literal) || NetUtil.isValidIpV6Address(literal))) {
      return Optional.empty();
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
    return bytes == null ? Optional.empty() : Optional.of(unmapped(bytes));
  }

  /** The IPv4 address within {@code ::ffff:0:0/96}, else the same. */
  static byte[] unmapped(byte[] bytes) {
    if (bytes.length != 16 || bytes[10] != -1 || bytes[11] != -1) {
      return bytes;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return bytes;
      }
    }
    return Arrays.copyOfRange(bytes, MAPPED_PREFIX, 16);
  }

  static boolean isLoopback(byte[] bytes) {
    return toInet(bytes).isLoopbackAddress();
  }

  /** The canonical text. */
  public static String text(byte[] bytes) {
    return NetUtil.toAddressString(toInet(bytes));
  }

  /** The network that a device's address is compared by: /24 of IPv4, /48 of IPv6. */
  public static String network(String address) {
    return parse(address)
        .map(
            bytes -> {
              int kept = bytes.length == 4 ? 3 : 6;
              byte[] network = Arrays.copyOf(Arrays.copyOf(bytes, kept), bytes.length);
              return text(network) + (bytes.length == 4 ? "/24" : "/48");
            })
        .orElse("");
  }

  private static InetAddress toInet(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address: 4 or 16 bytes needed", e);
    }
  }
}
