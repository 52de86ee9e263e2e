package org.symbolon;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Range;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.symbolon.redis.RedisServers;

/**
 * Session IDs to look for where none may be: each run of 8 characters of an ID's text, and each run
 * of 6 bytes of what is secret in it (its random part and its secret) as bytes, hex or base64.
 */
final class Canaries {
  private static final int TEXT = 8;
  private static final int BYTES = 6;
  private final Map<Long, String> texts = new HashMap<>();
  private final Map<Long, String> bytes = new HashMap<>();

  void add(String id) {
    addText(id.getBytes(StandardCharsets.US_ASCII), "text");
    byte[] raw = Base64.getUrlDecoder().decode(id);
    // The bucket, in front of these, is Redis' hash tag and so no secret.
    byte[] random = Arrays.copyOfRange(raw, 3, 9);
    byte[] proof = Arrays.copyOfRange(raw, 11, 23);
    for (byte[] part : List.of(random, proof)) {
      for (int i = 0; i + BYTES <= part.length; i++) {
        bytes.put(window(part, i, BYTES), "bytes at " + i);
      }
      addText(ascii(HexFormat.of().formatHex(part)), "hex");
      addText(ascii(HexFormat.of().withUpperCase().formatHex(part)), "hex");
      addText(ascii(Base64.getEncoder().encodeToString(part).replace("=", "")), "base64");
    }
  }

  private void addText(byte[] text, String kind) {
    for (int i = 0; i + TEXT <= text.length; i++) {
      texts.put(window(text, i, TEXT), kind + " at " + i);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static long window(byte[] in, int from, int length) {
    long window = 0;
    for (int i = from; i < from + length; i++) {
      window = (window << 8) | (in[i] & 0xff);
    }
    return window;
  }

  /** Where canaries were found, each with what stands around it. */
  List<String> findIn(byte[] haystack) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < haystack.length; i++) {
      boolean isText = i + TEXT <= haystack.length && texts.containsKey(window(haystack, i, TEXT));
      boolean isBytes =
          i + BYTES <= haystack.length && bytes.containsKey(window(haystack, i, BYTES));
      if (isText || isBytes) {
        int from = Math.max(0, i - 40);
        int to = Math.min(haystack.length, i + 40);
        found.add(i + ": " + new String(haystack, from, to - from, StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  /** Every key, and what is stored at it. Not by DUMP, which compresses. */
  static byte[] stored(RedisServers servers) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (RedisServers.Admin admin = servers.admin()) {
      RedisCommands<byte[], byte[]> redis = admin.commands();
      KeyScanCursor<byte[]> page = redis.scan(ScanArgs.Builder.limit(1000));
      while (true) {
        for (byte[] key : page.getKeys()) {
          all.writeBytes(key);
          switch (redis.type(key)) {
            case "string" -> all.writeBytes(redis.get(key));
            case "zset" -> redis.zrange(key, 0, -1).forEach(all::writeBytes);
            case "stream" ->
                redis
                    .xrange(key, Range.unbounded())
                    .forEach(
                        event ->
                            event
                                .getBody()
                                .forEach(
                                    (name, value) -> {
                                      all.writeBytes(name);
                                      all.writeBytes(value);
                                    }));
            case "hash" ->
                redis
                    .hgetall(key)
                    .forEach(
                        (name, value) -> {
                          all.writeBytes(name);
                          all.writeBytes(value);
                        });
            case "none" -> {} // It has just expired.
            default -> throw new AssertionError("a key of another type: " + redis.type(key));
          }
        }
        if (page.isFinished()) {
          break;
        }
        page = redis.scan(page, ScanArgs.Builder.limit(1000));
      }
    }
    return all.toByteArray();
  }
}
