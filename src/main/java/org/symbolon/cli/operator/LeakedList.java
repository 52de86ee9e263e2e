package org.symbolon.cli.operator;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Session IDs that have got out, one a line. None of them leaves this process: of each goes on what
 * names its session, the SHA-256 of its locator (bytes 1 to 8 of 27) as hex.
 *
 * @param hashes each once
 * @param junk the numbers of the lines that are no session ID, from 1 on
 */
record LeakedList(List<String> hashes, List<Integer> junk) {
  /** 36 characters of base64url; the first four bits are the version, 1. */
  private static final Pattern ID = Pattern.compile("[E-H][A-Za-z0-9_-]{35}");

  private static final int MOST_NUMBERS = 20;

  LeakedList {
    hashes = List.copyOf(hashes);
    junk = List.copyOf(junk);
  }

  /** Reads lines; empty ones count for nothing. */
  static LeakedList read(String text) {
    Set<String> hashes = new LinkedHashSet<>();
    List<Integer> junk = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (ID.matcher(line).matches()) {
        hashes.add(hash(line));
      } else if (!line.isEmpty()) {
        junk.add(number);
      }
    }
    return new LeakedList(List.copyOf(hashes), junk);
  }

  /** The first junk lines by number, for people. */
  String junkLines() {
    return junk.stream().limit(MOST_NUMBERS).map(String::valueOf).collect(Collectors.joining(", "))
        + (junk.size() > MOST_NUMBERS ? " and %d more".formatted(junk.size() - MOST_NUMBERS) : "");
  }

  private static String hash(String id) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(Base64.getUrlDecoder().decode(id), 1, Long.BYTES);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
