package org.symbolon.http.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.symbolon.http.CookieAttributes;
import org.symbolon.http.Exchange;
import org.symbolon.http.Problems;
import org.symbolon.http.Reply;
import org.symbolon.session.DeviceSessions;
import org.symbolon.session.DeviceSessions.Answer;
import org.symbolon.session.Unavailable;

/**
 * {@code /.session/dbsc/*}: where browsers prove the keys of their sessions. A browser takes any
 * other refusal than 403 and 503 for the end of its session, and a redirect as well.
 */
final class DeviceEndpoints {
  private final DeviceSessions devices;
  private final CookieAttributes cookie;
  private final String nearest;

  DeviceEndpoints(DeviceSessions devices, CookieAttributes cookie) {
    this.devices = devices;
    this.cookie = cookie;
    this.nearest = cookie.domain().isPresent() ? "same-site" : "same-origin";
  }

  Future<Reply> register(Exchange exchange, Map<String, String> path) {
    return answer(exchange, devices::register);
  }

  Future<Reply> refresh(Exchange exchange, Map<String, String> path) {
    return answer(exchange, devices::refresh);
  }

  /** Who may register sessions for the whole site. */
  Future<Reply> wellKnown(String json) {
    return Future.succeededFuture(json(json));
  }

  private Future<Reply> answer(
      Exchange exchange, Function<DeviceSessions.Request, CompletionStage<Answer>> judge) {
    DeviceSessions.Request request =
        new DeviceSessions.Request(
            exchange.request().headers()::getAll,
            exchange.hop().scheme() + "://" + exchange.hop().authority() + exchange.path(),
            exchange.presenter("direct"));
    return exchange
        .await(judge.apply(request))
        .map(answer -> reply(answer).with("Cross-Origin-Resource-Policy", nearest));
  }

  private Reply reply(Answer answer) {
    return switch (answer) {
      case DeviceSessions.Bound(var fields, String json, var value, var age) ->
          json(json).withAll(fields).with(cookie.bound(value, age));
      case DeviceSessions.Challenged(var fields) ->
          Reply.problem(Problems.deviceProofNeeded()).withAll(fields);
      case DeviceSessions.Over(String json) -> json(json);
      case DeviceSessions.Refused refused -> Reply.problem(Problems.of(refused));
      case Unavailable _ -> Reply.unavailable();
    };
  }

  private static Reply json(String json) {
    return Reply.content(200, "application/json", Buffer.buffer(json));
  }
}
