package org.symbolon.redis;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
  private final Indicators indicators;
  private final StoreCalls calls;
  private final AuditStream stream;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Appends to the stream.
   *
   * @param kept about how many events the stream keeps
   */
  public RedisAuditTrail(RedisLink link, long kept, Indicators indicators) {
    this.indicators = indicators;
    this.calls = new StoreCalls(link, indicators);
    this.stream = new AuditStream(link, kept);
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
            "audit", () -> stream.append(fields(event)), _ -> true, _ -> false);
    appended.whenComplete(
        (isAppended, _) -> {
          underWay.decrementAndGet();
          if (!Boolean.TRUE.equals(isAppended)) {
            dropped.incrementAndGet();
          }
        });
  }

  private static Map<String, String> fields(AuditEvent event) {
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
    fields.replaceAll((_, text) -> text.substring(0, Math.min(MAX_TEXT, text.length())));
    return fields;
  }
}
