package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.symbolon.events.ReceiveEvents;
import org.symbolon.events.SignedEvents;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Reply;
import org.symbolon.session.SecretText;

/**
 * {@code POST /v1/events}: a transmitter delivers one Security Event Token (RFC 8935 section 2). No
 * credential is asked for: the token is signed.
 */
final class SecurityEvents {
  private static final String TYPE = "application/secevent+jwt";

  private final ReceiveEvents events;

  SecurityEvents(ReceiveEvents events) {
    this.events = events;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    return exchange.body().compose(body -> answer(exchange, body));
  }

  private Future<Reply> answer(Exchange exchange, Buffer body) {
    if (!MediaType.of(exchange).equals(TYPE)) {
      return Future.succeededFuture(refused("invalid_request", "Content-Type: send " + TYPE));
    }
    SecretText token = new SecretText(body.toString(StandardCharsets.UTF_8));
    return exchange
        .await(events.receive(token, exchange.presenter("direct")))
        .map(
            receipt ->
                switch (receipt) {
                  // Whoever sends it again has not heard that it was taken.
                  case ReceiveEvents.Taken _, ReceiveEvents.Repeated _ -> Reply.empty(202);
                  case SignedEvents.Refused(String claim, String mend) ->
                      refused(code(claim), claim + ": " + mend);
                  case SignedEvents.Unreachable _ -> Reply.unavailable();
                });
  }

  /** RFC 8935 section 2.4. */
  private static String code(String claim) {
    return switch (claim) {
      case "iss" -> "invalid_issuer";
      case "aud" -> "invalid_audience";
      case "alg", "kid", "signature" -> "invalid_key";
      case "sub_id.iss", "sub_id.tenant" -> "access_denied";
      default -> "invalid_request";
    };
  }

  private static Reply refused(String code, String description) {
    return Reply.json(400, Json.object().put("err", code).put("description", description))
        .with("Content-Language", "en");
  }
}
