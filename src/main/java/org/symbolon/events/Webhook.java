package org.symbolon.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts messages as JSON, signed by HMAC-SHA256 over {@code id.timestamp.body} with each of its
 * keys (standardwebhooks.com). The {@code webhook-id} is the same at every attempt.
 */
public final class Webhook implements Target, AutoCloseable {
  private static final String DETAIL = "detail.";
  private static final JsonMapper JSON = new JsonMapper();

  /** What is told beside the event's own; where somebody was, and with what, is not. */
  private static final Set<String> TOLD =
      Set.of(
          "reason",
          "count",
          "kept",
          "not_durable",
          "reaction",
          "campaign",
          "step",
          "state",
          "by",
          "cause",
          "ticket",
          "sessions",
          "remark",
          "break_glass",
          "sender",
          "kind",
          "outcome");

  private final Post post;
  private final List<SecretKeySpec> keys;
  private final InstantSource clock;

  /**
   * @param keys at least one; two while one takes the other's place
   * @throws IllegalArgumentException for an address that is neither https nor on this machine
   */
  public Webhook(URI uri, List<byte[]> keys, Duration timeout, InstantSource clock) {
    this.post = new Post(uri, timeout);
    this.keys = keys.stream().map(key -> new SecretKeySpec(key, "HmacSHA256")).toList();
    this.clock = clock;
  }

  @Override
  public Answer tell(Message message) throws InterruptedException {
    String body = body(message);
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("webhook-id", message.id());
    fields.put("webhook-timestamp", timestamp);
    fields.put(
        "webhook-signature",
        keys.stream()
            .map(key -> signature(key, message.id(), timestamp, body))
            .collect(Collectors.joining(" ")));
    return post.send("application/json", fields, body);
  }

  private static String body(Message message) {
    ObjectNode body = JSON.createObjectNode();
    body.put("type", message.action());
    body.put("timestamp", message.fields().getOrDefault("at", ""));
    ObjectNode event = body.putObject("data");
    for (String name : List.of("tenant", "subject", "handle")) {
      if (message.fields().containsKey(name)) {
        event.put(name, message.fields().get(name));
      }
    }
    message
        .fields()
        .forEach(
            (name, value) -> {
              if (name.startsWith(DETAIL) && TOLD.contains(name.substring(DETAIL.length()))) {
                event.put(name.substring(DETAIL.length()), value);
              }
            });
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings is always writable", e);
    }
  }

  static String signature(SecretKeySpec key, String id, String timestamp, String body) {
    String text = id + "." + timestamp + "." + body;
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return "v1,"
          + Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
