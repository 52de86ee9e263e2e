package org.symbolon.redis;

import io.lettuce.core.XAddArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.symbolon.session.AuditEvent;
import org.symbolon.session.AuditTrail;
import org.symbolon.session.Indicators;

/**
 * Appends events to the Redis stream {@code audit}, which keeps about the last of them. Nobody
 * waits for it: while Redis is away, or too many are under way, events are dropped and counted.
 */
public final class RedisAuditTrail implements AuditTrail {
  private static final int MAX_UNDER_WAY = 1_000;
  private static final int MAX_TEXT = 256;
  private final RedisLink link;
  private final Indicators indicators;
  private final StoreCalls calls;
  private final XAddArgs trimming;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Appends to the stream.
   *
   * @param kept about how many events the stream keeps
   */
  public RedisAuditTrail(RedisLink link, long kept, Indicators indicators) {
    this.link = link;
    this.indicators = indicators;
    this.calls = new StoreCalls(link, indicators);
    this.trimming = XAddArgs.Builder.maxlen(kept).approximateTrimming();
  }

  /** How many events did not reach the stream. */
  public long dropped() {
    return dropped.get();
  }

  @Override
  public void record(AuditEvent event) {
    if (underWay.incrementAndGet() > MAX_UNDER_WAY) {
      underWay.decrementAndGet();
      dropped.incrementAndGet();
      indicators.store("audit", "error", Duration.ZERO);
      return;
    }
    CompletionStage<Boolean> appended =
        calls.<String, Boolean>call(
            "audit",
            () -> link.commands().xadd(Keys.AUDIT, trimming, fields(event)),
            _ -> true,
            _ -> false);
    appended.whenComplete(
        (isAppended, _) -> {
          underWay.decrementAndGet();
          if (!Boolean.TRUE.equals(isAppended)) {
            dropped.incrementAndGet();
          }
        });
  }

  private static Object[] fields(AuditEvent event) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("at", event.at().toString());
    fields.put("action", event.action().code());
    event.tenant().ifPresent(tenant -> fields.put("tenant", tenant.value()));
    event.subject().ifPresent(subject -> fields.put("subject", subject.value()));
    event.handle().ifPresent(handle -> fields.put("handle", handle.toString()));
    fields.put("address", event.presenter().address());
    fields.put("user_agent", event.presenter().userAgent());
    fields.put("gateway", event.presenter().gateway());
    event.detail().forEach((name, value) -> fields.put("detail." + name, value));
    return fields.entrySet().stream()
        .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
        .map(RedisAuditTrail::bytes)
        .toArray();
  }

  private static byte[] bytes(String text) {
    String capped = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    return capped.getBytes(StandardCharsets.UTF_8);
  }
}
