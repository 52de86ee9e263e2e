package org.symbolon.events;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.symbolon.session.SecretText;

/** Pushes ends of sessions as security events, by RFC 8935. */
public final class EventStream implements Target, AutoCloseable {
  private final Post post;
  private final Optional<SecretText> authorization;
  private final SessionRevoked tokens;

  /**
   * @param authorization the value of the field of that name, where the receiver asks for one
   * @throws IllegalArgumentException for an address that is neither https nor on this machine
   */
  public EventStream(
      URI uri, Optional<SecretText> authorization, SessionRevoked tokens, Duration timeout) {
    this.post = new Post(uri, timeout);
    this.authorization = authorization;
    this.tokens = tokens;
  }

  @Override
  public Answer tell(Message message) throws InterruptedException {
    if (!SessionRevoked.isTold(message)) {
      return new Accepted();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("Accept", "application/json");
    authorization.ifPresent(value -> fields.put("Authorization", value.reveal()));
    return post.send("application/secevent+jwt", fields, tokens.token(message));
  }

  @Override
  public void close() {
    post.close();
  }
}
