package org.symbolon.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.symbolon.events.PolledStream;
import org.symbolon.http.Backends;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Members;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Services;

/**
 * {@code POST /v1/streams/{stream}/poll}: a receiver asks for its Security Event Tokens, and says
 * what became of those before (RFC 8936 section 2).
 */
final class EventPoll {
  private static final String MAX = "maxEvents";
  private static final String ERRORS = "setErrs";
  private static final int MOST_TOLD = 300;

  private final Map<String, PolledStream> streams;
  private final Backends backends;

  /**
   * @param streams by name
   */
  EventPoll(Map<String, PolledStream> streams, Backends backends) {
    this.streams = streams;
    this.backends = backends;
  }

  Future<Reply> answer(Exchange exchange, Map<String, String> path) {
    String name = path.getOrDefault("stream", "");
    return exchange
        .body()
        .compose(
            body ->
                backends.admit(
                    exchange,
                    Services.Scope.EVENTS,
                    service ->
                        Optional.ofNullable(streams.get(name))
                            .filter(stream -> stream.isFor(service.name()))
                            .map(stream -> answer(exchange, stream, body))
                            .orElseGet(
                                () ->
                                    Future.succeededFuture(
                                        Reply.problem(Problems.streamUnknown())))));
  }

  private static Future<Reply> answer(Exchange exchange, PolledStream stream, Buffer body) {
    if (!MediaType.of(exchange).equals(MediaType.JSON)) {
      throw Members.refused("body", "is no JSON", "Send it as " + MediaType.JSON);
    }
    return exchange
        .await(stream.poll(request(Json.read(body))))
        .map(
            outcome ->
                switch (outcome) {
                  case PolledStream.Sets(Map<String, String> tokens, boolean isMore) -> {
                    ObjectNode answer = Json.object();
                    ObjectNode sets = answer.putObject("sets");
                    tokens.forEach(sets::put);
                    yield Reply.json(200, answer.put("moreAvailable", isMore));
                  }
                  case PolledStream.Unreachable _ -> Reply.unavailable();
                });
  }

  private static PolledStream.Request request(ObjectNode node) {
    // What it does not know a receiver may send all the same: the protocol is another's.
    List<String> known = List.of(MAX, "returnImmediately", "ack", ERRORS);
    Members members = new Members(node.retain(known), known);
    Map<String, String> refused = new HashMap<>();
    JsonNode errors = node.path(ERRORS);
    if (!errors.isMissingNode() && !errors.isObject()) {
      throw errors();
    }
    for (Map.Entry<String, JsonNode> error : errors.properties()) {
      JsonNode code = error.getValue().path("err");
      if (!code.isTextual()) {
        throw errors();
      }
      String told = code.asText() + ": " + error.getValue().path("description").asText();
      refused.put(error.getKey(), told.substring(0, Math.min(told.length(), MOST_TOLD)));
    }
    return new PolledStream.Request(
        most(node.path(MAX)),
        !members.flag("returnImmediately"),
        new HashSet<>(members.texts("ack")),
        refused);
  }

  private static int most(JsonNode wanted) {
    if (wanted.isMissingNode()) {
      return PolledStream.MOST;
    }
    if (!wanted.isIntegralNumber() || wanted.asLong() < 0) {
      throw Members.refused(MAX, "is no whole number from 0 on", "Send one, or leave it out");
    }
    return (int) Math.min(wanted.asLong(), PolledStream.MOST);
  }

  private static RuntimeException errors() {
    return Members.refused(
        ERRORS,
        "is no object of errors",
        "Send {\"<jti>\": {\"err\": \"<code>\", \"description\": \"...\"}}");
  }
}
