package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.symbolon.events.DeadLetter;
import org.symbolon.events.Message;
import org.symbolon.events.Receivers;
import org.symbolon.http.Exchange;
import org.symbolon.http.Json;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.Services.Service;

/** Who is told of events, and what they refused: of all tenants, so for whoever may act for all. */
final class ReceiverEndpoints {
  private final Receivers receivers;

  ReceiverEndpoints(Receivers receivers) {
    this.receivers = receivers;
  }

  Future<Reply> list(Exchange exchange, Service operator, Map<String, String> path) {
    return ofAll(exchange, operator, receivers::list);
  }

  Future<Reply> refused(Exchange exchange, Service operator, Map<String, String> path) {
    return ofAll(exchange, operator, () -> receivers.refused(name(path)));
  }

  Future<Reply> tellAgain(Exchange exchange, Service operator, Map<String, String> path) {
    return ofAll(exchange, operator, () -> receivers.tellAgain(name(path), id(path)));
  }

  Future<Reply> drop(Exchange exchange, Service operator, Map<String, String> path) {
    return ofAll(exchange, operator, () -> receivers.drop(name(path), id(path)));
  }

  private static String name(Map<String, String> path) {
    return path.getOrDefault("name", "");
  }

  private static String id(Map<String, String> path) {
    return path.getOrDefault("id", "");
  }

  private static Future<Reply> ofAll(
      Exchange exchange, Service operator, Supplier<CompletionStage<Receivers.Outcome>> ask) {
    return operator.mayActForAll()
        ? exchange.await(ask.get()).map(ReceiverEndpoints::reply)
        : Future.succeededFuture(Reply.problem(Problems.notForAllTenants()));
  }

  private static Reply reply(Receivers.Outcome outcome) {
    return switch (outcome) {
      case Receivers.Listed(List<Receivers.Line> lines) -> Reply.json(200, view(lines));
      case Receivers.Letters(List<DeadLetter> letters) -> Reply.json(200, letters(letters));
      case Receivers.Done _ -> Reply.empty(204);
      case Receivers.Unknown _ -> Reply.problem(Problems.messageUnknown());
      case Receivers.RefusedAgain(String why) -> Reply.problem(Problems.refusedAgain(why));
      case Receivers.Unreachable _ -> Reply.unavailable();
    };
  }

  private static ObjectNode view(List<Receivers.Line> lines) {
    ObjectNode node = Json.object();
    ArrayNode array = node.putArray("receivers");
    for (Receivers.Line line : lines) {
      ObjectNode one = array.addObject();
      one.put("name", line.name());
      line.told().ifPresent(told -> one.put("told", told));
      one.put("refused", line.refused());
    }
    return node;
  }

  private static ObjectNode letters(List<DeadLetter> letters) {
    ObjectNode node = Json.object();
    ArrayNode array = node.putArray("refused");
    for (DeadLetter letter : letters) {
      Message message = letter.message();
      ObjectNode one = array.addObject();
      one.put("id", message.id());
      one.put("type", message.action());
      for (String name : List.of("at", "tenant", "subject", "handle")) {
        if (message.fields().containsKey(name)) {
          one.put(name, message.fields().get(name));
        }
      }
      one.put("refused_at", letter.at().toString());
      one.put("attempts", letter.attempts());
      one.put("why", letter.why());
    }
    return node;
  }
}
