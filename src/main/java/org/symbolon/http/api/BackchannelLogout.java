package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.symbolon.events.ReceiveEvents;
import org.symbolon.events.SignedEvents;
import org.symbolon.http.Exchange;
import org.symbolon.http.Form;
import org.symbolon.http.Json;
import org.symbolon.http.RefusedRequest;
import org.symbolon.http.Reply;
import org.symbolon.session.SecretText;

/**
 * {@code POST /v1/backchannel-logout}: a provider ends a subject's sessions (OpenID Connect
 * Back-Channel Logout 1.0 sections 2.5 and 2.8). No credential is asked for: the token is signed.
 */
final class BackchannelLogout {
  private static final String TOKEN = "logout_token";

  private final ReceiveEvents events;

  BackchannelLogout(ReceiveEvents events) {
    this.events = events;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    return exchange.body().compose(body -> answer(exchange, body));
  }

  private Future<Reply> answer(Exchange exchange, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.FORM)) {
      return refused("Content-Type: send " + MediaType.FORM);
    }
    String token;
    try {
      Form form = Form.parse(body.toString(StandardCharsets.UTF_8), "body");
      token = form.one(TOKEN).orElse("");
    } catch (RefusedRequest e) {
      return refused(TOKEN + ": send it once, in a form that can be decoded");
    }
    if (token.isEmpty()) {
      return refused(TOKEN + ": send the logout token");
    }
    return exchange
        .await(events.receive(new SecretText(token), exchange.presenter("direct")))
        .compose(
            receipt ->
                switch (receipt) {
                  case ReceiveEvents.Taken _ -> Future.succeededFuture(Reply.empty(200));
                  case ReceiveEvents.Repeated _ ->
                      refused("jti: this token was used, and nothing was changed");
                  case SignedEvents.Refused(String claim, String mend) ->
                      refused(claim + ": " + mend);
                  case SignedEvents.Unreachable _ -> Future.succeededFuture(Reply.unavailable());
                });
  }

  /** RFC 6749 section 5.2, whose descriptions hold neither quotes nor backslashes. */
  private static Future<Reply> refused(String description) {
    return Future.succeededFuture(
        Reply.json(
            400,
            Json.object()
                .put("error", "invalid_request")
                .put("error_description", description.replaceAll("[\"\\\\]", "'"))));
  }
}
