package org.symbolon.redis;

import io.lettuce.core.XAddArgs;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The Redis stream {@code audit}, which keeps about the last of its entries. */
final class AuditStream {
  private final RedisLink link;
  private final XAddArgs trimming;

  /**
   * @param kept about how many entries it keeps
   */
  AuditStream(RedisLink link, long kept) {
    this.link = link;
    this.trimming = XAddArgs.Builder.maxlen(kept).approximateTrimming();
  }

  /** Appends an entry with these fields; gives its ID. */
  CompletionStage<String> append(Map<String, String> fields) {
    Object[] entry =
        fields.entrySet().stream()
            .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toArray();
    return link.commands().xadd(Keys.AUDIT, trimming, entry);
  }
}
