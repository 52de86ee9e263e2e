package org.symbolon.token;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one text form of a key ring; an object serves one reading. */
final class KeyRingText {
  private static final Pattern BLANK = Pattern.compile("[ \\t]+");
  private static final Pattern ID = Pattern.compile("[0-9]|1[0-5]");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]*={0,2}");

  /** Of 32 random bytes, fewer than 8 different ones are never seen: about 1 in 2^120 rings. */
  private static final int DIFFERENT = 8;

  private final Map<Integer, RingKey> keys = new LinkedHashMap<>();
  private byte @Nullable [] bucket;

  KeyRing.Reading read(String text) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String trimmed = line.strip();
      if (trimmed.isEmpty() || trimmed.startsWith("#")) {
        continue;
      }
      KeyRing.Faulty fault = line(number, BLANK.split(trimmed));
      if (fault != null) {
        return fault;
      }
    }
    return whole();
  }

  private KeyRing.@Nullable Faulty line(int number, String[] words) {
    return switch (words[0]) {
      case "bucket" -> bucket(number, words);
      case "key" -> key(number, words);
      // The word is not repeated: a line that lost its beginning begins with a secret.
      default -> new KeyRing.Faulty(number, "line", "begin with \"bucket\" or \"key\", or with #");
    };
  }

  private KeyRing.@Nullable Faulty bucket(int number, String[] words) {
    if (words.length != 2) {
      return new KeyRing.Faulty(number, "bucket", "write: bucket <32 bytes in base64>");
    }
    if (bucket != null) {
      return new KeyRing.Faulty(number, "bucket", "keep one line \"bucket\", remove the other");
    }
    byte[] secret = decode(words[1]);
    String mend = mend(secret);
    if (mend != null || secret == null) {
      return new KeyRing.Faulty(number, "bucket", String.valueOf(mend));
    }
    bucket = secret;
    return null;
  }

  private KeyRing.@Nullable Faulty key(int number, String[] words) {
    if (words.length != 4) {
      return new KeyRing.Faulty(
          number, "key", "write: key <0..15> <publish|sign|retire> <32 bytes in base64>");
    }
    if (!ID.matcher(words[1]).matches()) {
      return new KeyRing.Faulty(number, "id", "use a number from 0 to 15");
    }
    int id = Integer.parseInt(words[1]);
    if (keys.containsKey(id)) {
      return new KeyRing.Faulty(number, "id", id + " is taken by a line above, use another");
    }
    RingKey.Phase phase = phase(words[2]);
    if (phase == null) {
      return new KeyRing.Faulty(number, "phase", "use publish, sign or retire");
    }
    if (phase == RingKey.Phase.SIGN && signs()) {
      return new KeyRing.Faulty(
          number, "phase", "a key above signs: make one of the two publish, or retire");
    }
    byte[] secret = decode(words[3]);
    String mend = mend(secret);
    if (mend != null || secret == null) {
      return new KeyRing.Faulty(number, "secret", String.valueOf(mend));
    }
    keys.put(id, new RingKey(id, phase, secret));
    return null;
  }

  private KeyRing.Reading whole() {
    byte[] bucketSecret = bucket;
    if (bucketSecret == null) {
      return new KeyRing.Faulty(0, "bucket", "add a line: bucket <32 bytes in base64>");
    }
    if (!signs()) {
      return new KeyRing.Faulty(0, "phase", "no key signs: add one, or set the phase sign on one");
    }
    return new KeyRing.Read(new KeyRing(bucketSecret, keys.values()));
  }

  private boolean signs() {
    return keys.values().stream().anyMatch(k -> k.phase() == RingKey.Phase.SIGN);
  }

  private static RingKey.@Nullable Phase phase(String word) {
    for (RingKey.Phase phase : RingKey.Phase.values()) {
      if (phase.word().equals(word)) {
        return phase;
      }
    }
    return null;
  }

  private static byte @Nullable [] decode(String word) {
    if (!BASE64.matcher(word).matches()) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(word.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What is wrong with a secret; null where nothing is. */
  private @Nullable String mend(byte @Nullable [] secret) {
    if (secret == null) {
      return "use base64 or base64url, as of: openssl rand -base64 32";
    }
    if (secret.length != RingKey.LENGTH) {
      return String.format(
          Locale.ROOT,
          "%d bytes instead of %d: use the output of: openssl rand -base64 32",
          secret.length,
          RingKey.LENGTH);
    }
    boolean[] seen = new boolean[256];
    int different = 0;
    for (byte b : secret) {
      different += seen[b & 0xff] ? 0 : 1;
      seen[b & 0xff] = true;
    }
    if (different < DIFFERENT) {
      return "not random: use the output of: openssl rand -base64 32";
    }
    return isTaken(secret) ? "the same as on a line above: each key needs its own" : null;
  }

  private boolean isTaken(byte[] secret) {
    return Arrays.equals(secret, bucket)
        || List.copyOf(keys.values()).stream()
            .anyMatch(k -> Arrays.equals(k.revealSecret(), secret));
  }
}
