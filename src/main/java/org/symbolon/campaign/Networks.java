package org.symbolon.campaign;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Blocks of addresses as people write them. Of an address its /24, or /48 of IPv6, is kept as a
 * hash, so that a larger block is all of those in it.
 */
final class Networks {
  private static final Pattern V4 =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.0/(1[6-9]|2[0-4])");

  private static final Pattern V6 = Pattern.compile("[0-9a-f:]{2,39}/48");

  private Networks() {}

  /** Whether it is a block of a size that can be told, and begins where one begins. */
  static boolean isValid(String block) {
    Matcher v4 = V4.matcher(block);
    if (!v4.matches()) {
      return V6.matcher(block).matches();
    }
    return IntStream.of(1, 2, 3).allMatch(i -> part(v4, i) < 256) && third(v4) % size(v4) == 0;
  }

  /** The networks of the kept sizes that a valid block consists of. */
  static Stream<String> kept(String block) {
    Matcher v4 = V4.matcher(block);
    return v4.matches()
        ? IntStream.range(third(v4), third(v4) + size(v4))
            .mapToObj(third -> "%d.%d.%d.0/24".formatted(part(v4, 1), part(v4, 2), third))
        : Stream.of(block);
  }

  private static int part(Matcher v4, int number) {
    return Integer.parseInt(v4.group(number));
  }

  private static int third(Matcher v4) {
    return part(v4, 3);
  }

  /** How many /24. */
  private static int size(Matcher v4) {
    return 1 << (24 - part(v4, 4));
  }
}
