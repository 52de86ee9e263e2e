package org.symbolon.geo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes files of the MaxMind DB format 2.0: a binary trie over the bits of IPv6 addresses, IPv4
 * ones below {@code ::/96}, whose leaves point at maps of text and numbers.
 */
public final class Mmdb {
  private static final byte[] MARKER = {
    (byte) 0xab, (byte) 0xcd, (byte) 0xef, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
  };
  private static final int SEPARATOR = 16;
  private static final int EMPTY = -1;
  private static final int STRING = 2;
  private static final int SHORT = 5;
  private static final int INT = 6;
  private static final int MAP = 7;
  private static final int LONG = 9;
  private static final int ARRAY = 11;

  /** Two children each: a node's number, {@link #EMPTY}, or the complement of a place in data. */
  private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final String type;

  public Mmdb(String type) {
    this.type = type;
  }

  /**
   * Adds a network that is no part of another.
   *
   * @param network such as {@code 192.0.2.0/24}
   * @param entry text, {@link Integer} or maps of these
   */
  public Mmdb with(String network, Map<String, ?> entry) {
    byte[] literal = InetAddress.ofLiteral(network.substring(0, network.indexOf('/'))).getAddress();
    byte[] address = new byte[16];
    System.arraycopy(literal, 0, address, 16 - literal.length, literal.length);
    int prefix =
        Integer.parseInt(network.substring(network.indexOf('/') + 1)) + 128 - 8 * literal.length;
    int leaf = -2 - data.size();
    put(data, entry);
    int node = 0;
    for (int bit = 0; bit < prefix - 1; bit++) {
      int[] children = nodes.get(node);
      int side = side(address, bit);
      if (children[side] == EMPTY) {
        children[side] = nodes.size();
        nodes.add(new int[] {EMPTY, EMPTY});
      }
      node = children[side];
    }
    nodes.get(node)[side(address, prefix - 1)] = leaf;
    return this;
  }

  private static int side(byte[] address, int bit) {
    return address[bit / 8] >> (7 - bit % 8) & 1;
  }

  public byte[] bytes() {
    ByteBuffer tree = ByteBuffer.allocate(nodes.size() * 8);
    for (int[] children : nodes) {
      for (int child : children) {
        tree.putInt(
            child == EMPTY
                ? nodes.size()
                : child < EMPTY ? nodes.size() + SEPARATOR + (-2 - child) : child);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(tree.array());
    out.writeBytes(new byte[SEPARATOR]);
    out.writeBytes(data.toByteArray());
    out.writeBytes(MARKER);
    metadata(out);
    return out.toByteArray();
  }

  private void metadata(ByteArrayOutputStream out) {
    control(out, MAP, 9);
    put(out, "binary_format_major_version");
    number(out, SHORT, 2, 2);
    put(out, "binary_format_minor_version");
    number(out, SHORT, 2, 0);
    put(out, "build_epoch");
    number(out, LONG, 8, 1_795_000_000L);
    put(out, "database_type");
    put(out, type);
    put(out, "description");
    control(out, MAP, 0);
    put(out, "ip_version");
    number(out, SHORT, 2, 6);
    put(out, "languages");
    control(out, ARRAY, 0);
    put(out, "node_count");
    number(out, INT, 4, nodes.size());
    put(out, "record_size");
    number(out, SHORT, 2, 32);
  }

  private static void put(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        control(out, STRING, bytes.length);
        out.writeBytes(bytes);
      }
      case Integer number -> number(out, INT, 4, number);
      case Map<?, ?> map -> {
        control(out, MAP, map.size());
        new TreeMap<>(map)
            .forEach(
                (key, entry) -> {
                  put(out, key);
                  put(out, entry);
                });
      }
      default -> throw new IllegalArgumentException("no value of the format: " + value);
    }
  }

  private static void number(ByteArrayOutputStream out, int kind, int bytes, long value) {
    control(out, kind, bytes);
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >> shift));
    }
  }

  /** The kind in three bits, or in a byte of its own, and a size below 285. */
  private static void control(ByteArrayOutputStream out, int kind, int size) {
    int told = Math.min(size, 29);
    out.write(kind <= MAP ? kind << 5 | told : told);
    if (kind > MAP) {
      out.write(kind - MAP);
    }
    if (size >= 29) {
      out.write(size - 29);
    }
  }

  /** Puts the file there as a whole. */
  public Path in(Path path) throws IOException {
    return put(path, bytes());
  }

  /** Puts any bytes there as a whole. */
  public static Path put(Path path, byte[] bytes) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.write(next, bytes);
    return Files.move(
        next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Countries of networks, as GeoLite2-Country tells them. */
  public static Mmdb countries(Map<String, String> networks) {
    Mmdb file = new Mmdb("Test-Country");
    networks.forEach(
        (network, code) -> file.with(network, Map.of("country", Map.of("iso_code", code))));
    return file;
  }

  /** Autonomous systems of networks, as GeoLite2-ASN tells them. */
  public static Mmdb systems(Map<String, Integer> networks) {
    Mmdb file = new Mmdb("Test-ASN");
    networks.forEach(
        (network, number) ->
            file.with(
                network,
                Map.of(
                    "autonomous_system_number",
                    number,
                    "autonomous_system_organization",
                    "An organisation whose name is of more than twenty-nine characters")));
    return file;
  }
}
