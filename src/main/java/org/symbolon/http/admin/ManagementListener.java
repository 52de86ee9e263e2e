package org.symbolon.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.symbolon.http.Json;
import org.symbolon.http.Listener;
import org.symbolon.http.ListenerSettings;
import org.symbolon.http.Reply;
import org.symbolon.http.Responder;
import org.symbolon.http.Routes;
import org.symbolon.session.Indicators;
import org.symbolon.session.Readiness;

/**
 * The listener for probes and metrics. It holds no secret, so it answers plaintext from anywhere;
 * probes and scrapers rarely come from loopback.
 */
public final class ManagementListener {
  private final Listener listener;
  private final List<Readiness> components;

  /**
   * @param metricsType the media type of the metrics' text
   */
  public ManagementListener(
      Vertx vertx,
      ListenerSettings settings,
      List<Readiness> components,
      Supplier<String> metrics,
      String metricsType,
      Indicators indicators) {
    this.components = List.copyOf(components);
    Responder responder = new Responder(indicators);
    Routes routes =
        new Routes()
            .add("GET", "/livez", (_, _) -> Future.succeededFuture(status(200, "ok")))
            .add("GET", "/readyz", (_, _) -> Future.succeededFuture(readiness()))
            .add(
                "GET",
                "/metrics",
                (_, _) ->
                    Future.succeededFuture(
                        Reply.content(200, metricsType, Buffer.buffer(metrics.get()))));
    this.listener =
        new Listener(
            vertx,
            "management",
            settings,
            responder,
            indicators,
            Listener.open(responder, routes, settings.limits()));
  }

  /** Listens; gives the bound port. */
  public Future<Integer> start() {
    return listener.start();
  }

  public Future<Void> close() {
    return listener.close();
  }

  private Reply readiness() {
    List<String> obstacles =
        components.stream().map(Readiness::obstacle).flatMap(Optional::stream).toList();
    if (obstacles.isEmpty()) {
      return status(200, "ok");
    }
    ObjectNode node = Json.object().put("status", "unready");
    ArrayNode array = node.putArray("obstacles");
    obstacles.forEach(array::add);
    return Reply.json(503, node);
  }

  private static Reply status(int code, String text) {
    return Reply.json(code, Json.object().put("status", text));
  }
}
